"""Cutting the regions: where they lie, which way they stand, and that training sees what reading sees."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand

from boneage.regression.regions import KNUCKLES, SMALL_JOINTS, WRIST_SIZE, cut_regions, together, wrist_patch
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.segmentation.sites import JOINT_SITES, KNUCKLE_SIZE, SMALL_SIZE, WRIST_CORNER, WRIST_SHAPE

HAND = drawn_hand()
JOINTS = {name: np.array(place, dtype=float) * 1.5 for name, place in HAND.joints.items()}


def picture_with(place: np.ndarray) -> torch.Tensor:
    """A dark picture with a bright spot."""
    y, x = np.indices(FINE_SHAPE)
    spot = np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / 18)
    return torch.from_numpy(spot.astype(np.float32))[None, None]


def brightest(patch: torch.Tensor) -> tuple[float, float]:
    """Row and column of the centre of what is bright."""
    rows, columns = np.nonzero(patch.numpy() > 0.8 * float(patch.max()))
    return float(rows.mean()), float(columns.mean())


def test_every_joint_of_the_fine_stage_has_one_patch() -> None:
    assert {site.joint for site in (*KNUCKLES, *SMALL_JOINTS)} == {site.joint for site in JOINT_SITES}
    regions = cut_regions(torch.rand(1, 1, *FINE_SHAPE), JOINTS)
    assert regions.knuckles.shape == (1, 5, 1, KNUCKLE_SIZE, KNUCKLE_SIZE)
    assert regions.small_joints.shape == (1, 10, 1, SMALL_SIZE, SMALL_SIZE)
    assert regions.wrist.shape == (1, 1, WRIST_SIZE, WRIST_SIZE)


@pytest.mark.parametrize("number", range(10))
def test_the_joint_is_in_the_middle(number: int) -> None:
    regions = cut_regions(picture_with(JOINTS[SMALL_JOINTS[number].joint]), JOINTS)
    assert brightest(regions.small_joints[0, number, 0]) == pytest.approx((31.5, 31.5), abs=1)


def test_the_finger_stands_upright() -> None:
    middle = next(number for number, site in enumerate(KNUCKLES) if site.joint == "mcp_3")
    beyond = JOINTS["mcp_3"] + 30 * (JOINTS["pip_3"] - JOINTS["mcp_3"]) / np.linalg.norm(
        JOINTS["pip_3"] - JOINTS["mcp_3"]
    )
    row, column = brightest(cut_regions(picture_with(beyond), JOINTS).knuckles[0, middle, 0])
    assert row == pytest.approx(47.5 - 30, abs=4)
    assert column == pytest.approx(47.5, abs=8)


def test_the_corners_of_the_wrist_are_those_of_the_fine_stage() -> None:
    edges = np.array([[-0.5, -0.5, 1], [WRIST_SIZE - 0.5, WRIST_SIZE - 0.5, 1]]) @ wrist_patch()[:2].T
    x, y = WRIST_CORNER
    np.testing.assert_allclose(edges, [[x - 0.5, y - 0.5], [x + WRIST_SHAPE[1] - 0.5, y + WRIST_SHAPE[0] - 0.5]])


def test_a_picture_on_another_grid_gives_the_same_regions() -> None:
    y, x = np.indices(FINE_SHAPE)
    smooth = torch.from_numpy((np.sin(x / 40) + np.cos(y / 30)).astype(np.float32))[None, None]
    coarse = torch.nn.functional.avg_pool2d(smooth, 2)
    to_coarse = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]])
    one, two = cut_regions(smooth, JOINTS), cut_regions(coarse, JOINTS, to_coarse)
    for part in ("knuckles", "small_joints", "wrist"):
        torch.testing.assert_close(getattr(one, part), getattr(two, part), atol=0.03, rtol=0)


def test_a_change_moves_the_patch() -> None:
    def shift(size: int) -> np.ndarray:
        del size
        return np.array([[1.0, 0, 10], [0, 1, 0], [0, 0, 1]])

    picture = picture_with(JOINTS[SMALL_JOINTS[0].joint])
    moved = cut_regions(picture, JOINTS, change=shift)
    assert brightest(moved.small_joints[0, 0, 0])[1] == pytest.approx(21.5, abs=1)


def test_hands_are_stacked_in_order() -> None:
    one, two = (cut_regions(torch.rand(1, 1, *FINE_SHAPE), JOINTS) for _ in range(2))
    both = together([one, two])
    assert both.wrist.shape[0] == 2
    torch.testing.assert_close(both.knuckles[1], two.knuckles[0])
