"""What of a result can be compared with a table: scale-free values whatever the method, millimetres where they hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from charted_reading import LENGTH_MM, RELIABLE, UNRELIABLE, VALUES, charted_reading
from fake_reading import fake_reading

from boneage.anatomy import TUBULAR_BONES
from boneage.result import MovedBone, PixelSpacing, ReaderCorrection
from boneage.result.measured_values import left_out_by_reader, measured_values, why_no_millimetres


def test_a_film_read_by_regression_has_its_values_and_lengths() -> None:
    values = measured_values(charted_reading().result)
    assert {name: values[name] for name in VALUES} == VALUES
    lengths = {name: value for name, value in values.items() if name.endswith("_mm")}
    assert lengths == {f"{bone}.joint_length_mm": LENGTH_MM for bone in TUBULAR_BONES}


@pytest.mark.parametrize(
    ("spacing", "joints", "why"),
    [
        (RELIABLE, True, None),
        (RELIABLE, False, "no_lengths"),
        (UNRELIABLE, True, "spacing_unreliable"),
        (PixelSpacing(), True, "spacing_unknown"),
    ],
)
def test_without_a_reliable_spacing_there_are_no_millimetres(
    spacing: PixelSpacing, joints: bool, why: str | None
) -> None:
    result = charted_reading(spacing=spacing, joints=joints).result
    assert why_no_millimetres(result) == why
    assert any(name.endswith("_mm") for name in measured_values(result)) == (why is None)


def test_a_result_of_before_has_what_its_age_was_looked_up_with() -> None:
    result = fake_reading().result
    assert not result.values
    assert measured_values(result)["metacarpal_3.length_ratio"] == 0.3


def test_what_a_reader_left_out_is_known_and_a_moved_bone_has_no_length_from_joint_to_joint() -> None:
    moved = MovedBone("metacarpal_2", ((1.0, 2.0), (3.0, 4.0)))
    correction = ReaderCorrection((moved,), excluded=("metacarpal_3", "carpals"))
    result = replace(charted_reading().result, reader_correction=correction)
    assert left_out_by_reader(result, "metacarpal_3.length_ratio")
    assert left_out_by_reader(result, "capitate.size_ratio")
    assert not left_out_by_reader(result, "metacarpal_4.length_ratio")
    assert not left_out_by_reader(charted_reading().result, "metacarpal_3.length_ratio")
    values = measured_values(result)
    assert "metacarpal_2.joint_length_mm" not in values
    assert "metacarpal_3.joint_length_mm" in values
