"""How much of a finger is left between its tip and the film's edge, on drawn fingers whose end is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from boneage.anatomy import JOINTS
from boneage.segmentation.edge_flesh import flesh_to_edge

ROWS, COLUMNS = 300, 240
WRIST, KNUCKLE, LAST, TIP = (JOINTS.index(name) for name in ("wrist", "mcp_3", "dip_3", "tip_3"))


def hand(end: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A film with one finger of grey 0.5 on air of 0.1, which reaches up to row ``end``, and its joints."""
    film = np.full((ROWS, COLUMNS), 0.1, dtype=np.float32)
    film[max(end, 0) : 200, 110:130] = 0.5
    points = np.full((len(JOINTS), 2), 150.0)
    points[WRIST], points[KNUCKLE], points[LAST], points[TIP] = (120, 200), (120, 100), (120, 30), (120, 6)
    return film, points


@pytest.mark.parametrize(("end", "low", "high"), [(-1, 0.95, 1.05), (5, -0.05, 0.1), (1, 0.05, 0.7)])
def test_flesh_is_left_where_the_edge_cuts_and_none_where_the_finger_ends(end: int, low: float, high: float) -> None:
    film, points = hand(end)
    assert low < flesh_to_edge(film, points, within=0.03)[TIP] < high


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_every_edge_is_looked_at_alike(turns: int) -> None:
    film, points = hand(-1)
    x, y = points.T
    for _ in range(turns):  # np.rot90 turns anticlockwise
        film, (x, y) = np.rot90(film), (y, film.shape[1] - 1 - x)
    found = flesh_to_edge(np.ascontiguousarray(film), np.column_stack([x, y]), within=0.03)
    assert found[TIP] == pytest.approx(1.0, abs=0.05)


def test_only_tips_near_the_edge_are_looked_at() -> None:
    film, points = hand(-1)
    points[WRIST] = (120, ROWS - 1)
    points[JOINTS.index("tip_1")] = (COLUMNS / 2, 30)
    found = flesh_to_edge(film, points, within=0.03)
    assert np.flatnonzero(np.isfinite(found)).tolist() == [TIP]


def test_where_nothing_stands_out_or_a_tip_lies_outside_nothing_breaks() -> None:
    film, points = hand(-1)
    assert np.isnan(flesh_to_edge(np.full_like(film, 0.3), points, within=0.03)).all()
    points[TIP] = (120.0, -4.0)
    assert flesh_to_edge(film, points, within=0.03)[TIP] == pytest.approx(1.0, abs=0.05)
