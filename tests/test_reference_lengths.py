"""Published bone lengths."""

from __future__ import annotations

import pytest

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.reference.lengths import adult_lengths, hand_atlas_lengths
from boneage.reference.paths import reference_dir


def test_adult_lengths_are_those_of_the_publication():
    lengths = adult_lengths()
    assert set(lengths) == set(TUBULAR_BONES)
    assert (lengths["metacarpal_2"].mean_mm, lengths["metacarpal_2"].sd_mm) == (68.1, 6.3)
    assert [bone for bone, length in lengths.items() if length.disputed] == ["proximal_phalanx_5"]


def test_hand_atlas_lengths_are_millimetres_on_the_inferred_scale_and_say_so():
    table = hand_atlas_lengths()
    assert set(table.units) == {"mm"}
    assert "inferred" in table.metadata.notes and "joint to joint" in table.metadata.notes
    # girls of 9 completed years: metacarpal 1 has a mean of 373.3 px and an SD of 24.9 px
    assert table.expected("metacarpal_1.joint_length_mm", 9 * 12 + 6, "F") == pytest.approx((37.33, 2.49))
    assert table.expected("metacarpal_1.joint_length_mm", 60, "F") is None


def test_by_bone_age_the_groups_stand_at_their_rounded_year():
    table = hand_atlas_lengths("bone_age")
    assert table.expected("metacarpal_1.joint_length_mm", 108, "F") == pytest.approx((36.68, 1.72))
    assert table.expected("metacarpal_1.joint_length_mm", 107.9, "F") is None


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


def test_a_hand_atlas_table_with_a_hole_is_a_typed_error(tmp_path):
    name = "dha_segment_px_by_age.csv"
    lines = (reference_dir() / "dha_derived" / name).read_text(encoding="utf-8").splitlines()
    (tmp_path / "dha_derived").mkdir()
    (tmp_path / "dha_derived" / name).write_text("\n".join(lines[:5] + lines[6:]), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        hand_atlas_lengths(folder=tmp_path)
    assert caught.value.code == "table_gap"
