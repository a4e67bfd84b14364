"""The forearm below the wrist's patch: the shafts of radius and ulna kept to what is as bright as bone.

The first network, which alone sees that part, was never told that the soft tissue between both bones is none of theirs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_multiotsu, threshold_otsu

from boneage.anatomy import LABEL_VALUES

SHAFTS: Final = (LABEL_VALUES["radius"], LABEL_VALUES["ulna"])
_FLATTEST: Final = 0.05
"""Range of grey levels below which nothing can be told apart."""

_FEWEST: Final = 600
"""Pixels round a shaft below which no threshold is taken."""


def air_level(smooth: NDArray[np.float32], shafts: NDArray[np.bool_], zone: NDArray[np.bool_]) -> float | None:
    """Return the grey level between air and soft tissue round the forearm, ``None`` where it is flat or not there."""
    around = ndimage.binary_dilation(shafts[::2, ::2], iterations=20) & zone[::2, ::2]
    values = smooth[::2, ::2][around]
    if values.size < _FEWEST or np.ptp(values) < _FLATTEST:
        return None
    return float(threshold_multiotsu(values, classes=3)[0])


def bone_threshold(smooth: NDArray[np.float32], near: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return the grey level between soft tissue and bone near a shaft, and the step between their medians."""
    values = smooth[near]
    if values.size < _FEWEST or np.ptp(values) < _FLATTEST:
        return None
    threshold = float(threshold_otsu(values))
    return threshold, float(np.median(values[values > threshold]) - np.median(values[values <= threshold]))


def runs(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Fill every row of a mask from its first to its last pixel."""
    return np.asarray(np.maximum.accumulate(mask, axis=1) & np.maximum.accumulate(mask[:, ::-1], axis=1)[:, ::-1])


def trim_below(labels: NDArray[np.uint8], picture: NDArray[np.float32], first_row: int) -> None:
    """Trim the shafts of radius and ulna from a row on downwards, in place.

    A shaft goes on as wide as it is bright, within what the first network took for it, and only where it hangs together
    with itself above that row.

    Parameters
    ----------
    labels, picture:
        (rows, columns) on the fine grid; the picture normalised, bone bright, 0 outside the film.
    first_row:
        Labels above it stay.
    """
    overlap = 24  # rows above, which the thresholds are taken from too
    part, grey = labels[first_row - overlap :], picture[first_row - overlap :]
    smooth = ndimage.gaussian_filter(grey, 1.0)
    shafts = np.isin(part, SHAFTS)
    air = air_level(smooth, shafts, grey != 0)
    if air is None:
        return
    below = np.zeros(part.shape, dtype=bool)
    below[overlap:] = True
    for value in SHAFTS:
        shaft = part == value
        near = (ndimage.distance_transform_edt(~shaft) <= 16) & (smooth > air) & ((part == 0) | shaft)
        found = bone_threshold(smooth, near) if shaft.any() else None
        if found is None:
            continue
        bright = ndimage.binary_opening(shaft & (smooth > found[0]), iterations=3) | (shaft & ~below)
        kept = runs(largest_piece(bright)) & shaft
        part[shaft & below & ~kept] = 0


def largest_piece(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the largest connected component."""
    components, count = ndimage.label(mask)
    if count < 2:
        return mask
    sizes = np.bincount(components.ravel())
    sizes[0] = 0
    return np.asarray(components == sizes.argmax())
