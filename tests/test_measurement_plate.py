"""Contrast of the growth plate from the pixels."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import ndimage

from boneage.measurement.measure import measure
from boneage.measurement.phantom import BONE_LEVEL, SOFT_TISSUE_LEVEL, DrawnBone, bone_map_of
from boneage.measurement.plate import soft_tissue_level
from boneage.segmentation.bone_map import BoneMap


def finger(gap: float, degrees: float = 90.0) -> BoneMap:
    drawn = DrawnBone("proximal_phalanx_3", (0, 0), degrees, 50, 14, 14, 6, gap)
    base = np.array([90.2, 90.4]) - drawn.distal * drawn.length / 2
    return bone_map_of([dataclasses.replace(drawn, base=(float(base[0]), float(base[1])))], shape=(180, 180))


def contrast(bone_map: BoneMap, pixels: np.ndarray | None = None) -> float:
    changed = bone_map if pixels is None else dataclasses.replace(bone_map, pixels=pixels.astype(np.float32))
    return measure(changed).bones[0].plate_contrast


def line_level(bone_map: BoneMap, level: float) -> np.ndarray:
    """Fill the plate (the background between shaft and epiphysis) with a grey level."""
    bone = bone_map.labels > 0
    between = ndimage.binary_closing(bone, iterations=4) & ~bone
    return np.where(between, level, bone_map.pixels)


@pytest.mark.parametrize("degrees", range(0, 360, 31))
def test_open_plate_is_one_and_no_line_is_zero(degrees: float) -> None:
    hand = finger(3, degrees)
    assert contrast(hand) > 0.95
    assert contrast(hand, line_level(hand, BONE_LEVEL)) < 0.05


def test_half_dark_line_is_one_half() -> None:
    hand = finger(3)
    half = (BONE_LEVEL + SOFT_TISSUE_LEVEL) / 2
    assert contrast(hand, line_level(hand, half)) == pytest.approx(0.5, abs=0.05)


def test_dark_line_is_seen_where_the_labels_touch() -> None:
    hand = finger(0)
    assert contrast(hand) == pytest.approx(0, abs=1e-6)
    labels = hand.labels
    rows = np.flatnonzero((labels == labels.max()).any(axis=1))
    pixels = hand.pixels.copy()
    pixels[rows[0], labels[rows[0]] > 0] = SOFT_TISSUE_LEVEL
    assert contrast(hand, pixels) > 0.9


def test_scaling_and_shifting_the_grey_levels_changes_nothing() -> None:
    hand = finger(2, 70)
    dimmed = ndimage.gaussian_filter(hand.pixels, 0.8)
    value = contrast(hand, dimmed)
    assert 0.2 < value < 1
    assert contrast(hand, 0.5 * dimmed + 0.1) == pytest.approx(value, abs=1e-3)


def test_blur_lowers_the_contrast_of_a_thin_line_more() -> None:
    values = [contrast(finger(gap), ndimage.gaussian_filter(finger(gap).pixels, 1.2)) for gap in (1, 2, 4)]
    assert values == sorted(values)
    assert values[0] < values[2] - 0.2


def test_a_brighter_shaft_alone_is_no_line() -> None:
    hand = finger(0)
    step = np.where(hand.labels == 6 + 2, 0.95, hand.pixels)  # the shaft of proximal phalanx 3
    assert (step != hand.pixels).any()
    assert contrast(hand, step) == pytest.approx(0, abs=0.02)


def test_flat_film_has_no_contrast() -> None:
    hand = finger(3)
    assert np.isnan(contrast(hand, np.full(hand.pixels.shape, 0.5)))


def test_soft_tissue_is_the_median_of_the_unlabelled_pixels_around() -> None:
    labels = np.zeros((40, 40), dtype=np.uint8)
    pixels = np.full((40, 40), 0.25, dtype=np.float32)
    labels[15:25, 15:25] = 3
    pixels[labels > 0] = 0.9
    pixels[:5] = 0.0
    assert soft_tissue_level(labels, pixels, np.array([20.0, 20.0]), 8) == pytest.approx(0.25)
    labels[:] = 3
    assert np.isnan(soft_tissue_level(labels, pixels, np.array([20.0, 20.0]), 8))
