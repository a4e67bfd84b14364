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

from boneage.anatomy import LABEL_VALUES
from boneage.training.named_masks import IGNORE

FIRST_ROW: Final = 560
"""The forearm begins below this row of the fine grid."""

_SHAFTS: Final = (LABEL_VALUES["radius"], LABEL_VALUES["ulna"])
_DOUBT: Final = 0.2
"""Half the band of doubt about the threshold, in shares of the step from soft tissue to bone."""

_FLATTEST: Final = 0.05
"""Range of grey levels below which nothing can be told apart."""

_FEWEST: Final = 2000
"""Pixels of the forearm that thresholds are taken from."""


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
    both = np.isin(labels, _SHAFTS) & zone
    around = ndimage.binary_dilation(both, iterations=40) & zone
    if both.sum() < _FEWEST or np.ptp(smooth[around]) < _FLATTEST:
        trimmed[both] = IGNORE
        return trimmed
    air = threshold_multiotsu(smooth[around], classes=3)[0]
    for value in _SHAFTS:
        _trim(trimmed, labels, smooth, (labels == value) & zone, zone & (smooth > air))
    return trimmed


def _trim(
    trimmed: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    smooth: NDArray[np.float32],
    shaft: NDArray[np.bool_],
    zone: NDArray[np.bool_],
) -> None:
    """Trim one shaft, in place, by the threshold between it and the soft tissue round it."""
    near = ndimage.binary_dilation(shaft, iterations=16) & zone & ((labels == 0) | shaft)
    if near.sum() < _FEWEST // 2 or np.ptp(smooth[near]) < _FLATTEST:
        trimmed[shaft] = IGNORE
        return
    threshold = float(threshold_otsu(smooth[near]))
    step = float(np.median(smooth[near & (smooth > threshold)]) - np.median(smooth[near & (smooth <= threshold)]))
    bright = _runs(shaft & (smooth > threshold))
    trimmed[shaft & ~bright] = IGNORE
    trimmed[shaft & ~bright & (smooth < threshold - _DOUBT * step)] = 0
    trimmed[near & (labels == 0) & (smooth > threshold - _DOUBT * step)] = IGNORE


def _runs(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Fill every row of a mask from its first to its last pixel."""
    return np.asarray(np.maximum.accumulate(mask, axis=1) & np.maximum.accumulate(mask[:, ::-1], axis=1)[:, ::-1])
