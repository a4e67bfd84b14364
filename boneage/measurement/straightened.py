"""A bone turned upright: its masks and pixels on a grid along and across its axis, and the edges found there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.measurement.axis import Vector
from boneage.measurement.components import Part
from boneage.measurement.fineness import to_pixels

STEP = 0.5
"""Spacing of the grid in units (`boneage.measurement.fineness`)."""

FEWEST_TO_FIT = 5
"""A parabola is fitted to at least this many samples of an edge."""

CENTRAL_SHARE = 0.7
"""The share of an edge that its parabola is fitted to."""

REACH = 3.0
"""The grid reaches this many units beyond the bone on every side."""

Profile = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grid:
    """Sample positions along (towards the growth plate) and across a bone, in units.

    Attributes
    ----------
    origin:
        ``[x, y]`` of (0, 0).
    plateward:
        Unit vector along the axis, from the middle of the shaft to its growth plate.
    along, across:
        Coordinates of the rows and columns, `STEP` apart.
    fineness:
        Pixels of the hand frame to the unit.
    """

    origin: Vector
    plateward: Vector
    along: Profile
    across: Profile
    fineness: int = 1

    @property
    def sideward(self) -> Vector:
        """Unit vector across the axis."""
        return np.array([-self.plateward[1], self.plateward[0]])

    def point(self, along: float, across: float = 0.0) -> Vector:
        """Return ``[x, y]`` in units of a position on the grid."""
        return self.origin + along * self.plateward + across * self.sideward

    def sample(self, image: NDArray[np.generic], offset: tuple[int, int], *, order: int = 1) -> Profile:
        """Interpolate an image (whose first pixel is at row, column ``offset``) on the grid; 0 outside it."""
        step = STEP * self.fineness
        first = to_pixels(self.origin, self.fineness) - (offset[1], offset[0])
        matrix = np.array(
            [
                [self.plateward[1] * step, self.sideward[1] * step],
                [self.plateward[0] * step, self.sideward[0] * step],
            ]
        )
        corner = first + self.fineness * (self.along[0] * self.plateward + self.across[0] * self.sideward)
        sampled = ndimage.affine_transform(
            np.asarray(image, dtype=np.float32),
            matrix,
            offset=(corner[1], corner[0]),
            output_shape=(self.along.size, self.across.size),
            order=order,
            mode="constant",
            prefilter=False,
        )
        return np.asarray(sampled, dtype=float)


def grid_over(origin: Vector, plateward: Vector, parts: tuple[Part, ...]) -> Grid:
    """Lay a grid over the parts of a bone, `REACH` pixels wider than they are."""
    points = np.concatenate([part.points() for part in parts]) - origin
    along = points @ plateward
    across = points @ np.array([-plateward[1], plateward[0]])
    return Grid(origin, plateward, _steps(along), _steps(across), fineness=parts[0].fineness)


def _steps(values: Profile) -> Profile:
    """Multiples of `STEP` that cover the values and `REACH` beyond."""
    first = np.floor((values.min() - REACH) / STEP)
    last = np.ceil((values.max() + REACH) / STEP)
    return np.arange(first, last + 1) * STEP


def row_widths(mask: Profile) -> Profile:
    """Width in units of a sampled mask in every row of the grid (the area of the row over its height)."""
    return np.asarray(mask.sum(axis=1) * STEP)


def far_edge(mask: Profile, coordinates: Profile) -> Profile:
    """Where each column of a sampled mask falls below one half for the last time, in units; ``nan`` where empty.

    The mask is interpolated linearly, so that the edge lies half-way between the last pixel centre inside and the
    first one outside. Works along the first dimension; flip the mask and the coordinates for the near edge.
    """
    inside = mask >= 0.5
    found = inside.any(axis=0)
    last = mask.shape[0] - 1 - np.argmax(inside[::-1], axis=0)
    last = np.minimum(last, mask.shape[0] - 2)
    columns = np.arange(mask.shape[1])
    here, there = mask[last, columns], mask[last + 1, columns]
    drop = np.where(here - there > 1e-9, here - there, 1.0)
    edge = coordinates[last] + np.clip((here - 0.5) / drop, 0, 1) * (coordinates[last + 1] - coordinates[last])
    return np.where(found, edge, np.nan)


def near_edge(mask: Profile, coordinates: Profile) -> Profile:
    """Where each column of a sampled mask rises above one half for the first time, in units; ``nan`` where empty."""
    return far_edge(mask[::-1], coordinates[::-1])


def farthest(edge: Profile, *, depth: float) -> float:
    """Return how far an edge reaches, without the stair-steps of a turned edge (``nan`` when all empty).

    Of the places that come within ``depth`` of the farthest (of a running mean over half that depth) the central
    `CENTRAL_SHARE` count: their mean, plus what roundness adds, which is the height of the vertex of the best fitting
    parabola over its own mean. A slope adds nothing. A flat end is so found without bias, a semicircle to 2 % of its
    radius. Of an end with fewer than `FEWEST_TO_FIT` such places the largest running mean is taken.

    Parameters
    ----------
    edge:
        Position of the edge in neighbouring columns, `STEP` apart.
    depth:
        How far the end may fall off, in units: what lies deeper is a side of the bone and not its end.
    """
    values = edge[np.isfinite(edge)]
    if values.size == 0:
        return float("nan")
    size = int(np.clip(round(depth / 2 / STEP), 1, values.size))
    sums = np.cumsum(np.concatenate(([0.0], values)))
    peak = float((sums[size:] - sums[:-size]).max()) / size
    values = values[values >= peak - depth]
    aside = round(values.size * (1 - CENTRAL_SHARE) / 2)
    central = values[aside : values.size - aside]
    if central.size < FEWEST_TO_FIT:
        return peak
    return float(central.mean() + max(0.0, float(_roundness(central.size) @ central)))


@lru_cache(maxsize=128)
def _roundness(size: int) -> Profile:
    """Weights that take from equally spaced values the height of their parabola's vertex over its mean."""
    place = np.linspace(-1, 1, size)
    square = place**2 - np.mean(place**2)
    return np.asarray(-np.mean(place**2) * square / float(square @ square))


def extent(mask: Profile, coordinates: Profile, *, depth: float) -> tuple[float, float]:
    """Return the first and last position of a sampled mask along its first dimension, in units.

    Parameters
    ----------
    mask:
        Sampled mask, the direction of interest first (transpose it for the extent across).
    coordinates:
        Positions of its rows in units.
    depth:
        How far an end may fall off, in units.
    """
    first = -farthest(-near_edge(mask, coordinates), depth=depth)
    return first, farthest(far_edge(mask, coordinates), depth=depth)
