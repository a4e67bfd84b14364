"""Edges and widths on the straightened grid."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.measurement.components import Part
from boneage.measurement.straightened import (
    REACH,
    STEP,
    extent,
    far_edge,
    farthest,
    grid_over,
    near_edge,
    row_widths,
)


def part(mask: np.ndarray) -> Part:
    return Part(mask=np.pad(mask, 2), offset=(18, 8), touches_edge=False)  # first pixel at row 20, column 10


UP = np.array([0.0, -1.0])


def test_grid_covers_the_part_and_a_margin() -> None:
    grid = grid_over(np.array([12.0, 25.0]), UP, (part(np.ones((11, 5), dtype=bool)),))
    assert grid.along[0] == -5 - REACH
    assert grid.along[-1] == 5 + REACH
    assert np.diff(grid.along) == pytest.approx(STEP)
    assert grid.across[0] == -2 - REACH
    assert grid.point(5.0, 2.0) == pytest.approx([14.0, 20.0])


def test_sampled_mask_has_the_size_of_its_pixels() -> None:
    drawn = part(np.ones((11, 5), dtype=bool))
    grid = grid_over(np.array([12.0, 25.0]), UP, (drawn,))
    mask = grid.sample(drawn.mask, drawn.offset)
    widths = row_widths(mask)
    assert widths[np.abs(grid.along) < 4] == pytest.approx(5.0)
    assert extent(mask, grid.along, depth=2.5) == pytest.approx((-5.5, 5.5))
    assert extent(mask.T, grid.across, depth=5) == pytest.approx((-2.5, 2.5))


def test_sampling_keeps_up_and_sides_apart() -> None:
    image = np.zeros((15, 9), dtype=np.float32)
    image[3, 6] = 1.0  # above and to the right of the middle
    grid = grid_over(np.array([12.0, 25.0]), UP, (part(np.ones((11, 5), dtype=bool)),))
    sampled = grid.sample(image, (18, 8))
    row, column = np.unravel_index(int(sampled.argmax()), sampled.shape)
    assert grid.point(grid.along[row], grid.across[column]) == pytest.approx([14.0, 21.0])


def test_edges_are_half_way_and_nan_where_empty() -> None:
    mask = np.zeros((8, 3))
    mask[2:5, 0] = 1.0
    mask[2:6, 1] = (0.25, 1.0, 1.0, 0.75)
    position = np.arange(8.0)
    assert far_edge(mask, position)[:2] == pytest.approx([4.5, 5 + 1 / 3])
    assert near_edge(mask, position)[:2] == pytest.approx([1.5, 2 + 1 / 3])
    assert np.isnan(far_edge(mask, position)[2])


def test_flat_edge_with_stairs_is_its_mean() -> None:
    stairs = np.tile([10.0, 10.5, 11.0, 10.5], 10)
    assert farthest(stairs, depth=5) == pytest.approx(10.5, abs=0.06)


def test_sloping_edge_is_its_middle() -> None:
    assert farthest(10 + 0.05 * np.arange(-20, 21), depth=5) == pytest.approx(10.0, abs=0.05)


@pytest.mark.parametrize("radius", [6.0, 12.0, 24.0])
def test_round_edge_is_its_top(radius: float) -> None:
    across = np.arange(-radius, radius + STEP / 2, STEP)
    edge = 50 + np.sqrt(np.maximum(radius**2 - across**2, 0))
    assert farthest(edge, depth=radius) == pytest.approx(50 + radius, abs=0.02 * radius)


def test_hollow_edge_is_lower_than_its_rims() -> None:
    edge = 10 + 0.02 * np.arange(-20.0, 21.0) ** 2
    assert 10.5 < farthest(edge, depth=20) < 18


def test_sides_seen_from_the_end_do_not_count() -> None:
    edge = np.full(40, 10.0)
    edge[:12] = -20  # a flare of the other end
    edge[38:] = (4, -5)  # a corner
    assert farthest(edge, depth=7) == pytest.approx(10.0)


def test_spike_of_one_pixel_does_not_make_the_end() -> None:
    edge = np.full(41, 10.0)
    edge[20:22] = 14.0
    assert farthest(edge, depth=7) < 10.8


def test_few_places_are_averaged() -> None:
    assert farthest(np.array([10.0, 10.4, 9.9]), depth=1.5) == pytest.approx(10.2, abs=0.1)


def test_no_edge_is_nan() -> None:
    assert np.isnan(farthest(np.array([np.nan, np.nan]), depth=2))
