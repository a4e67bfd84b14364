"""The similarity that lays a palm over the template: exact where it can be, honest where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from boneage.segmentation.hand_checks import WORST_MISFIT
from boneage.segmentation.hand_frame import (
    FRAME_SHAPE,
    PALM_PIXELS,
    PALM_TEMPLATE,
    fit_similarity,
    frame_of_joints,
)

PALM = np.array(list(PALM_TEMPLATE.values()))

similarities = st.fixed_dictionaries(
    {
        "degrees": st.floats(-180, 180),
        "scale": st.floats(0.05, 30),
        "x": st.floats(-3000, 3000),
        "y": st.floats(-3000, 3000),
        "mirrored": st.booleans(),
    }
)


def similarity(degrees: float, scale: float, x: float, y: float, mirrored: bool) -> NDArray[np.float64]:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.column_stack([scale * turn @ np.diag([-1.0 if mirrored else 1.0, 1.0]), [x, y]])


def carried(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return points @ matrix[:, :2].T + matrix[:, 2]


def named(points: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    return {name: (float(x), float(y)) for name, (x, y) in zip(PALM_TEMPLATE, points, strict=True)}


@given(wanted=similarities)
@settings(deadline=None)
def test_a_similarity_is_recovered_exactly(wanted: dict[str, float]) -> None:
    matrix = similarity(**wanted)  # type: ignore[arg-type]
    found = fit_similarity(PALM, carried(PALM, matrix), mirrored=bool(wanted["mirrored"]))
    np.testing.assert_allclose(found, matrix, atol=1e-7)


@given(wanted=similarities)
@settings(deadline=None)
def test_the_handedness_asked_for_is_given(wanted: dict[str, float]) -> None:
    target = carried(PALM, similarity(**wanted))  # type: ignore[arg-type]
    for mirrored in (False, True):
        found = fit_similarity(PALM, target, mirrored=mirrored)
        assert bool(np.linalg.det(found[:, :2]) < 0) is mirrored


def test_the_fit_is_the_least_squares_one() -> None:
    random = np.random.default_rng(2)
    target = carried(PALM, similarity(20, 3, 5, 6, False)) + random.normal(0, 0.2, PALM.shape)
    weights = np.array([1.0, 2.0, 0.5, 1.0, 1.0, 3.0])

    def loss(matrix: NDArray[np.float64]) -> float:
        return float(weights @ ((carried(PALM, matrix) - target) ** 2).sum(axis=1))

    least = loss(fit_similarity(PALM, target, mirrored=False, weights=weights))
    for degrees, scale, x, y in (
        (20.2, 1, 0, 0),
        (19.8, 1, 0, 0),
        (20, 1.01, 0, 0),
        (20, 1, 0.05, 0),
        (20, 1, 0, 0.05),
    ):
        found = fit_similarity(PALM, target, mirrored=False, weights=weights)
        change = similarity(degrees - 20, scale, x, y, False)
        moved = np.column_stack([change[:, :2] @ found[:, :2], change[:, :2] @ found[:, 2] + change[:, 2]])
        assert loss(moved) > least


def test_a_point_without_weight_does_not_count() -> None:
    matrix = similarity(40, 2, 1, 2, True)
    target = carried(PALM, matrix)
    target[3] += 50.0
    weights = np.array([1.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    np.testing.assert_allclose(fit_similarity(PALM, target, mirrored=True, weights=weights), matrix, atol=1e-9)
    assert np.abs(fit_similarity(PALM, target, mirrored=True) - matrix).max() > 0.1


@given(wanted=similarities)
@settings(deadline=None)
def test_any_hand_comes_to_lie_alike(wanted: dict[str, float]) -> None:
    film = carried(PALM, similarity(**wanted))  # type: ignore[arg-type]
    frame, misfit = frame_of_joints(named(film))
    assert misfit < 1e-6
    assert frame.mirrored is bool(wanted["mirrored"])
    assert frame.scale == pytest.approx(wanted["scale"] / PALM_PIXELS)
    assert frame.shape == FRAME_SHAPE
    lies = dict(zip(PALM_TEMPLATE, frame.from_film(film), strict=True))
    np.testing.assert_allclose(lies["wrist"] - lies["mcp_3"], [0, PALM_PIXELS], atol=1e-6)  # fingers up
    assert lies["cmc_1"][0] > lies["wrist"][0] + 30  # thumb to the right
    assert lies["mcp_5"][0] < lies["mcp_2"][0] - 60
    for x, y in lies.values():
        assert 0 < x < FRAME_SHAPE[1]
        assert 0 < y < FRAME_SHAPE[0]


def test_the_film_and_its_mirror_image_give_the_same_picture() -> None:
    film = carried(PALM + np.random.default_rng(3).normal(0, 0.03, PALM.shape), similarity(12, 400, 700, 900, False))
    mirror = np.array([1499.0, 0.0]) + film * [-1.0, 1.0]
    left, misfit = frame_of_joints(named(film))
    right, same = frame_of_joints(named(mirror))
    assert (left.mirrored, right.mirrored) == (False, True)
    assert same == pytest.approx(misfit)
    np.testing.assert_allclose(left.from_film(film), right.from_film(mirror), atol=1e-6)


def test_the_handedness_can_be_forced() -> None:
    film = carried(PALM, similarity(0, 300, 500, 900, False))
    frame, misfit = frame_of_joints(named(film), mirrored=True)
    assert frame.mirrored
    assert misfit > 0.1
    frame, misfit = frame_of_joints(named(film), mirrored=False)
    assert not frame.mirrored
    assert misfit < 1e-6


@pytest.mark.parametrize("joint", list(PALM_TEMPLATE))
def test_the_misfit_grows_as_a_joint_goes_wrong(joint: str) -> None:
    film = named(carried(PALM, similarity(0, 300, 500, 900, False)))
    misfits = []
    for wrong in (0.0, 30.0, 60.0, 120.0, 240.0):
        x, y = film[joint]
        misfits.append(frame_of_joints({**film, joint: (x - wrong, y - 0.5 * wrong)})[1])
    assert misfits == sorted(misfits)
    assert misfits[-1] > WORST_MISFIT


def test_the_misfit_does_not_depend_on_the_size_of_the_film() -> None:
    wrong = PALM + np.random.default_rng(4).normal(0, 0.05, PALM.shape)
    small = frame_of_joints(named(carried(wrong, similarity(33, 40, 20, 20, False))))[1]
    large = frame_of_joints(named(carried(wrong, similarity(-70, 900, 2000, 900, True))))[1]
    assert small == pytest.approx(large)


def test_points_without_order_do_not_fit() -> None:
    random = np.random.default_rng(5)
    misfits = [frame_of_joints(named(random.uniform(0, 500, PALM.shape)))[1] for _ in range(200)]
    assert np.mean(np.array(misfits) > WORST_MISFIT) > 0.95
