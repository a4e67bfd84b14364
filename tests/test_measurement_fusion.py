"""How far a growth plate has closed, on drawn plates whose bridges are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from boneage.measurement.measure import measure
from boneage.measurement.phantom import BONE_LEVEL, SOFT_TISSUE_LEVEL, DrawnBone, bone_map_of
from boneage.segmentation.bone_map import BoneMap

DRAWN = DrawnBone("proximal_phalanx_3", (120.0, 170.0), 90, 70, 24, 24, 10, 2)
"""Upright: the plate lies in rows 159 and 160 of columns 108 to 131."""


def hand(*, bridged: float = 0.0, line: float = SOFT_TISSUE_LEVEL, degrees: float = 0.0) -> BoneMap:
    """Draw the bone with a part of its plate filled with bone (from the left)."""
    drawn = bone_map_of([DRAWN.turned(degrees, (120.0, 120.0))], shape=(240, 240))
    pixels = drawn.pixels.copy()
    pixels[159:161, 108:132] = line
    pixels[159:161, 108 : 108 + round(24 * bridged)] = BONE_LEVEL
    return dataclasses.replace(drawn, pixels=pixels)


def fusion_of(bone_map: BoneMap) -> float:
    return measure(bone_map).bones[0].fusion


def test_open_and_closed_plates() -> None:
    assert fusion_of(hand()) == pytest.approx(0.0, abs=0.05)
    assert fusion_of(hand(bridged=1.0)) == pytest.approx(1.0, abs=0.01)


def test_a_bridge_counts_by_its_share_and_a_faint_line_by_its_darkness() -> None:
    assert fusion_of(hand(bridged=0.5)) == pytest.approx(0.5, abs=0.1)
    half = (BONE_LEVEL + SOFT_TISSUE_LEVEL) / 2
    assert fusion_of(hand(line=half)) == pytest.approx(0.5, abs=0.05)
    values = [fusion_of(hand(bridged=share)) for share in (0.3, 0.5, 0.7)]
    assert values == sorted(values)


def test_grey_levels_may_be_scaled_and_shifted() -> None:
    plain = hand(bridged=0.5)
    other = dataclasses.replace(plain, pixels=(0.1 + 0.6 * plain.pixels).astype(np.float32))
    assert fusion_of(other) == pytest.approx(fusion_of(plain), abs=1e-5)


def test_the_line_may_lie_beside_the_border_of_the_labels() -> None:
    shifted = hand()
    pixels = shifted.pixels.copy()
    pixels[159:161, 108:132] = BONE_LEVEL
    pixels[156:158, 108:132] = SOFT_TISSUE_LEVEL
    assert fusion_of(dataclasses.replace(shifted, pixels=pixels)) < 0.1


def test_a_step_in_brightness_is_no_line() -> None:
    closed = hand(bridged=1.0)
    pixels = closed.pixels.copy()
    pixels[80:159, 108:132] = 0.65  # the shaft is darker than the epiphysis: no valley between them
    assert fusion_of(dataclasses.replace(closed, pixels=pixels)) == pytest.approx(1.0, abs=0.02)


def test_without_contrast_there_is_no_fusion() -> None:
    flat = hand()
    assert np.isnan(fusion_of(dataclasses.replace(flat, pixels=np.full_like(flat.pixels, 0.5))))
