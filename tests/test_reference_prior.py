"""The prior over age: flat or the population's, stated and switchable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from reference_films import built_table, films, true_values

from boneage.errors import TableError, UsageError
from boneage.options import EstimateOptions
from boneage.reference.build import BuildOptions, build_table
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import TableMetadata
from boneage.reference.population import population_curve
from boneage.reference.table_file import write_table
from boneage.reference.tables import load_reference

WEAK = "carpals.area_ratio"


def test_the_population_is_the_smoothed_share_of_films():
    rng = np.random.default_rng(3)
    curve = population_curve(np.clip(rng.normal(150, 30, 4000), 0, 228))
    months = np.arange(0.0, 228.5, 0.5)
    values = curve.at(months)
    assert values.min() > 0
    assert values.mean() == pytest.approx(1, abs=0.01)
    assert months[np.argmax(values)] == pytest.approx(150, abs=9)
    assert values[months == 150] / values[months == 90] == pytest.approx(np.exp(2), rel=0.45)  # smoothing widens it
    flat = population_curve(np.tile(np.arange(0.0, 229), 10)).at(months)
    assert flat == pytest.approx(np.ones_like(flat), abs=0.03)  # reflected: nothing is lost at the ends


def test_weak_evidence_is_drawn_to_the_bulk_and_flat_stays_as_it_was():
    table = built_table()
    ages = np.random.default_rng(5).normal(115, 15, 2000)
    bulk = replace(table.settings, population={s: population_curve(ages) for s in ("M", "F")}, belts={})
    lookup, drawing = (AgeLookup(replace(table, settings=bulk), prior=prior) for prior in ("flat", "population"))
    everything, weak = true_values(80, "M"), {WEAK: true_values(80, "M")[WEAK]}
    flat = lookup.posterior(weak, "M")
    drawn = drawing.posterior(weak, "M")
    assert (flat.prior, drawn.prior) == ("flat", "population")
    assert drawn.months > flat.months + 3
    strong = drawing.posterior(everything, "M").months - lookup.posterior(everything, "M").months
    assert 0 <= strong < drawn.months - flat.months
    without = replace(bulk, population={})
    assert AgeLookup(replace(table, settings=without)).posterior(weak, "M").months == flat.months


def test_a_table_without_population_says_so():
    table = built_table()
    with pytest.raises(TableError) as caught:
        AgeLookup(replace(table, settings=replace(table.settings, population={})), prior="population")
    assert caught.value.code == "reference_no_population"


def test_an_unknown_prior_is_wrong_usage():
    assert EstimateOptions().prior == "flat"
    with pytest.raises(UsageError) as caught:
        EstimateOptions(prior="informed")
    assert caught.value.code == "unknown_prior"


def test_population_belts_and_part_temperatures_survive_the_file(tmp_path):
    table = build_table(
        films(320, 71), TableMetadata("kept", ""), options=BuildOptions(folds=2, choose=False, min_films=20)
    )
    write_table(table, tmp_path)
    loaded, built = load_reference(tmp_path / "kept.csv").settings, table.settings
    assert set(loaded.population) == {"M", "F"} and set(loaded.belts) == {"flat", "population"}
    assert loaded.population["F"].at(100.0) == pytest.approx(built.population["F"].at(100.0), abs=1e-3)
    assert loaded.part_temperature == built.part_temperature and "carpals" in loaded.part_temperature["M"]
    for prior in ("flat", "population"):
        kept, own = loaded.belts[prior]["M"], built.belts[prior]["M"]
        assert kept.interval(100.0, 8.0) == pytest.approx(own.interval(100.0, 8.0), abs=0.51)


@pytest.mark.parametrize("damage", [("high", "low"), ("low", None)])
def test_a_belt_that_is_none_is_a_typed_error(tmp_path, damage):
    import json

    write_table(built_table(), tmp_path)
    path = tmp_path / "drawn.json"
    content = json.loads(path.read_text())
    belt = content["lookup"]["belts"]["flat"]["M"]
    if damage[1] is None:
        del belt["low"]
    else:
        belt["low"], belt["high"] = belt["high"], belt["low"]
    path.write_text(json.dumps(content))
    with pytest.raises(TableError) as caught:
        load_reference(tmp_path / "drawn.csv")
    assert caught.value.code == "table_metadata"
