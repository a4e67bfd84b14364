"""Joint positions from heat maps."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from boneage.segmentation.joints import heat_map_points


def gaussian(x: float, y: float, *, rows: int = 48, columns: int = 64, sigma: float = 1.5) -> torch.Tensor:
    """Logits (1, 1, rows, columns) whose softmax is a Gaussian."""
    xs, ys = torch.arange(columns).float(), torch.arange(rows).float()
    return -(((xs - x) ** 2)[None, :] + ((ys - y) ** 2)[:, None])[None, None] / (2 * sigma**2)


@settings(max_examples=60, deadline=None)
@given(x=st.floats(6, 57), y=st.floats(6, 41))
def test_a_peak_is_found_below_the_pixel(x: float, y: float) -> None:
    points, confidence = heat_map_points(gaussian(x, y))
    np.testing.assert_allclose(points[0, 0].numpy(), [x, y], atol=0.1)
    assert float(confidence[0, 0]) > 0.95


@pytest.mark.parametrize(("x", "y"), [(0, 0), (63, 0), (0, 47), (63, 47), (31.3, 0), (0, 20.6), (63, 11), (31, 47)])
def test_a_peak_at_the_edge_stays_at_the_edge(x: float, y: float) -> None:
    # What lies beyond the edge is missing, which draws the centre of mass inwards by at most 0.8 sigma.
    points, confidence = heat_map_points(gaussian(x, y))
    found = points[0, 0].numpy()
    assert np.abs(found - [x, y]).max() < 1.2
    assert (found >= 0).all()
    assert (found <= [63, 47]).all()
    for value, limit, place in zip(found, (63, 47), (x, y), strict=True):
        if 5 < place < limit - 5:
            assert value == pytest.approx(place, abs=0.1)
    assert 0.95 < float(confidence[0, 0]) <= 1.0001


@pytest.mark.parametrize("x", [2.5, 4.0, 59.5, 61.0])
def test_a_peak_near_the_edge_is_nearly_exact(x: float) -> None:
    points, _ = heat_map_points(gaussian(x, 20.0))
    assert float(points[0, 0, 0]) == pytest.approx(x, abs=0.3)


def test_two_peaks_are_not_certain_and_the_higher_one_is_taken() -> None:
    both = torch.logsumexp(torch.stack([gaussian(15, 12) + 0.3, gaussian(45, 33)]), dim=0)
    points, confidence = heat_map_points(both)
    np.testing.assert_allclose(points[0, 0].numpy(), [15, 12], atol=0.1)
    share = float(torch.sigmoid(torch.tensor(0.3)))
    assert float(confidence[0, 0]) == pytest.approx(share, abs=0.02)


def test_nothing_to_see_is_not_certain() -> None:
    _, confidence = heat_map_points(torch.zeros(1, 1, 48, 64))
    assert float(confidence[0, 0]) < 11 * 11 / (48 * 64) + 1e-3


def test_every_map_has_its_own_answer() -> None:
    places = [[(10.2, 12.7), (50.5, 30.1)], [(33.0, 8.4), (20.9, 39.5)], [(7.7, 22.2), (55.1, 10.0)]]
    logits = torch.stack([torch.cat([gaussian(x, y)[0] for x, y in row]) for row in places])
    points, confidence = heat_map_points(logits)
    assert points.shape == (3, 2, 2)
    assert confidence.shape == (3, 2)
    np.testing.assert_allclose(points.numpy(), places, atol=0.1)


def test_the_height_of_the_logits_does_not_matter() -> None:
    points, confidence = heat_map_points(gaussian(20.3, 20.8) + 500.0)
    expected, certain = heat_map_points(gaussian(20.3, 20.8))
    torch.testing.assert_close(points, expected, atol=1e-3, rtol=0)
    torch.testing.assert_close(confidence, certain, atol=1e-3, rtol=0)
