"""The edge of a bone in the grey levels, on drawn bones whose end is known."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.measurement.bone_edge import REACH_SPREADS, SPREAD_SHARE, BoneEnd, edge_at

WIDTH = 30.0
CENTRE = np.array([60.0, 60.0])


def picture(degrees: float, *, end: float, soft: float = 0.3, notch: float = 0.0, blur: float = 1.0) -> np.ndarray:
    """A bone from the middle of the picture to ``end`` pixels along its direction, its end hollow by ``notch``."""
    y, x = np.mgrid[:121, :121].astype(float)
    along, across = turned(x - CENTRE[0], y - CENTRE[1], degrees)
    hollow = notch * (1 - np.minimum((across / (WIDTH / 2)) ** 2, 1))
    inside = 1 / (1 + np.exp(np.clip((along - end + hollow) / (blur / 2), -50, 50)))
    return (soft + (0.8 - soft) * inside * (np.abs(across) < WIDTH / 2)).astype(np.float32)


def turned(dx: np.ndarray, dy: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    angle = np.radians(degrees)
    return dx * np.cos(angle) + dy * np.sin(angle), -dx * np.sin(angle) + dy * np.cos(angle)


def outward(degrees: float) -> np.ndarray:
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


@pytest.mark.parametrize("degrees", [0.0, 37.0, 90.0, 201.0])
@pytest.mark.parametrize("error", [-6.0, -2.0, 0.0, 3.0, 6.0])
def test_the_edge_is_found_from_a_segmentation_that_is_off(degrees: float, error: float) -> None:
    end = BoneEnd(CENTRE + (20.0 + error) * outward(degrees), outward(degrees), WIDTH)
    found = edge_at(end, picture(degrees, end=20.0))
    assert found == pytest.approx(CENTRE + 20.0 * outward(degrees), abs=0.4)


def test_a_hollow_end_is_met_in_its_middle() -> None:
    found = edge_at(BoneEnd(CENTRE + np.array([20.0, 0.0]), outward(0), WIDTH), picture(0, end=20.0, notch=6.0))
    assert found[0] - CENTRE[0] == pytest.approx(14.5, abs=0.6)  # over the middle third the hollow is 5.8 deep


def test_a_rise_is_no_edge_and_the_nearer_of_two_falls_wins() -> None:
    film = picture(0, end=20.0) + picture(0, end=34.0) - np.float32(0.3)  # falls at 20 and, as steep, at 34
    found = edge_at(BoneEnd(CENTRE + np.array([22.0, 0.0]), outward(0), WIDTH), film)
    assert found[0] - CENTRE[0] == pytest.approx(20.0, abs=0.4)
    rising = np.float32(1.0) - picture(0, end=20.0)
    assert edge_at(BoneEnd(CENTRE + np.array([22.0, 0.0]), outward(0), WIDTH), rising) == pytest.approx(
        CENTRE + np.array([22.0, 0.0])
    )


def test_where_nothing_falls_within_reach_the_segmentation_stays() -> None:
    far = 20.0 + REACH_SPREADS * SPREAD_SHARE * WIDTH + 6.0
    start = CENTRE + np.array([far, 0.0])
    assert edge_at(BoneEnd(start, outward(0), WIDTH), picture(0, end=20.0)) == pytest.approx(start)
    assert edge_at(BoneEnd(start, outward(0), WIDTH), np.full((121, 121), 0.5, np.float32)) == pytest.approx(start)


def test_an_end_at_the_edge_of_the_picture_is_no_error() -> None:
    start = np.array([120.0, 60.0])
    assert np.isfinite(edge_at(BoneEnd(start, outward(0), WIDTH), picture(0, end=55.0))).all()
