"""Widths of shafts that are not bars."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.measurement.components import Part
from boneage.measurement.shaft import Shaft, measure_shaft
from boneage.measurement.straightened import grid_over


def measured(mask: np.ndarray, *, cut: bool = False) -> Shaft:
    """Measure a mask whose plate end is up."""
    part = Part(mask=np.pad(mask, 2), offset=(-2, -2), touches_edge=False)
    grid = grid_over(part.centroid(), np.array([0.0, -1.0]), (part,))
    return measure_shaft(grid.sample(part.mask, part.offset), grid, cut=cut)


def hourglass(rows: int = 81) -> np.ndarray:
    """Width 31 at the top, 11 in the middle rows, 21 at the bottom."""
    mask = np.zeros((rows, 41), dtype=bool)
    place = np.linspace(1, -1, rows)
    half = np.where(place > 0, 5 + 10 * place, 5 - 5 * place).round().astype(int)
    for row, width in enumerate(half):
        mask[row, 20 - width : 21 + width] = True
    return mask


def test_middle_and_metaphysis_of_a_flared_shaft() -> None:
    shaft = measured(hourglass())
    assert shaft.length == pytest.approx(81, abs=0.5)
    assert shaft.width == pytest.approx(12, abs=0.8)
    assert shaft.metaphysis_width == pytest.approx(30, abs=2)


def test_metaphysis_is_the_end_at_the_plate() -> None:
    assert measured(hourglass()[::-1]).metaphysis_width == pytest.approx(20, abs=1)


def test_cut_shaft_is_measured_one_metaphysis_from_the_plate() -> None:
    mask = np.ones((60, 20), dtype=bool)
    mask[30:, :5] = False
    mask[30:, 15:] = False  # 20 wide for 30 rows, then 10
    assert measured(mask, cut=True).width == pytest.approx(20, abs=0.2)
    assert measured(mask).width == pytest.approx(15, abs=0.8)


def test_short_stump_has_no_width_but_a_metaphysis() -> None:
    stump = measured(np.ones((15, 20), dtype=bool), cut=True)
    assert np.isnan(stump.width)
    assert stump.metaphysis_width == pytest.approx(20, abs=0.2)
