"""Carpal area, centres and region."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import ndimage

from boneage.anatomy import CARPALS, LABEL_VALUES
from boneage.measurement.carpals import carpal_height, carpal_region, count_centres, measure_carpals
from boneage.measurement.measure import measure
from boneage.measurement.measurements import BoneMeasurement, CarpalBone
from boneage.measurement.phantom import CARPAL_DISCS, NAMED_DISCS, bone_map_of, phantom_hand


def disc(mask: np.ndarray, x: float, y: float, radius: float) -> None:
    rows, columns = np.indices(mask.shape)
    mask |= (columns - x) ** 2 + (rows - y) ** 2 < radius**2


def bone(name: str, proximal: tuple[float, float], distal: tuple[float, float], width: float) -> BoneMeasurement:
    nan = float("nan")
    return BoneMeasurement(
        name, (proximal, distal), nan, nan, width, nan, nan, width, nan, nan, nan, nan, (proximal, distal)
    )


def boxes_of(labels: np.ndarray) -> dict[int, tuple[slice, slice]]:
    return {value: box for value, box in enumerate(ndimage.find_objects(labels), start=1) if box is not None}


def square() -> dict[str, BoneMeasurement]:
    """Bones whose ends are the corners of a rectangle of 60 by 40 pixels."""
    return {
        "metacarpal_2": bone("metacarpal_2", (55, 100), (55, 20), 10),
        "metacarpal_3": bone("metacarpal_3", (30, 100), (30, 20), 10),
        "metacarpal_5": bone("metacarpal_5", (5, 100), (5, 20), 10),
        "radius": bone("radius", (50, 220), (50, 140), 20),
        "ulna": bone("ulna", (10, 220), (10, 140), 20),
    }


def test_region_is_the_hull_of_the_ends_with_their_corners() -> None:
    region = carpal_region(square())
    assert region is not None
    assert region.volume == pytest.approx(60 * 40)


@pytest.mark.parametrize("missing", ["radius", "ulna", "metacarpal_2", "metacarpal_5", "metacarpal_3"])
def test_region_needs_its_borders(missing: str) -> None:
    bones = square()
    del bones[missing]
    assert carpal_region(bones) is None
    measured = measure_carpals(np.zeros((10, 10), dtype=np.uint8), {}, bones)
    assert np.isnan(measured.region_area_px2)


def test_height_is_from_the_radius_shaft_to_the_third_metacarpal() -> None:
    assert carpal_height(square()) == pytest.approx(np.hypot(20, 40))
    assert np.isnan(carpal_height({}))


def test_area_counts_the_pixels_inside_the_region_only() -> None:
    labels = np.zeros((240, 120), dtype=np.uint8)
    labels[110:120, 20:30] = LABEL_VALUES["carpals"]
    labels[20:40, 90:110] = LABEL_VALUES["carpals"]  # far from the wrist
    labels[130, 40] = LABEL_VALUES["carpals"]  # a speck
    measured = measure_carpals(labels, boxes_of(labels), square())
    assert measured.area_px2 == 100
    assert measured.centres == 1
    assert measure_carpals(labels, boxes_of(labels), {}).area_px2 == 500  # no region known: only the speck goes


@pytest.mark.parametrize("overlap", [-2.0, 1.0, 2.0])
def test_touching_discs_are_counted_apart(overlap: float) -> None:
    mask = np.zeros((60, 120), dtype=bool)
    disc(mask, 30, 30, 12)
    disc(mask, 54 - overlap, 30, 12)
    disc(mask, 74 - 2 * overlap, 30, 8)
    assert count_centres(mask) == 3


def test_one_long_bone_is_one_centre() -> None:
    mask = np.zeros((60, 60), dtype=bool)
    disc(mask, 22, 30, 12)
    disc(mask, 34, 33, 12)  # half overlapping: no neck
    assert count_centres(mask) == 1
    assert count_centres(np.zeros((20, 20), dtype=bool)) == 0


def test_centres_with_ragged_outlines_are_not_split() -> None:
    random = np.random.default_rng(3)
    mask = np.zeros((60, 60), dtype=bool)
    disc(mask, 30, 30, 15)
    ragged = ndimage.gaussian_filter(mask + random.normal(0, 0.25, mask.shape), 1) > 0.5
    assert (ragged != mask).any()
    assert count_centres(ragged) == 1


def test_drawn_hand() -> None:
    hand = bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)
    found = measure(hand).carpals
    area = float(np.count_nonzero(hand.labels == LABEL_VALUES["carpals"]))
    assert found.area_px2 == area
    assert found.centres == len(CARPAL_DISCS)
    assert 0.1 < area / found.region_area_px2 < 0.5


def test_region_does_not_jump_when_epiphyses_appear() -> None:
    drawn = phantom_hand()
    bare = [dataclasses.replace(b, epiphysis_height=0.0) for b in drawn if b.bone in {"radius", "ulna"}]
    rest = [b for b in drawn if b.bone not in {"radius", "ulna"}]
    with_epiphyses = measure(bone_map_of(drawn)).carpals.region_area_px2
    without = measure(bone_map_of([*rest, *bare])).carpals.region_area_px2
    assert without == pytest.approx(with_epiphyses, rel=0.01)


def test_named_carpals_count_by_their_names_however_they_touch() -> None:
    labels = np.zeros((240, 120), dtype=np.uint8)
    labels[105:125, 10:30] = LABEL_VALUES["hamate"]
    labels[105:125, 30:50] = LABEL_VALUES["capitate"]
    labels[128, 12] = LABEL_VALUES["lunate"]  # a speck
    labels[20:40, 90:110] = LABEL_VALUES["scaphoid"]  # far from the wrist
    measured = measure_carpals(labels, boxes_of(labels), square())
    assert measured.centres == 2
    assert measured.area_px2 == 800
    assert measured.bones == (CarpalBone("capitate", 400.0, (39.5, 114.5)), CarpalBone("hamate", 400.0, (19.5, 114.5)))


def test_unnamed_carpals_beside_named_ones() -> None:
    labels = np.zeros((240, 120), dtype=np.uint8)
    labels[105:125, 10:30] = LABEL_VALUES["hamate"]
    labels[105:125, 30:33] = LABEL_VALUES["carpals"]  # the hamate's seam: area, but no centre
    labels[105:115, 40:50] = LABEL_VALUES["carpals"]  # apart: a centre
    measured = measure_carpals(labels, boxes_of(labels), square())
    assert measured.area_px2 == 400 + 60 + 100
    assert measured.centres == 2
    labels[105:125, 30:45] = LABEL_VALUES["carpals"]  # touches, but is as large as a bone
    assert measure_carpals(labels, boxes_of(labels), square()).centres == 2
    assert [bone.carpal for bone in measured.bones] == ["hamate"]


def test_drawn_hand_with_names() -> None:
    measured = measure(bone_map_of(phantom_hand(), named=NAMED_DISCS))
    assert [bone.carpal for bone in measured.carpals.bones] == list(CARPALS)
    assert measured.carpals.centres == 7
    for bone in measured.carpals.bones:
        centre, radius = NAMED_DISCS[bone.carpal]
        assert measured.values[f"{bone.carpal}.size_ratio"] * measured.hand_scale_px == pytest.approx(
            np.sqrt(np.pi) * radius, rel=0.15
        )
        assert bone.centre == pytest.approx(centre, abs=2.0)
