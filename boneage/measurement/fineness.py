"""How fine the grid of a label map is, and the unit in which this room's constants are written.

Every constant of the measurement room counts in *units*: pixels of the coarse hand frame, on which a palm is 150 pixels
long (`boneage.segmentation.hand_frame`). A label map on a grid twice as fine has two pixels to the unit. Positions
keep to pixel edges, so that a map and its enlargement by pixel repetition have their bones at the same place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boneage.segmentation.hand_frame import FRAME_SHAPE


def fineness_of(shape: tuple[int, ...]) -> int:
    """Return how many pixels of a grid of (rows, columns) lie along one unit: a whole number, at least 1.

    Examples
    --------
    >>> fineness_of((384, 320)), fineness_of((768, 640)), fineness_of((200, 200))
    (1, 2, 1)
    """
    return max(1, shape[0] // FRAME_SHAPE[0])


def to_units(pixels: NDArray[np.float64], fineness: int) -> NDArray[np.float64]:
    """Carry positions ``[x, y]`` in pixels (centres at whole numbers) to units."""
    return np.asarray(pixels / fineness - (fineness - 1) / (2 * fineness))


def to_pixels(units: NDArray[np.float64], fineness: int) -> NDArray[np.float64]:
    """Carry positions ``[x, y]`` in units to pixels (centres at whole numbers)."""
    return np.asarray(units * fineness + (fineness - 1) / 2)
