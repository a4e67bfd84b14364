"""The hand frame: the way to the film and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boneage.segmentation.bone_map import HandFrame

POINTS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 7.0], [-3.0, 22.5]])


def frame(degrees: float, scale: float, x: float, y: float, *, mirrored: bool) -> HandFrame:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    return HandFrame(np.column_stack([linear, [x, y]]), (384, 320))


def test_to_film_is_the_matrix() -> None:
    quarter = HandFrame(np.array([[0.0, -2.0, 100.0], [2.0, 0.0, 50.0]]), (384, 320))
    np.testing.assert_allclose(quarter.to_film(np.array([[10.0, 3.0]])), [[94.0, 70.0]])
    np.testing.assert_allclose(quarter.from_film(np.array([[94.0, 70.0]])), [[10.0, 3.0]])


@given(
    degrees=st.floats(-360, 360),
    scale=st.floats(0.1, 20),
    x=st.floats(-4000, 4000),
    y=st.floats(-4000, 4000),
    mirrored=st.booleans(),
)
def test_there_and_back(degrees: float, scale: float, x: float, y: float, mirrored: bool) -> None:
    one = frame(degrees, scale, x, y, mirrored=mirrored)
    np.testing.assert_allclose(one.from_film(one.to_film(POINTS)), POINTS, atol=1e-6)
    np.testing.assert_allclose(one.to_film(one.from_film(POINTS)), POINTS, atol=1e-6)
    assert one.scale == pytest.approx(scale)
    assert one.mirrored is mirrored
