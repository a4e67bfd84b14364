"""The long axis of drawn shafts."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.measurement.axis import expected_direction, long_axis


def bar(length: float, width: float, degrees: float, *, skew: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Pixel centres of a bar about (100.3, 99.6) whose ends are ``skew`` times oblique, and its direction."""
    angle = np.radians(degrees)
    along = np.array([np.cos(angle), -np.sin(angle)])
    across = np.array([-along[1], along[0]])
    y, x = np.indices((200, 200))
    points = np.column_stack((x.ravel(), y.ravel())).astype(float)
    relative = points - (100.3, 99.6)
    t, s = relative @ along, relative @ across
    return points[(np.abs(t - skew * s) < length / 2) & (np.abs(s) < width / 2)], along


def angle_between(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(one @ two, -1, 1))))


@pytest.mark.parametrize("degrees", range(0, 360, 23))
def test_axis_of_a_bar_at_any_rotation(degrees: float) -> None:
    points, along = bar(80, 18, degrees)
    axis = long_axis(points, along)
    assert angle_between(axis.distal, along) < 0.5
    across = np.array([-along[1], along[0]])
    assert abs((axis.origin - (100.3, 99.6)) @ across) < 0.3


def test_expected_direction_settles_the_sign() -> None:
    points, along = bar(80, 18, 40)
    assert long_axis(points, -along).distal @ along < -0.99


@pytest.mark.parametrize("degrees", [0, 30, 77])
def test_oblique_ends_do_not_tilt_the_axis(degrees: float) -> None:
    points, along = bar(80, 24, degrees, skew=0.6)
    centred = points - points.mean(axis=0)
    principal = np.linalg.eigh(centred.T @ centred)[1][:, 1]
    assert np.degrees(np.arccos(abs(principal @ along))) > 2  # what the principal axis alone would say
    assert angle_between(long_axis(points, along).distal, along) < 0.7


def test_round_shape_takes_the_expected_direction() -> None:
    points, _ = bar(12, 12, 0)
    expected = np.array([np.cos(1.0), -np.sin(1.0)])
    assert angle_between(long_axis(points, expected).distal, expected) < 1e-6


def test_wide_stump_of_a_forearm_bone_is_not_taken_for_its_length() -> None:
    points, across = bar(40, 12, 0)
    up = np.array([0.1, -1.0]) / np.hypot(0.1, 1.0)
    assert angle_between(long_axis(points, up, may_be_short=True).distal, up) < 1e-6
    assert abs(long_axis(points, up).distal @ across) > 0.99


@pytest.mark.parametrize(
    ("bone", "joints", "others", "expected"),
    [
        ("proximal_phalanx_3", {"mcp_3": (50, 80), "pip_3": (50, 20)}, {}, (0, -1)),
        ("proximal_phalanx_3", {"pip_3": (90, 50)}, {}, (1, 0)),
        ("proximal_phalanx_3", {"mcp_3": (50, 80)}, {}, (0, -1)),
        ("proximal_phalanx_3", {}, {"metacarpal_3": (20, 50)}, (1, 0)),
        ("proximal_phalanx_3", {}, {"middle_phalanx_3": (20, 50)}, (-1, 0)),
        ("proximal_phalanx_2", {"wrist": (0, 50), "mcp_3": (50, 50)}, {}, (1, 0)),
        ("metacarpal_2", {"mcp_2": (50, 10), "wrist": (0, 50)}, {}, (0, -1)),
        ("radius", {"wrist": (0, 100), "mcp_3": (0, 20)}, {}, (0, -1)),
        ("proximal_phalanx_1", {}, {}, (0, -1)),
    ],
)
def test_expected_direction_from_what_is_there(
    bone: str,
    joints: dict[str, tuple[float, float]],
    others: dict[str, tuple[float, float]],
    expected: tuple[float, float],
) -> None:
    centroids = {name: np.array(xy, dtype=float) for name, xy in {bone: (50, 50), **others}.items()}
    found = expected_direction(bone, {name: np.array(xy, dtype=float) for name, xy in joints.items()}, centroids)
    assert found == pytest.approx(np.array(expected, dtype=float), abs=1e-9)


@pytest.mark.parametrize(("bone", "expected"), [("radius", (1, 0)), ("proximal_phalanx_2", (-1, 0))])
def test_epiphysis_is_the_last_resort(bone: str, expected: tuple[float, float]) -> None:
    found = expected_direction(bone, {}, {bone: np.array([50.0, 50.0])}, np.array([70.0, 50.0]))
    assert found == pytest.approx(np.array(expected, dtype=float))
