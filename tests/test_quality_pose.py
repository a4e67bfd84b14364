"""How a hand lies: hands drawn from the mean palm, squeezed and turned by known amounts."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_films import drawn_hand

from boneage.quality.pose import ON_EDGE, TURNED, check_pose, palm_stretch, turned_degrees
from boneage.segmentation.bone_map import BoneMap, HandFrame
from boneage.segmentation.hand_frame import PALM_TEMPLATE

HAND = drawn_hand()


def palm(linear: np.ndarray) -> dict[str, tuple[float, float]]:
    return {name: tuple(float(v) for v in linear @ np.array(at)) for name, at in PALM_TEMPLATE.items()}  # type: ignore[misc]


def turned(degrees: float, *, mirrored: bool = False, joints: dict[str, tuple[float, float]] | None = None) -> BoneMap:
    angle = np.radians(degrees)
    linear = 2.0 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = linear @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    frame = HandFrame(np.column_stack([linear, [300.0, 400.0]]), HAND.frame.shape)
    return BoneMap(HAND.labels, HAND.pixels, {**HAND.joints, **(joints or {})}, HAND.joint_confidence, frame)


@pytest.mark.parametrize("degrees", [0, 33, 170])
def test_turning_scaling_and_mirroring_are_no_stretch(degrees: float) -> None:
    angle = np.radians(degrees)
    turn = 70 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    assert palm_stretch(palm(turn)) == pytest.approx(1.0)
    assert palm_stretch(palm(turn @ np.diag([-1.0, 1.0]))) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("share", "verdict"), [(1 / 1.2, "passed"), (1 / 1.24, "passed"), (1 / 1.26, "warning"), (1 / 1.36, "refused")]
)
def test_a_squeezed_palm_is_stretched_by_the_inverse(share: float, verdict: str) -> None:
    stretch = palm_stretch(palm(np.diag([100 * share, 100.0])))
    assert stretch == pytest.approx(1 / share)
    assert ON_EDGE.judge(stretch) == verdict


@pytest.mark.parametrize(("degrees", "by"), [(0, 0), (44, 44), (-46, 46), (180, 180), (270, 90)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_turn_is_that_of_the_frame(degrees: float, by: float, mirrored: bool) -> None:
    assert turned_degrees(turned(degrees, mirrored=mirrored)) == pytest.approx(by, abs=1e-6)
    assert TURNED.judge(by) == ("warning" if by > 45 else "passed")


def test_the_outline_of_a_hand_on_its_edge_lies_on_the_palm_of_the_film() -> None:
    edge = palm(np.diag([60.0, 150.0]))
    (on_edge, upright) = check_pose(turned(0, joints=edge))
    assert (on_edge.verdict, on_edge.check.code, upright.verdict) == ("refused", "hand_rotated", "passed")
    (outline,) = on_edge.places
    assert outline[0] == pytest.approx((2 * edge["wrist"][0] + 300, 2 * edge["wrist"][1] + 400))
    assert "2.50" in on_edge.message
