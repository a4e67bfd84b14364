"""Evaluation and calibration of a lookup."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from reference_films import built_table, films

from boneage.errors import TableError
from boneage.reference.calibrate import calibrate_temperature, evaluate_lookup
from boneage.reference.measurement_table import Curve


def test_a_table_whose_sds_are_too_small_is_tempered_until_its_intervals_hold():
    table = built_table()
    sexes = {sex: replace(cells, sd=cells.sd * 0.6) for sex, cells in table.sexes.items()}
    plain = replace(table.settings, temperature={}, correction={}, belts={})
    overconfident = replace(table, sexes=sexes, settings=plain)
    fresh = films(800, 21)
    assert evaluate_lookup(fresh, overconfident).coverage < 0.85
    tempered = calibrate_temperature(films(1500, 22), overconfident)
    assert min(curve.values.min() for curve in tempered.settings.temperature.values()) > 1.3
    assert evaluate_lookup(fresh, tempered).coverage == pytest.approx(0.95, abs=0.025)


def test_a_table_that_reads_everybody_older_is_corrected():
    table = built_table()
    shift = Curve(np.array([0.0]), np.array([9.0]))
    wrong = replace(table.settings, correction={"M": shift, "F": shift})
    moved = films(1200, 23)
    moved["bone_age_months"] = np.clip(moved["bone_age_months"] + 6, 0, 228)  # another reader, six months ahead
    assert evaluate_lookup(moved, replace(table, settings=replace(wrong, correction={}))).overall.bias < -4.5
    corrected = calibrate_temperature(moved, replace(table, settings=wrong))
    fresh = films(600, 24)
    fresh["bone_age_months"] = np.clip(fresh["bone_age_months"] + 6, 0, 228)
    assert abs(evaluate_lookup(fresh, corrected).overall.bias) < 1.5


def test_scores_are_those_of_their_definition_and_bands_add_up():
    frame = films(300, 25)
    evaluation = evaluate_lookup(frame, built_table())
    bands = [g for g in evaluation.groups if g.sex != "all" and g.band[1] - g.band[0] < 100]
    assert sum(group.films for group in bands) == evaluation.overall.films == 300
    weighted = sum(group.mad * group.films for group in bands) / 300
    assert weighted == pytest.approx(evaluation.mad)


def test_films_without_measurements_are_counted_not_dropped():
    frame = films(40, 26)
    names = list(frame.columns[3:])
    frame.loc[:4, names] = np.nan
    evaluation = evaluate_lookup(frame, built_table())
    assert (evaluation.overall.films, evaluation.overall.failed) == (35, 5)
    frame[names] = np.nan
    with pytest.raises(TableError) as caught:
        evaluate_lookup(frame, built_table())
    assert caught.value.code == "nothing_to_evaluate"


def test_an_unknown_sex_is_a_typed_error():
    frame = films(4, 27)
    frame["sex"] = "boy"
    with pytest.raises(TableError) as caught:
        evaluate_lookup(frame, built_table())
    assert caught.value.code == "table_unknown_sex"


def test_a_table_that_ends_later_than_the_films_may_be_is_calibrated_too():
    table = built_table()
    later = {
        sex: replace(
            cells,
            ages=np.append(cells.ages, 240.0),
            mean=_one_more(cells.mean),
            sd=_one_more(cells.sd),
            n=_one_more(cells.n),
            present=_one_more(cells.present),
        )
        for sex, cells in table.sexes.items()
    }
    fitted = calibrate_temperature(films(600, 26), replace(table, sexes=later))
    assert set(fitted.settings.temperature) == {"M", "F"}


def _one_more(cells):
    return np.hstack([cells, cells[:, -1:]])
