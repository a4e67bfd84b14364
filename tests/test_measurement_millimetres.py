"""Millimetres: only with a pixel size that can be relied on."""

from __future__ import annotations

import dataclasses

import pytest

from boneage.anatomy import TUBULAR_BONES
from boneage.measurement.measure import measure
from boneage.measurement.millimetres import MILLIMETRE_KINDS, millimetre_values
from boneage.measurement.phantom import bone_map_of, phantom_hand
from boneage.radiograph.radiograph import NO_SPACING, Spacing

MEASURED = measure(bone_map_of(phantom_hand()))
KNOWN = Spacing(0.15, "user", True, "given")


def test_each_kind_of_length_of_each_tubular_bone() -> None:
    values = millimetre_values(MEASURED, 4.0, KNOWN)
    assert set(values) == {f"{bone}.{kind}" for bone in TUBULAR_BONES for kind in MILLIMETRE_KINDS}
    bone = next(bone for bone in MEASURED.bones if bone.bone == "middle_phalanx_3")
    joint = next(joint for joint in MEASURED.joint_lengths if joint.bone == "middle_phalanx_3")
    assert values["middle_phalanx_3.length_mm"] == pytest.approx(bone.length_px * 4 * 0.15)
    assert values["middle_phalanx_3.shaft_length_mm"] == pytest.approx(bone.shaft_length_px * 4 * 0.15)
    assert values["middle_phalanx_3.joint_length_mm"] == pytest.approx(joint.length_px * 4 * 0.15)


@pytest.mark.parametrize("spacing", [NO_SPACING, Spacing(0.15, "pixel_spacing_uncalibrated", False, "uncertain")])
def test_none_without_a_reliable_pixel_size(spacing: Spacing) -> None:
    assert millimetre_values(MEASURED, 4.0, spacing) == {}


def test_a_cut_bone_has_no_length() -> None:
    bones = tuple(dataclasses.replace(bone, cut=bone.bone == "metacarpal_2") for bone in MEASURED.bones)
    values = millimetre_values(dataclasses.replace(MEASURED, bones=bones), 1.0, KNOWN)
    assert "metacarpal_2.length_mm" not in values and "metacarpal_3.length_mm" in values
