"""Tables from few films: finite and sensible over the whole range, and less sure than tables from many."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from reference_films import built_table, films, true_values

from boneage.errors import TableError
from boneage.reference.build import BuildOptions, build_table
from boneage.reference.calibrate import evaluate_lookup
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import MeasurementTable, TableMetadata
from boneage.reference.smooth import segments_for

META = TableMetadata("few", "1")


@lru_cache(maxsize=1)
def table_of_fifty() -> MeasurementTable:
    return build_table(films(50, 61), META, options=BuildOptions(min_films=10))


def test_twenty_five_films_a_sex_give_every_age_an_answer():
    table = table_of_fifty()
    for sex in ("M", "F"):
        cells = table.sexes[sex]
        assert cells.ages[0] <= 24 and cells.ages[-1] >= 216
        assert (cells.sd[np.isfinite(cells.sd)] > 0).all()
        lookup = AgeLookup(table)
        found = [lookup.posterior(true_values(age, sex), sex) for age in range(30, 217, 12)]
        months = np.array([answer.months for answer in found])
        assert np.isfinite([answer.interval_95 for answer in found]).all()
        assert np.abs(months - np.arange(30, 217, 12)).max() < 24
        assert (np.diff(months) > 0).mean() > 0.9


def test_few_films_cost_months_and_the_interval_says_so():
    fresh = films(400, 62)
    few, many = evaluate_lookup(fresh, table_of_fifty()), evaluate_lookup(fresh, built_table())
    assert many.mad < few.mad < 14
    assert few.overall.width > many.overall.width
    assert few.coverage > 0.88


def test_few_films_are_refused_unless_they_are_asked_for():
    with pytest.raises(TableError) as caught:
        build_table(films(50, 61), META)
    assert caught.value.code == "too_few_films"
    with pytest.raises(TableError) as caught:
        BuildOptions(min_films=3)
    assert caught.value.code == "too_few_films"


def test_curves_are_stiffer_where_films_are_few():
    assert [segments_for(n) for n in (10, 50, 100, 240, 5000)] == [4, 5, 10, 24, 24]
