"""The spot where the adductor sesamoid appears, on a drawn thumb."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from boneage.measurement.measure import measure
from boneage.measurement.phantom import BONE_LEVEL, SOFT_TISSUE_LEVEL, bone_map_of, phantom_hand
from boneage.measurement.scale import hand_scale
from boneage.segmentation.bone_map import BoneMap

HAND = bone_map_of(phantom_hand())


def place(along: float, aside: float) -> tuple[float, float]:
    """Return the point so many hand scales from the end of metacarpal 1, along it and to its ulnar side."""
    bones = {bone.bone: bone for bone in measure(HAND).bones}
    start, end = (np.array(point) for point in bones["metacarpal_1"].endpoints)
    distal = (end - start) / np.linalg.norm(end - start)
    x, y = end + hand_scale(bones) * (along * distal + aside * np.array([distal[1], -distal[0]]))
    return float(x), float(y)


def with_spot(along: float, aside: float, *, radius: float = 3.0, level: float = 0.6) -> BoneMap:
    x, y = place(along, aside)
    rows, columns = np.indices(HAND.labels.shape)
    pixels = HAND.pixels.copy()
    pixels[((columns - x) ** 2 + (rows - y) ** 2 < radius**2) & (HAND.labels == 0)] = level
    return dataclasses.replace(HAND, pixels=pixels)


def contrast(hand: BoneMap) -> float:
    return measure(hand).sesamoid_contrast


def test_without_a_spot_there_is_none() -> None:
    assert contrast(HAND) == pytest.approx(0.0, abs=0.03)


def test_a_spot_stands_out_by_its_brightness() -> None:
    full = (0.6 - SOFT_TISSUE_LEVEL) / (BONE_LEVEL - SOFT_TISSUE_LEVEL)
    assert 0.6 * full < contrast(with_spot(-0.09, 0.145)) <= full
    faint = contrast(with_spot(-0.09, 0.145, level=0.4))
    assert 0.05 < faint < contrast(with_spot(-0.09, 0.145)) / 2


def test_a_spot_elsewhere_does_not_count() -> None:
    assert contrast(with_spot(-0.09, -0.145)) == pytest.approx(0.0, abs=0.02)  # the radial side
    assert contrast(with_spot(-0.35, 0.145)) == pytest.approx(0.0, abs=0.02)  # too near the wrist


def test_an_edge_of_the_soft_tissue_is_no_spot() -> None:
    x, _ = place(-0.09, 0.145)
    pixels = HAND.pixels.copy()
    columns = np.broadcast_to(np.arange(pixels.shape[1]), pixels.shape)
    pixels[(columns < x) & (HAND.labels == 0)] = 0.5
    assert contrast(dataclasses.replace(HAND, pixels=pixels)) < 0.03


def test_a_fold_of_the_skin_stands_out_less_than_a_spot() -> None:
    x, _ = place(-0.09, 0.145)
    pixels = HAND.pixels.copy()
    columns = np.broadcast_to(np.arange(pixels.shape[1]), pixels.shape)
    pixels[(np.abs(columns - x) < 2) & (HAND.labels == 0)] = 0.6
    assert contrast(dataclasses.replace(HAND, pixels=pixels)) < 0.4 * contrast(with_spot(-0.09, 0.145))


def test_grey_levels_may_be_scaled_and_shifted() -> None:
    spot = with_spot(-0.09, 0.145)
    other = dataclasses.replace(spot, pixels=(0.1 + 0.6 * spot.pixels).astype(np.float32))
    assert contrast(other) == pytest.approx(contrast(spot), abs=1e-5)


def test_the_same_on_a_grid_twice_as_fine() -> None:
    spot = with_spot(-0.09, 0.145)
    fine = dataclasses.replace(
        spot,
        labels=spot.labels.repeat(2, axis=0).repeat(2, axis=1),
        pixels=spot.pixels.repeat(2, axis=0).repeat(2, axis=1),
        joints={name: (2 * x + 0.5, 2 * y + 0.5) for name, (x, y) in spot.joints.items()},
    )
    assert contrast(fine) == pytest.approx(contrast(spot), abs=0.05)


def test_without_metacarpal_1_or_contrast_it_is_unknown() -> None:
    labels = np.where(HAND.labels == 1, 0, HAND.labels).astype(np.uint8)
    assert np.isnan(contrast(dataclasses.replace(HAND, labels=labels)))
    assert np.isnan(contrast(dataclasses.replace(HAND, pixels=np.full_like(HAND.pixels, 0.4))))
