"""Epiphyses and gaps on an upright grid."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.measurement.components import Part
from boneage.measurement.epiphysis import gap_between, measure_epiphysis, plate_edges
from boneage.measurement.straightened import Grid, grid_over

UP = np.array([0.0, -1.0])


def sampled(shaft: np.ndarray, epiphysis: np.ndarray) -> tuple[np.ndarray, np.ndarray, Grid]:
    """Sample two masks of one frame with the plate above the shaft."""
    parts = tuple(Part(mask=np.pad(mask, 2), offset=(-2, -2), touches_edge=False) for mask in (shaft, epiphysis))
    grid = grid_over(parts[0].centroid(), UP, parts)
    masks = [grid.sample(part.mask, part.offset) for part in parts]
    return masks[0], masks[1], grid


def frame() -> np.ndarray:
    return np.zeros((60, 40), dtype=bool)


def test_disc_shaped_epiphysis() -> None:
    shaft, epiphysis = frame(), frame()
    shaft[20:50, 10:30] = True
    epiphysis[10:16, 8:32] = True
    shaft_mask, epiphysis_mask, grid = sampled(shaft, epiphysis)
    found = measure_epiphysis(epiphysis_mask, grid)
    assert found.width == pytest.approx(24)
    assert found.height == pytest.approx(6)
    columns, below, above = plate_edges(shaft_mask, epiphysis_mask, found, grid)
    assert columns.size == pytest.approx(24, abs=2)  # half of 24 pixels in steps of one half
    assert gap_between(below, above) == pytest.approx(4)


def test_height_and_gap_are_means_over_the_middle_half() -> None:
    shaft, epiphysis = frame(), frame()
    shaft[20:50, 10:30] = True
    epiphysis[10:16, 10:30] = True
    epiphysis[10:20, 10:12] = True  # the rims reach down to the shaft
    epiphysis[10:20, 28:30] = True
    epiphysis[8:16, 15:25] = True  # thicker by two in the middle half
    shaft_mask, epiphysis_mask, grid = sampled(shaft, epiphysis)
    found = measure_epiphysis(epiphysis_mask, grid)
    assert found.height == pytest.approx(8, abs=0.2)
    _, below, above = plate_edges(shaft_mask, epiphysis_mask, found, grid)
    assert gap_between(below, above) == pytest.approx(4)


def test_touching_parts_have_no_gap() -> None:
    shaft, epiphysis = frame(), frame()
    shaft[16:50, 10:30] = True
    epiphysis[10:16, 10:30] = True
    shaft_mask, epiphysis_mask, grid = sampled(shaft, epiphysis)
    found = measure_epiphysis(epiphysis_mask, grid)
    _, below, above = plate_edges(shaft_mask, epiphysis_mask, found, grid)
    assert gap_between(below, above) == pytest.approx(0, abs=1e-6)


def test_epiphysis_beside_the_shaft_has_no_gap_to_measure() -> None:
    shaft, epiphysis = frame(), frame()
    shaft[20:50, 5:15] = True
    epiphysis[10:16, 22:36] = True
    shaft_mask, epiphysis_mask, grid = sampled(shaft, epiphysis)
    columns, below, above = plate_edges(shaft_mask, epiphysis_mask, measure_epiphysis(epiphysis_mask, grid), grid)
    assert columns.size == 0
    assert np.isnan(gap_between(below, above))


@pytest.mark.parametrize("degrees", [-20, 20])
def test_tilted_epiphysis_keeps_its_full_extent(degrees: float) -> None:
    shaft = np.zeros((100, 80), dtype=bool)
    shaft[50:90, 20:60] = True
    rows, columns = np.indices(shaft.shape)
    angle = np.radians(degrees)
    along = (columns - 39.5) * np.cos(angle) + (rows - 30) * np.sin(angle)
    across = -(columns - 39.5) * np.sin(angle) + (rows - 30) * np.cos(angle)
    epiphysis = (np.abs(along) < 18) & (np.abs(across) < 4)
    _, epiphysis_mask, grid = sampled(shaft, epiphysis)
    full = 36 * np.cos(abs(angle)) + 8 * np.sin(abs(angle))
    assert measure_epiphysis(epiphysis_mask, grid).width == pytest.approx(full, abs=1.8)
