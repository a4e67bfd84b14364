"""The same hand on a grid twice as fine has the same measurements."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from boneage.anatomy import LABEL_VALUES, epiphysis_of
from boneage.measurement.fineness import fineness_of, to_pixels, to_units
from boneage.measurement.measure import measure
from boneage.measurement.measurements import Measurements
from boneage.measurement.phantom import CARPAL_DISCS, DrawnBone, bone_map_of, phantom_hand
from boneage.segmentation.bone_map import BoneMap


def doubled(hand: BoneMap) -> BoneMap:
    """Repeat every pixel twice along both sides."""

    def twice(image: np.ndarray) -> np.ndarray:
        return image.repeat(2, axis=0).repeat(2, axis=1)

    joints = {name: (2 * x + 0.5, 2 * y + 0.5) for name, (x, y) in hand.joints.items()}
    return dataclasses.replace(hand, labels=twice(hand.labels), pixels=twice(hand.pixels), joints=joints)


@pytest.fixture(scope="module")
def both() -> tuple[Measurements, Measurements]:
    hand = bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)
    return measure(hand), measure(doubled(hand))


def test_a_grid_of_twice_the_rows_is_twice_as_fine() -> None:
    assert [fineness_of(shape) for shape in ((384, 320), (768, 640), (512, 384), (1152, 960), (190, 190))] == [
        1,
        2,
        1,
        3,
        1,
    ]


def test_units_keep_to_pixel_edges() -> None:
    corners = np.array([[0.0, 0.0], [1.0, 1.0]])  # the first two pixels of a fine row make up the first unit
    assert to_units(corners, 2).mean(axis=0) == pytest.approx([0.0, 0.0])
    assert to_pixels(to_units(corners, 2), 2) == pytest.approx(corners)
    np.testing.assert_array_equal(to_units(corners + 0.3, 1), corners + 0.3)


def test_scale_free_values_do_not_depend_on_the_grid(both: tuple[Measurements, Measurements]) -> None:
    coarse, fine = both
    assert set(coarse.values) == set(fine.values)
    for name, value in coarse.values.items():
        # Interpolation blurs a thin dark line less on the finer grid; the stair-steps of a lens's tips are doubled.
        grey = (".plate_contrast", ".fusion", ".epiphysis_width_ratio")
        near = 0.06 if name.endswith(grey) else 0.03
        assert fine.values[name] == pytest.approx(value, rel=0.02, abs=near), name
    assert coarse.values["carpals.centres"] == fine.values["carpals.centres"] == 5


def test_lengths_are_pixels_of_their_own_grid(both: tuple[Measurements, Measurements]) -> None:
    coarse, fine = both
    assert fine.hand_scale_px == pytest.approx(2 * coarse.hand_scale_px, rel=0.005)
    for small, large in zip(coarse.bones, fine.bones, strict=True):
        assert large.bone == small.bone
        assert large.length_px == pytest.approx(2 * small.length_px, abs=0.7)
        assert large.width_px == pytest.approx(2 * small.width_px, abs=0.5)
        assert large.gap_px == pytest.approx(2 * small.gap_px, abs=0.5)
        assert large.shaft_area_px2 == 4 * small.shaft_area_px2
        assert np.array(large.endpoints) == pytest.approx(2 * np.array(small.endpoints) + 0.5, abs=1.0)
    assert fine.carpals.area_px2 == 4 * coarse.carpals.area_px2
    assert fine.carpals.region_area_px2 == pytest.approx(4 * coarse.carpals.region_area_px2, rel=0.01)


def test_a_speck_is_a_speck_on_either_grid() -> None:
    """Nine pixels of the fine grid are a shaft of a fine pixel's worth of noise, and no centre."""
    hand = bone_map_of([DrawnBone("proximal_phalanx_3", (120.0, 160.0), 90, 60, 14, 14, 5, 2)], shape=(768, 640))
    labels = hand.labels.copy()
    labels[300:304, 300:310] = LABEL_VALUES["metacarpal_2"]  # 40 fine pixels: 10 of the coarse grid's
    labels[labels == LABEL_VALUES[epiphysis_of("proximal_phalanx_3")]] = 0
    labels[160:162, 118:124] = LABEL_VALUES[epiphysis_of("proximal_phalanx_3")]  # 12 fine pixels: 3
    labels[400:404, 300:307] = LABEL_VALUES["carpals"]  # 28 fine pixels: 7
    found = measure(dataclasses.replace(hand, labels=labels))
    assert [bone.bone for bone in found.bones] == ["proximal_phalanx_3"]
    assert np.isnan(found.bones[0].epiphysis_width_px)
    assert found.carpals.area_px2 == 0
    coarse = np.zeros((384, 320), dtype=np.uint8)
    coarse[300:304, 200:210] = LABEL_VALUES["metacarpal_2"]
    assert len(measure(dataclasses.replace(hand, labels=coarse, pixels=coarse.astype(np.float32))).bones) == 1
