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
from skimage.filters import threshold_multiotsu, threshold_otsu

from boneage.segmentation.forearm import SHAFTS
from boneage.training.named_masks import IGNORE

FIRST_ROW: Final = 560
"""The forearm begins below this row of the fine grid."""

_DOUBT: Final = 0.2
"""Half the band of doubt about the threshold, in shares of the step from soft tissue to bone."""

_FEWEST: Final = 2000
"""Pixels of both shafts below which nothing is known of the forearm."""

_FLATTEST: Final = 0.05
"""Range of grey levels below which nothing can be told apart."""

_FEWEST_NEAR: Final = 600
"""Pixels round a shaft below which no threshold is taken."""


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


def air_level(smooth: NDArray[np.float32], shafts: NDArray[np.bool_], zone: NDArray[np.bool_]) -> float | None:
    """Return the grey level between air and soft tissue round the forearm, ``None`` where it is flat or not there."""
    around = ndimage.binary_dilation(shafts[::2, ::2], iterations=20) & zone[::2, ::2]
    values = smooth[::2, ::2][around]
    if values.size < _FEWEST_NEAR or np.ptp(values) < _FLATTEST:
        return None
    return float(threshold_multiotsu(values, classes=3)[0])


def bone_threshold(smooth: NDArray[np.float32], near: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return the grey level between soft tissue and bone near a shaft, and the step between their medians."""
    values = smooth[near]
    if values.size < _FEWEST_NEAR or np.ptp(values) < _FLATTEST:
        return None
    threshold = float(threshold_otsu(values))
    return threshold, float(np.median(values[values > threshold]) - np.median(values[values <= threshold]))


def runs(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Fill every row of a mask from its first to its last pixel."""
    return np.asarray(np.maximum.accumulate(mask, axis=1) & np.maximum.accumulate(mask[:, ::-1], axis=1)[:, ::-1])
