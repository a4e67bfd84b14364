"""The ends of the radius and ulna shafts on the fine grid, decided by grey levels where the first network blurs them.

The first network was never told that the soft tissue above the ulna and between both bones is none of theirs. Here what
is clearly darker than bone is taken out of their labels, and what is neither clearly bone nor clearly darker is not
known.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.segmentation.forearm import SHAFTS, air_level, bone_threshold, runs
from boneage.training.named_masks import IGNORE

FIRST_ROW: Final = 560
"""The forearm begins below this row of the fine grid."""

_DOUBT: Final = 0.2
"""Half the band of doubt about the threshold, in shares of the step from soft tissue to bone."""

_FEWEST: Final = 2000
"""Pixels of both shafts below which nothing is known of the forearm."""


def trim_forearm(labels: NDArray[np.uint8], picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the label map with the radius and ulna shafts kept to what is as bright as bone.

    Parameters
    ----------
    labels, picture:
        (rows, columns) on the fine grid; the picture normalised, bone bright, 0 outside the film.
    """
    trimmed = labels.copy()
    smooth = ndimage.gaussian_filter(picture, 1.0)
    zone = np.zeros(labels.shape, dtype=bool)
    zone[FIRST_ROW:] = True
    zone &= picture != 0
    both = np.isin(labels, SHAFTS) & zone
    air = air_level(smooth, both, zone) if both.sum() >= _FEWEST else None
    for value in SHAFTS:
        shaft = (labels == value) & zone
        found = None
        if air is not None:
            near = ndimage.binary_dilation(shaft, iterations=16) & zone & (smooth > air) & ((labels == 0) | shaft)
            found = bone_threshold(smooth, near)
        if found is None:
            trimmed[shaft] = IGNORE
            continue
        threshold, doubt = found[0], _DOUBT * found[1]
        bright = runs(shaft & (smooth > threshold))
        trimmed[shaft & ~bright] = IGNORE
        trimmed[shaft & ~bright & (smooth < threshold - doubt)] = 0
        trimmed[near & (labels == 0) & (smooth > threshold - doubt)] = IGNORE
    return trimmed
