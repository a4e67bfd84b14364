"""Widths of a shaft: at its middle and at the metaphysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boneage.measurement.straightened import STEP, Grid, Profile, extent, row_widths

MIDDLE_SHARE = 0.2
"""The mid-shaft width is the mean over this share of the shaft's length about its middle."""

NAN = float("nan")


@dataclass(frozen=True)
class Shaft:
    """A shaft on its grid, in units (`boneage.measurement.fineness`).

    Attributes
    ----------
    far_end, plate_end:
        Positions along the axis of the end away from the growth plate and of the end at the plate.
    width:
        Width at the middle (see `measure_shaft` for radius and ulna).
    metaphysis_width:
        Largest width next to the plate.
    """

    far_end: float
    plate_end: float
    width: float
    metaphysis_width: float

    @property
    def length(self) -> float:
        """Length along the axis."""
        return self.plate_end - self.far_end


def measure_shaft(mask: Profile, grid: Grid, *, cut: bool) -> Shaft:
    """Measure a shaft on its grid.

    Parameters
    ----------
    mask:
        The sampled mask of the shaft.
    grid:
        Its grid.
    cut:
        Whether the film's edge cuts the end away from the plate. The middle of the shaft is unknown then, and the
        width is taken one metaphysis width away from the plate end instead (``nan`` when so much is not visible).
    """
    widths = row_widths(mask)
    filled = widths[widths > 0.5]
    typical = float(np.median(filled)) if filled.size else 1.0
    far_end, plate_end = extent(mask, grid.along, depth=max(2.0, typical / 2))
    length = plate_end - far_end
    if not np.isfinite(length) or length <= 0:
        return Shaft(far_end, plate_end, NAN, NAN)
    metaphysis = _widest(widths, grid, plate_end - min(length / 3, typical), plate_end)
    if cut:
        middle, half = plate_end - metaphysis, max(1.0, MIDDLE_SHARE / 2 * metaphysis)
        width = _mean_width(widths, grid, middle, half) if middle - half > far_end else NAN
    else:
        width = _mean_width(widths, grid, (far_end + plate_end) / 2, max(1.0, MIDDLE_SHARE / 2 * length))
    return Shaft(far_end, plate_end, width, metaphysis)


def _mean_width(widths: Profile, grid: Grid, middle: float, half: float) -> float:
    """Mean width of the rows within ``half`` units of ``middle``."""
    rows = np.abs(grid.along - middle) <= half
    return float(widths[rows].mean()) if rows.any() else NAN


def _widest(widths: Profile, grid: Grid, first: float, last: float) -> float:
    """Largest mean width between two positions over a third of their distance (2 units or more)."""
    rows = (grid.along >= first) & (grid.along <= last)
    values = widths[rows]
    if values.size == 0:
        return NAN
    size = int(np.clip(round(max(2.0, (last - first) / 3) / STEP), 1, values.size))
    return float(np.convolve(values, np.full(size, 1 / size), mode="valid").max())
