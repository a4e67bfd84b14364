"""Metacarpals 2 to 5 completed by grey levels where the first network leaves out a side or the base.

The network learned shafts that were grown from edges, and the faint ulnar border of the fifth metacarpal was often
missed. What lies against a shaft, is as bright as it and belongs to nothing else is added to it; holes are filled. The
distal end, where the growth plate is, stays as it was found. Where the edge of the bone runs outside a side that was
found, the notch is filled.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_otsu

from boneage.anatomy import LABEL_VALUES
from boneage.segmentation.edge_path import cheapest_path, edge_strength, sides

_SHAFTS: Final = tuple(LABEL_VALUES[f"metacarpal_{ray}"] for ray in (2, 3, 4, 5))
_REACH: Final = 9
"""Pixels of the fine grid that a shaft may grow sideways."""

_DISTAL_SHARE: Final = 0.15
"""Share of the shaft's extent at its distal end that is not changed."""

_FLATTEST: Final = 0.05
"""Range of grey levels below which nothing can be told apart."""

_FEWEST: Final = 200
"""Pixels of a shaft, or round it, below which it is left alone."""

_NOTCH: Final = 3
"""Pixels that the edge must lie outside a side that was found, over `_LEAST_ROWS` rows; nearer it stays as found."""

_LEAST_ROWS: Final = 8
_PULL: Final = 0.02
"""Cost of a pixel between the path along an edge and the side that was found, up to `_FARTHEST`; no edge costs 1."""

_FARTHEST: Final = 0.6

_BASE_SHARE: Final = 0.15
"""Share of the shaft's extent at its base, where bones overlap, in which no edge is followed."""

_MARGIN: Final = 30


def complete_metacarpals(labels: NDArray[np.uint8], picture: NDArray[np.float32]) -> None:
    """Complete the shafts of metacarpals 2 to 5, in place.

    Parameters
    ----------
    labels, picture:
        (rows, columns) on the fine grid; the picture normalised, bone bright.
    """
    boxes = ndimage.find_objects(labels, max_label=max(_SHAFTS))
    for value in _SHAFTS:
        box = boxes[value - 1]
        if box is not None:
            rows, columns = (
                slice(max(0, side.start - _MARGIN), min(limit, side.stop + _MARGIN))
                for side, limit in zip(box, labels.shape, strict=True)
            )
            _complete(labels[rows, columns], picture[rows, columns], value)
            _fill_notches(labels[rows, columns], picture[rows, columns], value)


def _complete(labels: NDArray[np.uint8], picture: NDArray[np.float32], value: int) -> None:
    """Complete one shaft in its crop, in place."""
    shaft = labels == value
    rows = np.flatnonzero(shaft.any(axis=1))
    if shaft.sum() < _FEWEST:
        return
    changeable = (labels == 0) | shaft
    changeable[: int(rows[0] + _DISTAL_SHARE * np.ptp(rows))] = False
    near = (ndimage.distance_transform_edt(~shaft) <= _REACH) & changeable
    smooth = ndimage.gaussian_filter(picture, 1.0)
    if near.sum() < _FEWEST or np.ptp(smooth[near]) < _FLATTEST:
        return
    bright = near & (smooth > threshold_otsu(smooth[near]))
    whole = ndimage.binary_opening(bright | shaft, iterations=2) | shaft
    whole = ndimage.binary_propagation(shaft, mask=whole)
    filled = ndimage.binary_fill_holes(whole) & ((labels == 0) | shaft)
    labels[filled & changeable] = value


def _fill_notches(labels: NDArray[np.uint8], picture: NDArray[np.float32], value: int) -> None:
    """Fill what lies between a side that was found and an edge outside it, in a crop, in place."""
    shaft = labels == value
    rows = np.flatnonzero(shaft.any(axis=1))
    if not rows.size:
        return
    share = np.ptp(rows)
    inner = slice(int(rows[0] + _DISTAL_SHARE * share), int(rows[-1] - _BASE_SHARE * share))
    drawn = shaft[inner]
    edges = edge_strength(picture[inner], drawn) if drawn.any(axis=1).all() and len(drawn) > _LEAST_ROWS else None
    if edges is None:
        return
    columns = np.arange(drawn.shape[1])
    for sign, side in zip((1, -1), sides(drawn), strict=True):
        away = np.abs(columns - side[:, None])
        path = cheapest_path(1 - np.clip(sign * edges, 0, 1) + np.minimum(_PULL * away, _FARTHEST))
        outside = _long_runs(sign * (side - path))
        between = (sign * columns >= sign * path[:, None]) & (sign * columns <= sign * side[:, None])
        drawn |= between & outside[:, None]
    labels[inner][ndimage.binary_fill_holes(drawn) & (labels[inner] == 0)] = value


def _long_runs(gap: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return the rows (n,) of those runs of positive gaps that are wide for long enough."""
    runs, count = ndimage.label(gap > 0)
    wide = np.bincount(runs[gap > _NOTCH], minlength=count + 1) >= _LEAST_ROWS
    return np.asarray(wide[runs] & (runs > 0))
