"""The table builder: recovers a known law, repeats itself to the byte, and rejects what it cannot use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from reference_films import built_table, films, law

from boneage.errors import TableError
from boneage.reference.build import BuildOptions, build_reference, build_table, read_films
from boneage.reference.calibrate import evaluate_lookup
from boneage.reference.measurement_table import LookupSettings, TableMetadata
from boneage.reference.table_file import write_table
from boneage.reference.tables import load_reference

QUICK = BuildOptions(folds=0, settings=LookupSettings(shrinkage=0.05))
META = TableMetadata("drawn", "1")


@pytest.mark.parametrize("sex", ["M", "F"])
def test_the_law_is_recovered(sex):
    table = built_table()
    cells = table.sexes[sex]
    inside = (cells.ages >= 36) & (cells.ages <= 210)
    for name, (mean, sd) in law(cells.ages, sex).items():
        row = table.measurements.index(name)
        known = inside & np.isfinite(cells.mean[row]) & (cells.n[row] >= 25)
        assert np.abs((cells.mean[row] - mean) / sd)[known].max() < 0.45, name
        assert np.abs(cells.sd[row] / sd - 1)[known].max() < 0.3, name


def test_the_residual_correlation_is_recovered():
    matrices = built_table().sexes["M"].correlation
    names = built_table().measurements
    a, b = names.index("metacarpal_3.length_ratio"), names.index("metacarpal_3.epiphysis_width_ratio")
    assert matrices[:, a, b] == pytest.approx(0.575, abs=0.15)  # 0.15 + 0.85 / 2


def test_cells_count_their_films_and_thin_ages_get_none():
    frame = films(1500, 31)
    table = build_table(frame, META, options=QUICK)
    cells, row = table.sexes["F"], table.measurements.index("distal_phalanx_5.epiphysis_width_ratio")
    girls = frame[(frame["sex"] == "F") & frame["distal_phalanx_5.epiphysis_width_ratio"].notna()]
    at = int(np.flatnonzero(cells.ages == 120)[0])
    assert cells.n[row, at] == (girls["bone_age_months"].sub(120).abs() <= 6).sum()
    assert np.isnan(cells.mean[row][cells.n[row] < 5]).all()  # the centre is not there yet: nothing is invented
    assert np.isnan(cells.mean[row]).any()
    assert cells.present[row, 0] < 0.2 and cells.present[row, at] > 0.9
    assert cells.ages[0] >= 18 and cells.ages[-1] <= 228


def _write(folder, frame):
    labels = frame[["id", "bone_age_months", "sex"]].assign(split="train")
    labels.loc[labels.index[-100:], "split"] = "tune"
    labels.to_csv(folder / "labels.csv", index=False)
    frame.drop(columns=["sex", "bone_age_months"]).to_csv(folder / "measured.csv.gz", index=False)
    return folder / "measured.csv.gz", folder / "labels.csv"


def test_files_repeat_to_the_byte_and_load_back(tmp_path):
    measured, labels = _write(tmp_path, films(700, 32))
    options = BuildOptions(folds=2, choose=False)
    names = ("again.csv", "again.correlation.csv", "again.json")
    for folder in ("first", "second"):
        table = build_reference(measured, labels, "train", tmp_path / folder, "again", options=options)
    assert [(tmp_path / "first" / n).read_bytes() == (tmp_path / "second" / n).read_bytes() for n in names] == [
        True
    ] * 3
    loaded = load_reference(tmp_path / "first" / "again.csv")
    assert loaded.metadata == table.metadata
    assert loaded.metadata.split == "train" and "--split train" in loaded.metadata.created_by
    assert set(loaded.metadata.inputs) == {"measured.csv.gz", "labels.csv"}
    assert loaded.units == table.units == ("ratio",) * 9
    assert np.allclose(loaded.sexes["M"].mean, table.sexes["M"].mean, rtol=1e-4, equal_nan=True)
    fresh = films(150, 33)
    assert evaluate_lookup(fresh, loaded).mad == pytest.approx(evaluate_lookup(fresh, table).mad, abs=0.1)


def test_another_film_changes_the_version(tmp_path):
    frame = films(400, 34)
    versions = []
    for folder, rows in (("a", frame), ("b", frame.iloc[1:])):
        (tmp_path / folder).mkdir()
        measured, labels = _write(tmp_path / folder, rows)
        versions.append(
            build_reference(measured, labels, "train", tmp_path / folder, "t", options=QUICK).metadata.version
        )
    assert versions[0] != versions[1]


def test_other_lookup_settings_change_the_version_though_the_cells_are_the_same(tmp_path):
    measured, labels = _write(tmp_path, films(400, 34))
    shy = replace(QUICK, settings=replace(QUICK.settings, shrinkage=0.9))
    tables = [
        build_reference(measured, labels, "train", tmp_path / folder, "t", options=options)
        for folder, options in (("a", QUICK), ("b", shy))
    ]
    assert (tmp_path / "a" / "t.csv").read_bytes() == (tmp_path / "b" / "t.csv").read_bytes()
    assert tables[0].metadata.version != tables[1].metadata.version


def test_only_the_named_split_is_used_and_order_does_not_matter(tmp_path):
    frame = films(300, 35)
    measured, labels = _write(tmp_path, frame)
    joined = read_films(measured, labels, "tune")
    assert list(joined["id"]) == list(frame["id"].iloc[-100:])
    shuffled = frame.sample(frac=1, random_state=1)
    shuffled.drop(columns=["sex", "bone_age_months"]).to_csv(tmp_path / "shuffled.csv", index=False)
    pd.testing.assert_frame_equal(read_films(tmp_path / "shuffled.csv", labels, "tune"), joined)


def _without(column):
    return lambda frame: frame.drop(columns=column)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_without("sex"), "table_missing_column"),
        (lambda f: f[["id", "sex", "bone_age_months"]], "table_missing_column"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "table_duplicate_film"),
        (lambda f: f.assign(bone_age_months=f["bone_age_months"] * 12), "table_age_out_of_range"),
        (lambda f: f.assign(bone_age_months=np.nan), "table_age_out_of_range"),
        (lambda f: f[f["sex"] == "F"], "too_few_films"),
    ],
)
def test_films_that_cannot_be_used_are_typed_errors(change, code):
    with pytest.raises(TableError) as caught:
        build_table(change(films(200, 36)), META, options=QUICK)
    assert caught.value.code == code and caught.value.remedy


def test_a_missing_file_is_a_typed_error(tmp_path):
    with pytest.raises(TableError) as caught:
        read_films(tmp_path / "no.csv", tmp_path / "labels.csv", "train")
    assert caught.value.code == "table_not_found"


def test_a_measurement_seldom_taken_is_left_out():
    frame = films(300, 37)
    frame["pisiform.area_ratio"] = np.where(np.arange(300) < 20, 0.1, np.nan)
    assert "pisiform.area_ratio" not in build_table(frame, META, options=QUICK).measurements


@pytest.mark.shared
def test_lengths_of_real_hands_are_worth_what_a_linear_fit_makes_of_them(shared_data):
    """Digital Hand Atlas, chronological age from 19 lengths, each film looked up in a table built without it."""
    hands = pd.read_csv(shared_data / "dha" / "hands_joint_segment_px.csv")
    hands = hands[hands["flag"].isna()]
    frame = pd.DataFrame(
        {
            "id": hands["dha_id"].astype(str),
            "sex": hands["sex"],
            "bone_age_months": hands["age_completed_years"] * 12 + 6,
        }
    )
    for column in [c for c in hands if c.endswith("_px") and not c.startswith("wrist")]:
        frame[column.replace("_px", ".joint_length_mm")] = hands[column] * 0.1
    frame = frame[frame["bone_age_months"] < frame["sex"].map({"M": 180, "F": 156})].reset_index(drop=True)
    part = np.arange(len(frame)) % 3
    squares = {"M": [], "F": []}
    for k in range(3):
        table = build_table(frame[part != k], META, options=BuildOptions(folds=0))
        for group in evaluate_lookup(frame[part == k], table).groups:
            if group.sex in squares and group.band[1] - group.band[0] > 200:
                squares[group.sex].append(group.rmse**2)
    rmse_years = {sex: np.sqrt(np.mean(values)) / 12 for sex, values in squares.items()}
    assert rmse_years["M"] < 1.1  # a linear fit: 0.95
    assert rmse_years["F"] < 1.0  # a linear fit: 0.86


def test_measurements_that_are_silent_by_definition_are_tabled_and_not_read(tmp_path):
    frame = films(600, 5)
    name = "metacarpal_3.shaft_length_ratio"
    frame[name] = frame["metacarpal_3.length_ratio"] * 0.93
    table = build_table(frame, META, options=QUICK)
    assert np.isfinite(table.sexes["M"].mean[table.measurements.index(name)]).any()
    assert table.settings.silent == {name}
    assert table.settings.presence_weights["M"][name] == 0
    assert name not in table.settings.anchors["M"].values()
    write_table(table, tmp_path, films={"M": 300, "F": 300})
    assert load_reference(tmp_path / "drawn.csv").settings.silent == {name}
