"""Films whose grey levels a few stray pixels crush: one of 65,535 among 8-bit values makes a film look blank."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boneage.radiograph.checks import MIN_CONTRAST, contrast

_PERCENTILES: Final = (0.05, 99.95)
_FEWEST_LEVELS: Final = 16
"""Of whole numbers, that the rest must span: fewer are noise."""


def without_outliers(levels: NDArray[Any], grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return grey levels as they are, unless they are blank for the sake of stray pixels: then those are cut off.

    Parameters
    ----------
    levels:
        Levels before scaling (rows, columns), finite.
    grey:
        The same scaled to 0..1.
    """
    if contrast(grey) >= MIN_CONTRAST:
        return grey
    low, high = (float(value) for value in np.percentile(levels, _PERCENTILES))
    whole = float(levels.max()) - float(levels.min())
    fewest = _FEWEST_LEVELS if levels.dtype.kind in "ui" or bool((levels == np.rint(levels)).all()) else 0
    if not max(fewest, 1e-30) < high - low < whole / 2:
        return grey
    return np.clip((levels.astype(np.float64) - low) / (high - low), 0, 1).astype(np.float32)
