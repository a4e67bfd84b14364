"""A part of the film round one bone, on which its two ends are shown and can be dragged."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.correction.correction import Ends
from boneage.report.figures.scene import Box, Handle, Scene, Shape, film_data_uri
from boneage.report.figures.style import ANSWER
from boneage.report.overlay import film_window

ROOM: Final = 0.35
"""What is shown beyond either end, as a share of the bone's length."""


def placing_scene(
    pixels: NDArray[np.float32], ends: Ends, *, names: tuple[str, str], before: Ends | None = None
) -> Scene:
    """Return the film round a bone with its two ends to be dragged.

    Parameters
    ----------
    pixels:
        The film, shape (rows, columns), 0 to 1 with bone bright.
    ends:
        Proximal and distal end, ``[x, y]`` in film pixels.
    names:
        Words of the two ends.
    before:
        The ends as the program found them, drawn thinner, where they differ. The view is round them, so that it stays
        while an end is dragged within it.
    """
    view = view_of(before or ends, ends)
    rows, columns = pixels.shape
    x0, x1 = _part(view.x - view.width / 2, 2 * view.width, columns)
    y0, y1 = _part(view.y - view.height / 2, 2 * view.height, rows)
    seen = pixels[slice(*_part(view.y, view.height, rows)), slice(*_part(view.x, view.width, columns))]
    source = film_data_uri(pixels[y0:y1, x0:x1], film_window(seen))
    found = () if before is None or before == ends else (Shape("before", tuple(before), ANSWER, 2.5),)
    handles = tuple(Handle(name, *end) for name, end in zip(names, ends, strict=True))
    return Scene(source, Box(x0 - 0.5, y0 - 0.5, x1 - x0, y1 - y0), view, found, handles)


def view_of(found: Ends, ends: Ends) -> Box:
    """Return the square that is shown: round the ends as found, and round those placed where they lie beyond it."""
    length = max(math.dist(*found), 1.0)
    box = _square(np.array(found), length)
    inside = all(box.x < x < box.x + box.width and box.y < y < box.y + box.height for x, y in ends)
    return box if inside else _square(np.array([*found, *ends]), length)


def _square(points: NDArray[np.float64], length: float) -> Box:
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max()) + 2 * ROOM * length
    left, top = ((low + high) / 2 - side / 2).tolist()
    return Box(left, top, side, side)


def _part(start: float, length: float, size: int) -> tuple[int, int]:
    """Return the whole pixels of a stretch that lie on the film, at least one."""
    first = min(max(math.floor(start), 0), size - 1)
    return first, min(max(math.ceil(start + length), first + 1), size)
