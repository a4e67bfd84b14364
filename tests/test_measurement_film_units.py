"""From the hand frame to film pixels and millimetres."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.measurement.film_units import to_film
from boneage.measurement.measure import measure
from boneage.measurement.phantom import CARPAL_DISCS, bone_map_of, phantom_hand
from boneage.radiograph.radiograph import NO_SPACING, Spacing
from boneage.segmentation.bone_map import HandFrame

SPACING = Spacing(0.15, "user", True, "given by the user")


def frame(*, scale: float = 1.0, degrees: float = 0.0, mirrored: bool = False) -> HandFrame:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    return HandFrame(matrix=np.column_stack((linear, [900.0, 120.0])), shape=(512, 384))


FRAMES = {
    "same": frame(),
    "scaled": frame(scale=3.7),
    "turned": frame(degrees=133),
    "mirrored": frame(mirrored=True),
    "all": frame(scale=4.2, degrees=-71, mirrored=True),
}


@pytest.mark.parametrize("name", FRAMES)
def test_bones_on_the_film(name: str) -> None:
    hand_frame = FRAMES[name]
    measured = measure(bone_map_of(phantom_hand(), carpals=CARPAL_DISCS))
    film = to_film(measured, hand_frame, SPACING)
    assert [bone.bone for bone in film.bones] == [bone.bone for bone in measured.bones]
    for bone, source, drawn in zip(film.bones, measured.bones, phantom_hand(), strict=True):
        ends = np.array(bone.endpoints)
        assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(bone.length_px)
        assert bone.length_px == pytest.approx(source.length_px * hand_frame.scale)
        assert bone.length_mm == pytest.approx(bone.length_px * 0.15)  # type: ignore[operator]
        assert bone.epiphysis_width_px == pytest.approx(source.epiphysis_width_px * hand_frame.scale)
        assert bone.gap_mm == pytest.approx(source.gap_px * hand_frame.scale * 0.15)
        assert bone.plate_contrast == source.plate_contrast
        tip = hand_frame.to_film(np.array([drawn.tip]))[0]
        assert ends[1] == pytest.approx(tip, abs=1.5 * hand_frame.scale)
        back = hand_frame.from_film(np.array(bone.shaft_endpoints))
        assert back == pytest.approx(np.array(source.shaft_endpoints))
        assert bone.length_comparable == (bone.bone not in {"radius", "ulna"})
    assert film.carpals.area_px2 == pytest.approx(measured.carpals.area_px2 * hand_frame.scale**2)
    assert film.carpals.area_mm2 == pytest.approx(film.carpals.area_px2 * 0.15**2)
    assert film.carpals.height_mm == pytest.approx(measured.carpals.height_px * hand_frame.scale * 0.15)
    assert film.carpals.centres == 5


def test_without_spacing_there_are_no_millimetres() -> None:
    film = to_film(measure(bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)), frame(scale=2), NO_SPACING)
    for bone in film.bones:
        assert bone.length_mm is None
        assert bone.gap_mm is None
        assert bone.length_px is not None
    assert film.carpals.area_mm2 is None
    assert film.carpals.region_area_mm2 is None
    assert film.carpals.height_mm is None


def test_what_is_not_measured_is_none() -> None:
    film = to_film(measure(bone_map_of(phantom_hand(epiphyses=False)[:1])), frame(), SPACING)
    assert film.bones[0].epiphysis_width_px is None
    assert film.bones[0].epiphysis_width_mm is None
    assert film.bones[0].plate_contrast is None
    assert film.carpals.region_area_px2 is None
    assert film.carpals.region_area_mm2 is None
