"""Ages of single bones, and the pattern profile."""

from __future__ import annotations

import time

import numpy as np
import pytest
from reference_films import built_table, films, true_values

from boneage.anatomy import BONES, CARPALS
from boneage.reference.bone_ages import bone_of
from boneage.reference.calibrate import film_values
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import (
    LookupSettings,
    MeasurementTable,
    SexTable,
    TableMetadata,
)
from boneage.reference.pattern_profile import own_hand_scores, robust_mean


@pytest.fixture(scope="module")
def lookup():
    return AgeLookup(built_table())


def test_each_bone_is_dated_by_its_own_measurements_alone(lookup):
    values = true_values(130, "M")
    younger = true_values(70, "M")
    part = "middle_phalanx_4"
    late = {name: younger[name] if name.startswith(part) else value for name, value in values.items()}
    ages = {age.part: age for age in lookup.explain(late, "M").bone_ages}
    usual = {age.part: age for age in lookup.explain(values, "M").bone_ages}
    assert list(ages) == ["metacarpal_3", "proximal_phalanx_2", "middle_phalanx_4", "distal_phalanx_5", "carpals"]
    assert ages[part].months < usual[part].months - 30
    assert ages[part].interval_95[1] < 130 < usual[part].interval_95[1]
    assert all(ages[other] == usual[other] for other in ages if other != part)


def test_their_intervals_hold_nearly_all_films(lookup):
    frame = films(300, 81)
    held = []
    for values, sex, known in zip(
        film_values(frame, lookup.table.measurements), frame["sex"], frame["bone_age_months"], strict=True
    ):
        intervals = [age.interval_95 for age in lookup.explain(values, sex).bone_ages]
        held += [low <= known <= high for low, high in intervals]
    assert 0.93 <= np.mean(held) <= 0.975


def test_named_carpals_count_as_one_part():
    assert {bone_of(f"{name}.area_ratio") for name in (*CARPALS, "carpals")} == {"carpals"}
    assert bone_of("radius.gap_ratio") == "radius"


def _full_table(count=7):
    """All bones and the carpals with seven measurements each."""
    names = tuple(f"{part}.kind_{i}" for part in (*BONES, "carpals") for i in range(count))
    ages = np.arange(0.0, 229, 12)
    mean = np.tile(0.1 * ages, (len(names), 1))
    blank = np.full(mean.shape, np.nan)
    matrix = 0.7 * np.eye(len(names)) + 0.3
    knots = np.array([30.0, 72.0, 114.0, 156.0, 198.0])
    cells = SexTable(ages, mean, np.ones(mean.shape), blank, blank, knots, np.tile(matrix, (5, 1, 1)))
    settings = LookupSettings(shrinkage=0.1)
    return MeasurementTable(TableMetadata("full", "1"), names, ("ratio",) * len(names), {"M": cells}, settings)


def test_all_bones_together_take_milliseconds():
    lookup = AgeLookup(_full_table())
    values = dict.fromkeys(lookup.table.measurements, 12.0)
    lookup.explain(values, "M")
    plain, explained = (
        min(_seconds(lambda call=call: call(values, "M")) for _ in range(7))
        for call in (lookup.posterior, lookup.explain)
    )
    assert explained - plain < 0.06  # some 5 ms on an idle core; generous for a busy machine


def _seconds(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def _length_table(correlation):
    names = tuple(f"{bone}.length_ratio" for bone in BONES[:8])
    ages = np.arange(0.0, 229, 12)
    mean = np.tile(10 + 0.1 * ages, (8, 1))
    blank = np.full(mean.shape, np.nan)
    matrix = (1 - correlation) * np.eye(8) + correlation
    cells = SexTable(ages, mean, np.ones(mean.shape), blank, blank, ages[:1], matrix[None])
    settings = LookupSettings(shrinkage=0.0)
    return MeasurementTable(TableMetadata("lengths", "1"), names, ("ratio",) * 8, {"M": cells}, settings)


def test_one_short_bone_is_flagged_and_a_hand_that_is_small_as_a_whole_is_not():
    lookup = AgeLookup(_length_table(0.5))
    names = lookup.table.measurements
    even = lookup.explain(dict.fromkeys(names, 22.0), "M").pattern
    assert [entry.bone for entry in even] == list(BONES[:8])
    assert not any(entry.flagged for entry in even)
    assert [entry.z_own_hand for entry in even] == pytest.approx([0.0] * 8, abs=1e-6)
    short = lookup.explain({**dict.fromkeys(names, 22.0), names[3]: 19.0}, "M").pattern
    assert [entry.bone for entry in short if entry.flagged] == ["metacarpal_4"]
    assert short[3].z_own_hand < -3


def test_the_own_hand_sd_is_that_of_the_difference():
    rng = np.random.default_rng(4)
    matrix = 0.4 * np.eye(19) + 0.6
    drawn = rng.multivariate_normal(np.zeros(19), matrix, size=4000)
    own = np.array([own_hand_scores(z, matrix) for z in drawn])
    assert own.std() == pytest.approx(1.0, abs=0.04)
    assert np.mean(np.abs(own) > 2) == pytest.approx(0.0455, abs=0.01)


def test_the_level_of_a_hand_does_not_follow_one_strange_bone():
    z = np.array([0.1, -0.2, 0.0, 0.3, -0.1, 9.0])
    assert abs(robust_mean(z)) < 0.25
    assert robust_mean(np.array([1.0, 2.0, 3.0])) == pytest.approx(2.0)
    assert robust_mean(np.full(5, 1.5)) == pytest.approx(1.5)


def test_few_lengths_make_no_profile():
    lookup = AgeLookup(_length_table(0.5))
    assert lookup.explain(dict.fromkeys(lookup.table.measurements[:4], 22.0), "M").pattern == ()
