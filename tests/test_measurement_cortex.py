"""Cortical thickness on drawn tubes whose radii are known."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from boneage.measurement.bone_health import hand_bone_health
from boneage.measurement.cortex import LEAST_DIP, bone_health_index, cortical_edges, cortical_index
from boneage.measurement.measure import measure
from boneage.measurement.measurements import BoneMeasurement
from boneage.measurement.phantom import DrawnBone, bone_map_of
from boneage.result import film_bones
from boneage.segmentation.bone_map import BoneMap, HandFrame


def test_the_definition_states_how_dark_the_cavity_must_be() -> None:
    text = (Path(__file__).parents[1] / "docs" / "measurements.md").read_text(encoding="utf-8")
    assert f"darker than both cortices by {100 * LEAST_DIP:g} % of" in text


def chord(x: np.ndarray, radius: float) -> np.ndarray:
    return 2 * np.sqrt(np.clip(radius**2 - x**2, 0, None))


def tube(x: np.ndarray, outer: float, inner: float) -> np.ndarray:
    """Grey level of a tube in soft tissue, as its wall's length on the way of the ray."""
    return 0.2 + 0.6 * (chord(x, outer) - chord(x, inner)) / chord(np.array(inner), outer)


def metacarpals(*, outer: float = 20.0, inner: float = 12.0, blur: float = 0.0, film_scale: float = 1.0) -> BoneMap:
    """Draw metacarpals 2 to 4 upright side by side on the fine grid, as tubes."""
    drawn = [DrawnBone(f"metacarpal_{ray}", (320.0 - 100 * (ray - 3), 500.0), 90, 200, 2 * outer) for ray in (2, 3, 4)]
    found = bone_map_of(drawn, shape=(768, 640))
    x = np.arange(640.0)
    pixels = found.pixels.copy()
    for bone in drawn:
        here = (x > bone.base[0] - 50) & (x < bone.base[0] + 50)
        pixels[300:501, here] = tube(x[here] - bone.base[0], outer, inner)
    pixels = ndimage.gaussian_filter(pixels, blur) if blur else pixels
    frame = HandFrame(np.array([[film_scale, 0.0, 0.0], [0.0, film_scale, 0.0]]), found.labels.shape)
    return dataclasses.replace(found, pixels=pixels.astype(np.float32), frame=frame)


def third(hand: BoneMap) -> BoneMeasurement:
    return next(bone for bone in measure(hand).bones if bone.bone == "metacarpal_3")


@pytest.mark.parametrize(("outer", "inner"), [(20.0, 12.0), (14.0, 6.0), (16.0, 11.0)])
def test_thickness_of_a_tube(outer: float, inner: float) -> None:
    found = third(metacarpals(outer=outer, inner=inner, blur=0.7))
    assert found.cortical_note == ""
    assert found.cortical_thickness_px == pytest.approx(outer - inner, abs=0.7)
    assert found.cortical_width_px == pytest.approx(2 * outer, abs=1.5)  # blur draws a round edge inwards


def test_edges_of_an_exact_profile() -> None:
    x = np.arange(-30, 30.05, 0.1)
    edges = cortical_edges(tube(x, 20.0, 12.0))
    assert edges is not None
    assert x[0] + 0.1 * np.array(edges) == pytest.approx([-20, -12, 12, 20], abs=0.15)


def test_other_bones_have_no_cortex() -> None:
    hand = bone_map_of([DrawnBone("proximal_phalanx_3", (320.0, 500.0), 90, 200, 40)], shape=(768, 640))
    (bone,) = measure(hand).bones
    assert np.isnan(bone.cortical_thickness_px)
    assert bone.cortical_note == ""


def test_a_solid_bone_has_no_cavity() -> None:
    found = third(metacarpals(inner=0.001))
    assert np.isnan(found.cortical_thickness_px)
    assert found.cortical_note == "no_cavity"


def test_too_few_pixels_of_the_frame_or_of_the_film_say_so() -> None:
    thin = third(metacarpals(outer=20.0, inner=18.0))
    assert np.isnan(thin.cortical_thickness_px)
    assert thin.cortical_note == "resolution"
    assert third(metacarpals(film_scale=0.5)).cortical_note == ""  # 8 pixels of the frame are 4 of the film
    assert third(metacarpals(film_scale=0.3)).cortical_note == "resolution"


def test_film_units_and_the_bone_health_index() -> None:
    hand = metacarpals(blur=0.7, film_scale=2.0)
    measured = measure(hand)
    bone = next(bone for bone in film_bones(measured, hand.frame, spacing_mm=0.1) if bone.bone == "metacarpal_3")
    assert bone.cortical_thickness_px == pytest.approx(16.0, abs=1.4)
    assert bone.cortical_thickness_mm == pytest.approx(1.6, abs=0.14)
    assert bone.cortical_index == pytest.approx(0.4, abs=0.03)
    length = 200 * 2 * 0.1
    expected = np.pi * 1.6 * (1 - 1.6 / 8.0) / (8.0 * length) ** (1 / 3)
    assert hand_bone_health(measured, 0.1 * hand.frame.scale) == pytest.approx(expected, rel=0.07)
    two = dataclasses.replace(measured, bones=measured.bones[:2])
    assert hand_bone_health(two, 0.1 * hand.frame.scale) is None


def test_indices() -> None:
    assert cortical_index(1.5, 6.0) == 0.5
    assert np.isnan(cortical_index(1.5, float("nan")))
    # T, W and L times 8 is the index times 8 / 8^(2/3) = 2: the index grows with the root of the third power.
    assert bone_health_index(8 * 1.5, 8 * 7.0, 8 * 55.0) == pytest.approx(2 * bone_health_index(1.5, 7.0, 55.0))
    assert bone_health_index(1.5, 7.0, 55.0) == pytest.approx(0.50896, abs=1e-5)
    assert np.isnan(bone_health_index(float("nan"), 7.0, 55.0))
