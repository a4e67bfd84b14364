"""The side of a bone that stands about upright, followed along the step from soft tissue to bone."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_FLATTEST: Final = 0.002
"""Steepness of the edges, in shares of the grey range a pixel, below which nothing can be followed."""

_SLANT: Final = 0.05
"""Cost of a step to the side."""


def sides(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first and the last column of a mask (rows, columns) in every row; no row may be empty.

    Examples
    --------
    >>> sides(np.array([[0, 1, 1, 0], [1, 1, 0, 1]], dtype=bool))
    (array([1, 0]), array([2, 3]))
    """
    return mask.argmax(axis=1), mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)


def edge_strength(grey: NDArray[np.float32], drawn: NDArray[np.bool_]) -> NDArray[np.float32] | None:
    """Return how steeply it grows brighter to the right, about 1 at a left side of the bone and -1 at a right one.

    Parameters
    ----------
    grey:
        (rows, columns), bone bright, 0 outside the film.
    drawn:
        (first rows, columns): what of the bone is drawn already; the edges near it are the measure.

    Returns
    -------
    array or None
        (rows, columns); ``None`` where it is flat.
    """
    slope = ndimage.sobel(ndimage.gaussian_filter(grey, 1.0), axis=1) / 8
    slope[ndimage.binary_dilation(grey == 0, iterations=3)] = 0
    near = np.abs(slope[: len(drawn)][ndimage.binary_dilation(drawn, iterations=3)])
    steepness = float(np.percentile(near, 95)) if near.size else 0.0
    return None if steepness < _FLATTEST else np.asarray(slope / steepness)


def cheapest_path(cost: NDArray[np.floating]) -> NDArray[np.intp]:
    """Return the column in every row of the cheapest way from the first row to the last, a column aside a row at most.

    Examples
    --------
    >>> cheapest_path(np.array([[1, 0, 1], [1, 1, 0], [1, 1, 0.0]]))
    array([1, 2, 2])
    """
    rows, columns = cost.shape
    came = np.zeros(cost.shape, dtype=np.intp)
    padded = np.full(columns + 2, np.inf)
    total = padded[1:-1]
    total[:] = cost[0]
    for row in range(1, rows):
        ways = np.stack([total, padded[:-2] + _SLANT, padded[2:] + _SLANT])  # straight, from the left, the right
        came[row] = np.array([0, -1, 1])[ways.argmin(axis=0)]
        total[:] = ways.min(axis=0) + cost[row]
    path = np.empty(rows, dtype=np.intp)
    path[-1] = total.argmin()
    for row in range(rows - 1, 0, -1):
        path[row - 1] = path[row] + came[row, path[row]]
    return path
