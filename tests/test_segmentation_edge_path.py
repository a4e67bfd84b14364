"""A path along an edge, on grids whose best path is known."""

from __future__ import annotations

import numpy as np

from boneage.segmentation.edge_path import cheapest_path, edge_strength


def test_the_path_goes_where_it_is_cheapest_and_one_column_a_step() -> None:
    cost = np.ones((6, 7))
    for row, column in enumerate([1, 2, 3, 4, 4, 5]):
        cost[row, column] = 0
    assert cheapest_path(cost).tolist() == [1, 2, 3, 4, 4, 5]
    cost[:, 6] = -0.2  # a way of its own, cheaper as a whole
    cost[5, 5] = 1
    assert cheapest_path(cost).tolist() == [6] * 6


def test_both_sides_of_a_bright_band_stand_out_with_their_sign_and_the_film_edge_does_not() -> None:
    grey = np.full((40, 60), 0.3, dtype=np.float32)
    grey[:, 20:40] = 0.8
    grey[:, 50:] = 0
    edges = edge_strength(grey, grey > 0.5)
    assert edges is not None
    assert abs(edges[20, 20] - 1) < 0.1 and abs(edges[20, 39] + 1) < 0.1
    assert not edges[:, 48:].any()


def test_a_flat_picture_has_no_edges() -> None:
    assert edge_strength(np.full((20, 20), 0.4, dtype=np.float32), np.ones((20, 20), dtype=bool)) is None
