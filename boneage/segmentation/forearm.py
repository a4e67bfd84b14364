"""The shafts of radius and ulna, each side followed down its edge from where the wrist's network has drawn it.

Below the wrist's patch the first network alone sees the forearm, and it was never told that the soft tissue between
both bones is none of theirs. The step from soft tissue to bone says where a side goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import LABEL_VALUES
from boneage.segmentation.edge_path import cheapest_path, edge_strength, sides

SHAFTS: Final = (LABEL_VALUES["radius"], LABEL_VALUES["ulna"])
_END: Final = 10
"""Rows at a shaft's end that stay as they are drawn: there the metaphysis flares."""

_FEWEST: Final = 16
"""Rows further down that must be drawn for a side to be followed."""

_SPUR: Final = 11
"""Pixels; what is narrower than this is no part of a shaft but stands out from it."""

_REACH: Final = 80
"""Pixels to either side of the drawn shaft within which a side is looked for."""

_PULL: Final = 0.05
"""Cost of a pixel between the path and the drawn side; an edge that is missing altogether costs 1."""

_STRETCH: Final = 4
"""Rows over which a side's direction is taken."""


@dataclass(frozen=True)
class _Window:
    """Where a shaft is followed: rows and columns of the fine grid, and the mask of what is drawn in its first rows."""

    rows: slice
    columns: slice
    drawn: NDArray[np.bool_]


def follow_shafts(labels: NDArray[np.uint8], picture: NDArray[np.float32], first_row: int) -> None:
    """Draw the shafts of radius and ulna between their edges, in place; one whose edges cannot be seen stays as it is.

    Parameters
    ----------
    labels, picture:
        (rows, columns) on the fine grid; the picture normalised, bone bright, 0 outside the film.
    first_row:
        Labels above it are the wrist's network's.
    """
    _, end = _extent(np.isin(labels, SHAFTS), axis=1)
    windows = {value: window for value in SHAFTS if (window := _window(labels[:end] == value, first_row)) is not None}
    inside = {value: mask for value, window in windows.items() if (mask := _between(picture, window)) is not None}
    for value in inside:
        part = labels[windows[value].rows]
        part[part == value] = 0
    for value, mask in inside.items():
        part = labels[windows[value].rows, windows[value].columns]
        part[mask & (part == 0)] = value


def _window(shaft: NDArray[np.bool_], first_row: int) -> _Window | None:
    """Return where a shaft is followed, to the last row of its mask; ``None`` where too little of it is drawn."""
    top, lowest = _extent(shaft[:first_row], axis=1)
    west, east = _extent(shaft, axis=0)
    if lowest - top < _END + _FEWEST:
        return None
    drawn = np.zeros((lowest - top, shaft.shape[1]), dtype=bool)
    crop = shaft[top:lowest, west:east].astype(np.uint8)
    drawn[:, west:east] = largest_piece(ndimage.grey_opening(crop, size=_SPUR) > 0)
    above, below = _extent(drawn, axis=1)
    if below - above < _END + _FEWEST:
        return None
    rows, columns = slice(top + above + _END, len(shaft)), slice(max(0, west - _REACH), east + _REACH)
    return _Window(rows, columns, drawn[above + _END : below, columns])


def _extent(mask: NDArray[np.bool_], *, axis: int) -> tuple[int, int]:
    """Return the first row (``axis`` 1) or column (0) of a mask and the one after the last; (0, 0) if it is empty."""
    places = np.flatnonzero(mask.any(axis=axis))
    return (int(places[0]), int(places[-1]) + 1) if places.size else (0, 0)


def _between(picture: NDArray[np.float32], window: _Window) -> NDArray[np.bool_] | None:
    """Return what lies between both sides of a shaft, of the window's shape; ``None`` where they cannot be seen."""
    grey, drawn = picture[window.rows, window.columns], window.drawn
    edges = edge_strength(grey, drawn)
    if edges is None:
        return None
    first, last = sides(drawn)
    left, right = _side(edges, first, outwards=-1), _side(-edges, last, outwards=1)
    columns = np.arange(grey.shape[1])
    return (columns >= left[:, None]) & (columns <= right[:, None]) & (grey != 0)


def _side(edges: NDArray[np.float32], drawn: NDArray[np.intp], *, outwards: int) -> NDArray[np.intp]:
    """Return the column of a side in every row: as drawn to the corner of the metaphysis, from there along the edge.

    ``edges`` (rows, columns) are 1 where there is the edge of a bone; ``drawn`` are the columns of the first rows. From
    the corner on the side goes over to the edge by a column a row.
    """
    cost = 1 - np.clip(edges, 0, 1)
    known = len(drawn)
    cost[:known] += np.minimum(_PULL * np.abs(np.arange(cost.shape[1]) - drawn[:, None]), 1)
    side = cheapest_path(cost)
    leeway = np.maximum(np.arange(known) - _corner(outwards * drawn), 0)
    side[:known] = drawn + np.clip(side[:known] - drawn, -leeway, leeway)
    return side


def _corner(widening: NDArray[np.intp]) -> int:
    """Return the first row from which a side goes outwards by no more than a column a row; above it is the plate."""
    steep = widening[_STRETCH:] - widening[:-_STRETCH] > _STRETCH
    return int(np.argmin(steep)) if not steep.all() else len(steep)


def largest_piece(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the largest connected component."""
    components, count = ndimage.label(mask)
    if count < 2:
        return mask
    sizes = np.bincount(components.ravel())
    sizes[0] = 0
    return np.asarray(components == sizes.argmax())
