"""Width and height of an epiphysis and its distance from the shaft."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.measurement.straightened import STEP, Grid, Profile, extent, far_edge, near_edge

CENTRAL_SHARE = 0.5
"""Height and gap are means over this share of the width, about the middle."""

SIDE_SHARE = 0.05
"""What lies within this share of the width (1.5 units or more) of the outermost point is the side of an epiphysis."""

NAN = float("nan")


@dataclass(frozen=True, eq=False)
class Epiphysis:
    """An epiphysis on the grid of its bone, in units (`boneage.measurement.fineness`).

    Attributes
    ----------
    end:
        Position along the axis of the surface away from the shaft.
    sides:
        First and last position across the axis.
    height:
        Mean thickness along the axis over the central half of the width.
    """

    end: float
    sides: tuple[float, float]
    height: float

    @property
    def width(self) -> float:
        """Extent across the axis."""
        return self.sides[1] - self.sides[0]

    def central(self, across: Profile) -> NDArray[np.bool_]:
        """Tell which columns of the grid lie in the central half of the width."""
        middle = (self.sides[0] + self.sides[1]) / 2
        return np.asarray(np.abs(across - middle) <= max(CENTRAL_SHARE / 2 * self.width, STEP))


def measure_epiphysis(mask: Profile, grid: Grid) -> Epiphysis:
    """Measure an epiphysis on the grid of its bone (the plate end is where ``along`` grows)."""
    columns = mask.sum(axis=0) * STEP
    spans = [int(np.count_nonzero((mask >= 0.5).any(axis=axis))) * STEP for axis in (0, 1)]
    sides = extent(mask.T, grid.across, depth=max(1.5, SIDE_SHARE * spans[0]))
    end = extent(mask, grid.along, depth=max(1.5, spans[1] / 2))[1]
    found = Epiphysis(end=end, sides=sides, height=NAN)
    central = found.central(grid.across)
    height = float(columns[central].mean()) if central.any() else NAN
    return Epiphysis(end=end, sides=sides, height=height)


PlateEdges = tuple[NDArray[np.intp], Profile, Profile]


def plate_edges(shaft: Profile, epiphysis: Profile, found: Epiphysis, grid: Grid) -> PlateEdges:
    """Return the two surfaces of the growth plate over the central half of the epiphysis.

    Returns
    -------
    columns, shaft_edge, epiphysis_edge:
        Indices of the grid's columns where both surfaces exist, and the positions along the axis of the shaft's
        plate end and of the epiphysis's near surface there.
    """
    columns = np.flatnonzero(found.central(grid.across))
    below = far_edge(shaft[:, columns], grid.along)
    above = near_edge(epiphysis[:, columns], grid.along)
    both = np.isfinite(below) & np.isfinite(above)
    return columns[both], below[both], above[both]


def gap_between(shaft_edge: Profile, epiphysis_edge: Profile) -> float:
    """Mean distance along the axis of the two surfaces, 0 where they touch or overlap (``nan`` without columns)."""
    if shaft_edge.size == 0:
        return NAN
    return float(np.maximum(epiphysis_edge - shaft_edge, 0.0).mean())
