"""Millimetres: only with a pixel size that can be relied on."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from boneage.anatomy import TUBULAR_BONES
from boneage.measurement.measure import measure
from boneage.measurement.millimetres import MILLIMETRE_KINDS, believed, millimetre_values
from boneage.measurement.phantom import bone_map_of, phantom_hand
from boneage.radiograph.radiograph import NO_SPACING, Radiograph, Spacing

FILM = Radiograph(np.zeros((8, 8), np.float32), "PNG", "ab" * 32)
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


def film_of(metacarpal_3_mm: float, **changes: Any) -> Radiograph:
    """A film whose pixel size makes the third metacarpal so long (film and frame pixels being the same)."""
    bone = next(bone for bone in MEASURED.bones if bone.bone == "metacarpal_3")
    spacing = Spacing(metacarpal_3_mm / bone.length_px, "user", True, "given")
    return dataclasses.replace(FILM, spacing=dataclasses.replace(spacing, **changes))


@pytest.mark.parametrize("mm", [11.0, 45.0, 80.0, 89.0])
def test_a_pixel_size_that_makes_a_hand_is_believed(mm: float) -> None:
    film = film_of(mm)
    assert believed(film, MEASURED, 1.0) is film


@pytest.mark.parametrize("reliable", [True, False])
@pytest.mark.parametrize("mm", [3.2, 9.0, 91.0, 300.0])
def test_a_pixel_size_that_no_hand_has_is_left_out_with_the_reason(mm: float, reliable: bool) -> None:
    found = believed(film_of(mm, reliable=reliable), MEASURED, 1.0)
    assert (found.spacing.mm, found.spacing.source, found.spacing.reliable) == (None, "withdrawn", False)
    (notice,) = found.notices
    assert (notice.code, notice.severity) == ("impossible_length", "warning")
    assert f"{mm:.1f} mm" in notice.message
    assert notice.message in found.spacing.message
    assert millimetre_values(MEASURED, 1.0, found.spacing) == {}


def test_the_scale_of_the_film_counts() -> None:
    assert believed(film_of(45.0), MEASURED, 4.0).spacing.mm is None
    assert believed(film_of(300.0), MEASURED, 0.2).spacing.mm is not None


def test_without_a_whole_third_metacarpal_its_neighbour_is_judged() -> None:
    bones = tuple(dataclasses.replace(bone, cut=bone.bone == "metacarpal_3") for bone in MEASURED.bones)
    neighbours = dataclasses.replace(MEASURED, bones=bones)
    assert believed(film_of(300.0), neighbours, 1.0).spacing.mm is None
    assert believed(film_of(45.0), neighbours, 1.0).spacing.mm is not None
    none = dataclasses.replace(MEASURED, bones=())
    assert believed(film_of(300.0), none, 1.0).spacing.mm is not None, "nothing is known against it"


def test_no_pixel_size_is_none_to_doubt() -> None:
    assert believed(FILM, MEASURED, 1.0) is FILM
