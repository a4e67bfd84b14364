"""A bright frame round a film: paper behind a scan, an unexposed rim, a screen's margin. It is no part of the film.

Networks see a film stretched between its darkest and its brightest grey. A white frame takes the bright end for itself:
on a dim film next to nothing is left for the hand. So it is made as dark as the film's own background before anything
is looked for. A bright strip along one side alone is none: one film in thirty has it, and the networks know it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]

AS_BRIGHT: Final = 0.97
"""Share of the film's grey range that all but `STRAY` of a line reach where it is frame."""
STRAY: Final = 0.02
"""Share of a line's pixels that may be darker: specks, and what compression does."""
STEP: Final = 0.1
"""Share of the grey range by which a line between frame and film is brighter than the film behind it."""
SOFT: Final = 2
"""Lines between frame and film that may be of either: scaling and compression mix them."""
LEAST_LEFT: Final = 0.3
"""Share of a side that must be left; with less the bright part is the picture."""
DARK: Final = 0.02
"""Quantile of the film within its frame that stands for its background, as in `boneage.segmentation.resample`."""


def without_bright_frame(pixels: Pixels) -> Pixels:
    """Return a film with its bright frame as dark as its background; the very same array where it has none.

    Parameters
    ----------
    pixels:
        (rows, columns), bone bright. Places stay what they are: nothing is cut off.
    """
    top, bottom, left, right = bright_frame(pixels)
    rows, columns = pixels.shape
    if not any((top, bottom, left, right)):
        return pixels
    inside = np.s_[top : rows - bottom, left : columns - right]
    film = np.full_like(pixels, np.quantile(pixels[inside][::2, ::2], DARK))
    film[inside] = pixels[inside]
    return film


def bright_frame(pixels: Pixels) -> tuple[int, int, int, int]:
    """Return how many lines of the frame lie at the top, the bottom, the left and the right; none where it is none.

    Examples
    --------
    >>> film = np.zeros((50, 40), dtype=np.float32)
    >>> film[20:30, 15:25] = 0.3
    >>> film[:, :4] = film[:, -2:] = 1.0
    >>> bright_frame(film)
    (0, 0, 4, 2)
    """
    low, high = float(pixels.min()), float(pixels.max())
    if high <= low:
        return (0, 0, 0, 0)
    span, found = high - low, []
    for lines in (pixels, pixels[::-1], pixels.T, pixels.T[::-1]):
        found.append(_depth(lines, low + AS_BRIGHT * span, STEP * span))
    rows, columns = pixels.shape
    top, bottom, left, right = found
    if not (top and bottom) and not (left and right):
        return (0, 0, 0, 0)
    if rows - top - bottom < LEAST_LEFT * rows or columns - left - right < LEAST_LEFT * columns:
        return (0, 0, 0, 0)
    return top, bottom, left, right


def _depth(lines: Pixels, bright: float, step: float) -> int:
    """Return how many lines from the first on are frame, one that mixes it with the film included."""
    depth = 0
    while depth < len(lines) and np.quantile(lines[depth], STRAY) >= bright:
        depth += 1
    if not depth:
        return 0
    for _ in range(SOFT):
        if depth + SOFT < len(lines) and np.median(lines[depth]) - np.median(lines[depth + SOFT]) > step:
            depth += 1
    return depth
