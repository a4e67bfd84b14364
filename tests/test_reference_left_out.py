"""Films looked up in a table that was fitted without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cli_runs import Runner
from reference_films import films

from boneage.reference.build import BuildOptions, build_table
from boneage.reference.calibrate import looked_up
from boneage.reference.cross_fit import deal_folds
from boneage.reference.fit_table import fit_table
from boneage.reference.left_out import looked_up_without
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.metadata_file import TableMetadata
from boneage.reference.table_file import write_table

FILMS = films(160, 5, spread=2.0)


@pytest.fixture(scope="module")
def table() -> MeasurementTable:
    return build_table(FILMS, TableMetadata("t", "1"), options=BuildOptions(folds=2, choose=False, min_films=20))


def test_each_part_is_looked_up_in_a_table_of_the_others(table: MeasurementTable) -> None:
    found = looked_up_without(FILMS, table, folds=3, min_films=20)
    fold = deal_folds(FILMS, 3)
    others = fit_table(FILMS[fold != 1], table.measurements, table.metadata, table.settings, min_films=20)
    own = others.settings
    settings = replace(table.settings, presence_weights=own.presence_weights, anchors=own.anchors)
    expected = looked_up(FILMS[fold == 1], replace(others, settings=settings))
    np.testing.assert_allclose(found[fold == 1], expected)


def test_a_table_knows_its_own_films_better(table: MeasurementTable) -> None:
    known = FILMS["bone_age_months"].to_numpy()
    seen, unseen = (
        np.nanmean(np.abs(ages[:, 0] - known))
        for ages in (looked_up(FILMS, table), looked_up_without(FILMS, table, folds=4, min_films=20))
    )
    assert seen < unseen < 2 * seen


def test_the_check_can_leave_films_out(run: Runner, table: MeasurementTable, tmp_path) -> None:
    write_table(table, tmp_path)
    FILMS[["id", "sex", "bone_age_months"]].assign(split="train").to_csv(tmp_path / "labels.csv", index=False)
    FILMS.drop(columns=["sex", "bone_age_months"]).to_csv(tmp_path / "measured.csv", index=False)
    words = ("reference", "check", tmp_path / "measured.csv", tmp_path / "labels.csv", "--split", "train")
    whole, parts = (run(*words, "--reference", tmp_path / "t.csv", *more) for more in ((), ("--folds", 4)))
    assert whole.code == parts.code == 0
    assert "--folds 4" in parts.out
    assert "--folds" not in whole.out
    assert whole.out.splitlines()[-1] != parts.out.splitlines()[-1]
