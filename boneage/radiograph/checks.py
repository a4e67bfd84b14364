"""Limits that a picture must keep to be worth looking at, checked before and after its pixels are decoded."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.errors import ReadError, Refusal

MAX_PIXELS: Final = 100_000_000
"""Pictures above 100 megapixels are not decoded (the largest hand films are about 20)."""
MIN_SIDE: Final = 64
"""Shortest side in pixels below which no bone of a hand can be told from another."""
MIN_CONTRAST: Final = 0.006
"""Difference of the 99.5th and the 0.5th percentile below which a picture is blank (one and a half of 256 levels)."""

NATIVE_SIZE: Final = "export the film at its native size, not its thumbnail"
LOOK_FIRST: Final = "look at the film in a viewer, and export it again"
"""What helps a picture that is too small, and one that is blank."""


def check_size(rows: int, columns: int) -> None:
    """Check the size that a header claims, before memory is spent on it.

    Raises
    ------
    ReadError
        ``image_too_large`` above `MAX_PIXELS`.
    Refusal
        ``image_too_small`` if a side is shorter than `MIN_SIDE`.
    """
    if rows * columns > MAX_PIXELS:
        msg = f"the picture has {columns} x {rows} pixels, more than the limit of 100 megapixels"
        raise ReadError("image_too_large", msg, remedy="export the film at its native size or reduce it")
    if min(rows, columns) < MIN_SIDE:
        msg = f"the picture has {columns} x {rows} pixels, too few to show a hand (at least {MIN_SIDE} a side)"
        raise Refusal("image_too_small", msg, remedy=NATIVE_SIZE)


def contrast(pixels: NDArray[np.float32]) -> float:
    """Return the range of grey that the middle 99 % of the pixels span."""
    sample = pixels[:: max(1, pixels.shape[0] // 512), :: max(1, pixels.shape[1] // 512)]
    low, high = np.percentile(sample, [0.5, 99.5])
    return float(high - low)


def check_not_blank(pixels: NDArray[np.float32]) -> None:
    """Check that there is something to see.

    Raises
    ------
    Refusal
        ``image_blank`` if the grey levels hardly differ.
    """
    if contrast(pixels) < MIN_CONTRAST:
        msg = "the picture is blank: its grey levels hardly differ"
        raise Refusal("image_blank", msg, remedy=LOOK_FIRST)
