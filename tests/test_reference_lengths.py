"""Published bone lengths of adults, and the tables of the Digital Hand Atlas."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.reference.lengths import JOINT_LENGTH_TABLES, adult_lengths, hand_atlas_lengths
from boneage.reference.paths import reference_dir
from boneage.reference.tables import list_references

AXES = ("bone_age", "chronological_age")


def test_adult_lengths_are_those_of_the_publication():
    lengths = adult_lengths()
    assert set(lengths) == set(TUBULAR_BONES)
    assert (lengths["metacarpal_2"].mean_mm, lengths["metacarpal_2"].sd_mm) == (68.1, 6.3)
    assert [bone for bone, length in lengths.items() if length.disputed] == ["proximal_phalanx_5"]


@pytest.mark.parametrize("axis", AXES)
def test_hand_atlas_lengths_are_millimetres_on_the_inferred_scale_and_say_so(axis):
    table = hand_atlas_lengths(axis)
    assert table.name in list_references()
    assert table.measurements == tuple(f"{bone}.joint_length_mm" for bone in TUBULAR_BONES)
    assert set(table.units) == {"mm"}
    assert "inferred scale" in table.metadata.notes and "joint to joint" in table.metadata.notes
    assert table.metadata.age_axis == axis
    assert table.metadata.created_by == "boneage reference build-dha"
    assert set(JOINT_LENGTH_TABLES) == set(AXES)


@pytest.mark.parametrize("axis", AXES)
def test_every_cell_rests_on_hands_and_says_on_how_many(axis):
    for sex in ("M", "F"):
        cells = hand_atlas_lengths(axis).sexes[sex]
        assert cells.ages[0] == 108 and cells.ages[-1] >= 216
        assert np.isfinite(cells.mean).all() and (cells.n >= 15).all()


@pytest.mark.parametrize(
    ("axis", "file", "column", "offset"),
    [
        ("chronological_age", "dha_segment_px_by_age.csv", "age_completed_years", 6),
        ("bone_age", "dha_segment_px_by_manual_bone_age.csv", "bone_age_years_rounded", 0),
    ],
)
def test_the_smooth_means_run_through_the_raw_ones(axis, file, column, offset):
    """The raw group means were computed elsewhere from the same hands; a mean of n hands strays by SD / sqrt(n)."""
    table = hand_atlas_lengths(axis)
    strays = []
    with (reference_dir() / "dha_derived" / file).open(newline="") as lines:
        for row in csv.DictReader(lines):
            age = float(row[column]) * 12 + offset
            expected = table.expected(f"{row['segment']}.joint_length_mm", age, row["sex"])
            if expected is not None and int(row["n"]) >= 15:
                strays.append((float(row["mean_px"]) * 0.1 - expected[0]) / expected[1] * np.sqrt(int(row["n"])))
    assert len(strays) >= 300
    assert abs(np.mean(strays)) < 0.3
    assert np.sqrt(np.mean(np.square(strays))) < 1.5


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("metacarpal,1,", "metatarsal,1,", "table_unknown_bone"),
        ("metacarpal,1,", "metacarpal,2,", "table_duplicate_cell"),
        ("46.2,3.9", "46.2,0", "table_sd_not_positive"),
    ],
)
def test_a_broken_adult_table_is_a_typed_error(tmp_path, old, new, code):
    name = "adult_buryanov_kotiuk2010_bone_lengths_mm.csv"
    text = (reference_dir() / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        adult_lengths(folder=tmp_path)
    assert caught.value.code == code
