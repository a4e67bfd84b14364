"""Measuring drawn bones and hands whose answer is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from boneage.anatomy import BONES, CARPALS, LABEL_VALUES, epiphysis_of
from boneage.measurement.definitions import DEFINITIONS
from boneage.measurement.measure import measure
from boneage.measurement.measurements import BoneMeasurement
from boneage.measurement.phantom import CARPAL_DISCS, DrawnBone, bone_map_of, phantom_hand, turn
from boneage.segmentation.bone_map import BoneMap

EXACT = 0.01
"""Demanded of everything that is large enough."""


def centred(bone: DrawnBone, middle: tuple[float, float] = (120.3, 120.7)) -> DrawnBone:
    base = np.array(middle) - bone.distal * bone.length / 2
    return dataclasses.replace(bone, base=(float(base[0]), float(base[1])))


def single(bone: DrawnBone, **options: object) -> BoneMeasurement:
    found = measure(bone_map_of([bone], shape=(240, 240), **options))  # type: ignore[arg-type]
    assert len(found.bones) == 1
    return found.bones[0]


def labels_of(bone_map: BoneMap, labels: np.ndarray) -> BoneMap:
    return dataclasses.replace(bone_map, labels=labels)


@pytest.mark.parametrize("degrees", range(0, 360, 17))
@pytest.mark.parametrize("shape", ["rectangle", "capsule"])
@pytest.mark.parametrize("name", ["metacarpal_3", "proximal_phalanx_3"])
def test_lengths_to_one_percent_at_any_rotation(name: str, shape: str, degrees: float) -> None:
    drawn = centred(DrawnBone(name, (0, 0), degrees, 100, 24, 26, 10, 4, shape))  # type: ignore[arg-type]
    found = single(drawn)
    assert found.length_px == pytest.approx(drawn.length, rel=EXACT)
    assert found.shaft_length_px == pytest.approx(100, rel=EXACT)
    assert np.array(found.endpoints[0]) == pytest.approx(np.array(drawn.base), abs=0.02 * drawn.length)
    assert np.array(found.endpoints[1]) == pytest.approx(np.array(drawn.tip), abs=0.02 * drawn.length)
    ends = np.array(found.endpoints)
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(found.length_px)


@pytest.mark.parametrize("degrees", range(0, 360, 17))
def test_widths_to_one_percent_at_any_rotation(degrees: float) -> None:
    """A width of 60 pixels: the same bone at a finer scale, so that a pixel is less than 2 %."""
    drawn = DrawnBone("proximal_phalanx_3", (0, 0), degrees, 130, 60, 64, 30, 8)
    drawn = centred(drawn)
    found = single(drawn)
    assert found.width_px == pytest.approx(60, rel=EXACT)
    assert found.metaphysis_width_px == pytest.approx(60, rel=EXACT)
    assert found.epiphysis_width_px == pytest.approx(64, rel=EXACT)
    assert found.epiphysis_height_px == pytest.approx(30, rel=EXACT)
    assert found.gap_px == pytest.approx(8, abs=0.3)
    assert found.shaft_area_px2 == pytest.approx(130 * 60, rel=EXACT)
    assert found.epiphysis_area_px2 == pytest.approx(64 * 30, rel=EXACT)


@pytest.mark.parametrize(
    ("length", "width", "epiphysis_width", "height"), [(80, 16, 18, 8), (50, 13, 14, 5), (24, 8, 9, 3), (20, 6, 6, 2)]
)
def test_small_bones_to_a_fraction_of_a_pixel(length: int, width: int, epiphysis_width: int, height: int) -> None:
    """Sizes of real frames: no bias, and the spread that whole pixels leave (see docs/measurements.md)."""
    random = np.random.default_rng(0)
    errors = []
    for degrees in random.uniform(0, 360, 60):
        middle = tuple(120 + random.uniform(0, 1, 2))
        drawn = DrawnBone("distal_phalanx_2", (0, 0), degrees, length, width, epiphysis_width, height, 2)
        drawn = centred(drawn, middle)
        found = single(drawn)
        errors.append(
            (
                found.length_px - drawn.length,
                found.shaft_length_px - length,
                found.width_px - width,
                found.epiphysis_height_px - height,
                found.gap_px - 2,
                found.epiphysis_width_px - epiphysis_width,
                found.metaphysis_width_px - width,
            )
        )
    bias, spread = np.mean(errors, axis=0), np.std(errors, axis=0)
    assert np.abs(bias[:5]).max() < 0.12
    assert np.abs(bias[5:]).max() < 0.25
    assert spread.max() < 0.35


def test_axis_runs_proximal_to_distal_without_joints() -> None:
    hand = bone_map_of(phantom_hand(), joints=False, carpals=CARPAL_DISCS)
    drawn = {bone.bone: bone for bone in phantom_hand()}
    for bone in measure(hand).bones:
        along = np.subtract(bone.endpoints[1], bone.endpoints[0])
        assert along @ drawn[bone.bone].distal > 0, bone.bone


@pytest.mark.parametrize("degrees", [-25, 0, 25])
def test_whole_hand(degrees: float) -> None:
    drawn = phantom_hand(turned=degrees)
    discs = [(tuple(turn(np.array([xy]), degrees, (191.5, 255.5))[0]), radius) for xy, radius in CARPAL_DISCS]
    named = dict(zip(CARPALS, discs, strict=False))
    unnamed = measure(bone_map_of(drawn, carpals=discs))
    found = measure(bone_map_of(drawn, named=named))
    assert [bone.bone for bone in found.bones] == list(BONES)
    for bone, truth in zip(found.bones, drawn, strict=True):
        if bone.bone not in {"radius", "ulna"}:
            assert bone.length_px == pytest.approx(truth.length, abs=1.0), bone.bone
        assert bone.width_px == pytest.approx(truth.width, abs=0.5), bone.bone
        assert bone.plate_contrast > 0.9, bone.bone
        assert bone.fusion < 0.15, bone.bone
    assert found.carpals.centres == unnamed.carpals.centres == 5
    missing = {f"{name}.size_ratio" for name in CARPALS}
    assert set(unnamed.values) == set(DEFINITIONS) - missing
    assert set(found.values) == set(DEFINITIONS) - {f"{name}.size_ratio" for name in CARPALS[5:]}


def test_values_do_not_depend_on_rotation() -> None:
    upright = measure(bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)).values
    turned = measure(bone_map_of(phantom_hand(turned=20))).values
    for name, value in turned.items():
        if name.endswith(".length_ratio"):
            assert value == pytest.approx(upright[name], rel=0.04), name


def test_missing_bones_are_left_out() -> None:
    hand = bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)
    labels = hand.labels.copy()
    for name in ("metacarpal_3", "distal_phalanx_5"):
        labels[labels == LABEL_VALUES[name]] = 0
    found = measure(labels_of(hand, labels))
    names = {bone.bone for bone in found.bones}
    assert names == set(BONES) - {"metacarpal_3", "distal_phalanx_5"}
    assert not any(name.startswith(("metacarpal_3.", "distal_phalanx_5.")) for name in found.values)
    assert "proximal_phalanx_3.joint_space_ratio" not in found.values
    assert "proximal_phalanx_3.length_ratio" in found.values


def test_empty_map_has_no_measurements() -> None:
    hand = bone_map_of([])
    found = measure(hand)
    assert found.bones == ()
    assert found.values == {}
    assert found.carpals.area_px2 == 0
    assert np.isnan(found.carpals.region_area_px2)
    assert np.isnan(found.hand_scale_px)


def test_infant_without_epiphyses_has_lengths_and_a_carpal_region() -> None:
    found = measure(bone_map_of(phantom_hand(epiphyses=False)))
    assert len(found.bones) == len(BONES)
    for bone in found.bones:
        assert np.isnan(bone.epiphysis_width_px)
        assert np.isnan(bone.gap_px)
        assert np.isnan(bone.plate_contrast)
        assert bone.length_px == bone.shaft_length_px
        assert bone.metaphysis_width_px > 0
    assert found.carpals.area_px2 == 0
    assert found.carpals.region_area_px2 > 0
    assert "metacarpal_3.length_ratio" in found.values
    assert "carpals.height_ratio" in found.values
    assert "carpals.centres" not in found.values
    assert not any("epiphysis" in name or "plate" in name for name in found.values)


def test_stray_labels_change_nothing() -> None:
    hand = bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)
    clean = measure(hand)
    labels = hand.labels.copy()
    labels[30:36, 20:40] = LABEL_VALUES["metacarpal_3"]
    labels[40:44, 340:352] = LABEL_VALUES[epiphysis_of("metacarpal_3")]
    labels[20:32, 60:72] = LABEL_VALUES["carpals"]
    labels[300, 300] = LABEL_VALUES["radius"]
    junk = measure(labels_of(hand, labels))
    assert junk.values == pytest.approx(clean.values)


def test_epiphysis_at_the_wrong_end_is_not_measured() -> None:
    drawn = centred(DrawnBone("proximal_phalanx_3", (0, 0), 90, 60, 14))
    hand = bone_map_of([drawn], shape=(240, 240))
    labels = hand.labels.copy()
    x, y = (round(value) for value in drawn.tip)
    labels[y - 8 : y - 3, x - 6 : x + 7] = LABEL_VALUES["proximal_phalanx_3_epiphysis"]
    found = measure(labels_of(hand, labels)).bones[0]
    assert np.isnan(found.epiphysis_width_px)
    assert found.length_px == pytest.approx(60, abs=1)


def test_bone_cut_by_the_frame_has_no_length() -> None:
    drawn = DrawnBone("distal_phalanx_3", (120.0, 30.0), 90, 60, 14, 14, 5, 2)
    found = single(drawn)
    assert found.cut
    assert np.isnan(found.length_px)
    assert np.isnan(found.shaft_length_px)
    assert np.isnan(found.width_px)
    assert found.gap_px == pytest.approx(2, abs=0.5)
    assert found.epiphysis_width_px == pytest.approx(14, abs=0.5)


def test_cut_bone_gives_no_length_value() -> None:
    hand = bone_map_of(phantom_hand())
    cut = dataclasses.replace(hand, labels=hand.labels[125:], pixels=hand.pixels[125:], joints={}, frame=hand.frame)
    found = measure(cut)
    assert {bone.bone for bone in found.bones if bone.cut} >= {"distal_phalanx_3", "radius", "ulna"}
    assert "distal_phalanx_3.length_ratio" not in found.values
    assert "distal_phalanx_3.joint_space_ratio" not in found.values
    assert "distal_phalanx_3.epiphysis_width_ratio" in found.values
    assert "radius.epiphysis_width_ratio" in found.values
    assert "radius.length_ratio" not in found.values


def test_forearm_width_is_taken_near_the_wrist() -> None:
    """The shaft doubles its width towards the film's edge; the visible part's middle would say so."""
    hand = bone_map_of([DrawnBone("radius", (120.0, 230.0), 90, 110, 30, 30, 10, 2)], shape=(240, 240))
    labels = hand.labels.copy()
    labels[170:, 90:150] = LABEL_VALUES["radius"]
    found = measure(labels_of(hand, labels)).bones[0]
    assert found.width_px == pytest.approx(30, abs=0.5)


def test_low_confidence_and_broken_joints_are_ignored() -> None:
    drawn = centred(DrawnBone("proximal_phalanx_3", (0, 0), 90, 60, 14, 14, 5, 2))
    hand = bone_map_of([drawn], shape=(240, 240))
    swapped = {"mcp_3": drawn.tip, "pip_3": drawn.base}
    trusted = dataclasses.replace(hand, joints=swapped)
    assert measure(trusted).bones[0].endpoints[0][1] < measure(trusted).bones[0].endpoints[1][1]
    for broken in (
        dataclasses.replace(trusted, joint_confidence={"mcp_3": 0.01, "pip_3": 0.02}),
        dataclasses.replace(trusted, joints={"mcp_3": (np.nan, 3.0), "pip_3": (np.inf, 1.0)}),
    ):
        ends = measure(broken).bones[0].endpoints
        assert ends[0][1] > ends[1][1]


def test_shapes_that_do_not_fit_are_refused() -> None:
    hand = bone_map_of([])
    with pytest.raises(ValueError, match="do not fit"):
        measure(dataclasses.replace(hand, pixels=hand.pixels[:10]))
