"""A bone cut out of the film: where it lies, which way up, how large, and right hands as left ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_reading import drawn_frame, fake_error, fake_reading, fake_refusal

from boneage.anatomy import BONES, LABEL_VALUES
from boneage.report.crops import MARGIN, bone_crop, bone_place, crop_points
from boneage.result import Reading

SIDE = 160


def pictured(reading: Reading, part: str) -> np.ndarray:
    picture = bone_crop(reading, part, side=SIDE)
    assert picture is not None
    assert picture.size == (SIDE, SIDE)
    return np.asarray(picture, dtype=float) / 255


def with_film(reading: Reading, pixels: np.ndarray) -> Reading:
    assert reading.radiograph is not None
    return replace(reading, radiograph=replace(reading.radiograph, pixels=pixels.astype(np.float32)))


def marked(reading: Reading, xy: tuple[float, float], radius: float = 10) -> Reading:
    """The film all dark but for a bright disk."""
    assert reading.radiograph is not None
    rows, columns = np.indices(reading.radiograph.pixels.shape)
    return with_film(reading, np.hypot(columns - xy[0], rows - xy[1]) < radius)


def middle(picture: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(picture > 0.5)
    return float(columns.mean()) / SIDE, float(rows.mean()) / SIDE


FRAMES = [
    drawn_frame(),
    drawn_frame(degrees=35),
    drawn_frame(mirrored=True),
    drawn_frame(degrees=-20, mirrored=True),
    drawn_frame(scale=1.2),
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("bone", ["metacarpal_3", "proximal_phalanx_1", "distal_phalanx_5"])
def test_a_bone_stands_upright_with_its_ends_where_they_belong(frame: object, bone: str) -> None:
    reading = fake_reading(frame=frame)  # type: ignore[arg-type]
    (found,) = (one for one in reading.result.bones if one.bone == bone)
    share = MARGIN / (1 + 2 * MARGIN)
    for end, height in zip(found.endpoints, (1 - share, share), strict=True):
        x, y = middle(pictured(marked(reading, end, 4 * reading.bone_map.frame.scale), bone))  # type: ignore[union-attr]
        assert (x, y) == pytest.approx((0.5, height), abs=0.02)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_thumb_is_on_the_right_whichever_hand_the_film_shows(frame: object) -> None:
    reading = fake_reading(frame=frame)  # type: ignore[arg-type]
    joints = {joint.joint: joint.xy for joint in reading.result.joints}
    (own,) = (one for one in reading.result.bones if one.bone == "metacarpal_3")
    towards_thumb = np.array(own.endpoints).mean(axis=0)
    step = np.array(joints["mcp_2"]) - np.array(joints["mcp_3"])
    xy = tuple(towards_thumb + step)
    x, _ = middle(pictured(marked(reading, xy, 6), "metacarpal_3"))
    assert x > 0.55


def test_a_right_hand_looks_like_the_left_one() -> None:
    left, right = (pictured(fake_reading(frame=drawn_frame(mirrored=m)), "proximal_phalanx_2") for m in (False, True))
    assert np.abs(left - right).mean() < 0.03


def test_a_crop_is_as_large_as_the_bone() -> None:
    reading = fake_reading()
    for bone in ("metacarpal_2", "middle_phalanx_4"):
        (found,) = (one for one in reading.result.bones if one.bone == bone)
        place = bone_place(reading, bone)
        assert place is not None
        assert found.length_px is not None
        assert place.side == pytest.approx(found.length_px * (1 + 2 * MARGIN))
        points = crop_points(reading, place, SIDE)
        assert np.linalg.norm(points[-1, 0] - points[0, 0]) == pytest.approx(place.side * (SIDE - 1) / SIDE)


@pytest.mark.parametrize("bone", ["radius", "ulna"])
def test_of_the_forearm_the_distal_end_is_shown(bone: str) -> None:
    reading = fake_reading()
    (found,) = (one for one in reading.result.bones if one.bone == bone)
    x, y = middle(pictured(marked(reading, found.endpoints[1], 5), bone))
    assert (x, y) == pytest.approx((0.5, MARGIN), abs=0.03)


def test_a_carpal_is_cut_out_round_its_middle() -> None:
    reading = fake_reading()
    bone_map = reading.bone_map
    assert bone_map is not None
    labels = bone_map.labels.copy()
    labels[290:310, 140:160] = LABEL_VALUES["capitate"]
    reading = replace(reading, bone_map=replace(bone_map, labels=labels))
    (centre,) = bone_map.frame.to_film(np.array([[149.5, 299.5]]))
    assert middle(pictured(marked(reading, tuple(centre), 5), "capitate")) == pytest.approx((0.5, 0.5), abs=0.02)
    place = bone_place(reading, "capitate")
    assert place is not None
    assert place.side == pytest.approx(1.9 * 20 * bone_map.frame.scale)


def test_what_lies_beyond_the_film_is_black_and_nothing_fails() -> None:
    reading = fake_reading()
    (found,) = (one for one in reading.result.bones if one.bone == "distal_phalanx_3")
    assert reading.radiograph is not None
    cut = round(np.mean([y for _, y in found.endpoints]))
    pixels = np.full_like(reading.radiograph.pixels, 0.5)
    pixels[:, ::2] = 0.7
    shorter = with_film(reading, pixels[: round(cut)])
    below = pictured(shorter, "distal_phalanx_3")[SIDE * 3 // 4 :]
    assert below.max() == 0
    away = with_film(reading, pixels[:2, :2])
    assert bone_crop(away, "metacarpal_1", side=SIDE) is None


def test_there_is_no_crop_of_what_was_not_found() -> None:
    assert bone_crop(fake_reading(), "capitate") is None
    assert bone_crop(fake_reading(), "humerus") is None
    assert bone_crop(fake_refusal(), "metacarpal_3") is None
    assert bone_crop(fake_error(), "metacarpal_3") is None
    without = replace(fake_reading(), bone_map=None)
    assert bone_place(without, "metacarpal_3") is None
    reading = fake_reading()
    assert all(bone_crop(reading, bone, side=32) is not None for bone in BONES)
