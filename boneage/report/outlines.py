"""Smooth outlines of labelled bones, in film pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import LABELS
from boneage.segmentation.bone_map import BoneMap

SMOOTHING_SIGMA: Final = 0.8
"""Standard deviation in frame pixels of the smoothing that takes the stairs off an outline."""

SMALLEST_PART_PX: Final = 4
"""Parts of fewer points are specks and not drawn."""


@dataclass(frozen=True, eq=False)
class Outline:
    """A closed outline of one label: ``points`` of shape (n, 2), ``[x, y]`` in film pixels."""

    label: str
    points: NDArray[np.float64]


def outlines(bone_map: BoneMap) -> tuple[Outline, ...]:
    """Return the outline of every part of every label, in the order of the label values."""
    return tuple(
        Outline(LABELS[value], bone_map.frame.to_film(points))
        for value in sorted(LABELS)
        for points in _label_outlines(bone_map.labels, value)
    )


def _label_outlines(labels: NDArray[np.uint8], value: int) -> list[NDArray[np.float64]]:
    from scipy.ndimage import gaussian_filter
    from skimage.measure import find_contours

    mask = labels == value
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return []
    pad = 4
    part = np.pad(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], pad).astype(np.float32)
    contours = find_contours(gaussian_filter(part, SMOOTHING_SIGMA), 0.5)
    origin = np.array([columns[0] - pad, rows[0] - pad], dtype=float)
    return [contour[:, ::-1] + origin for contour in contours if len(contour) >= SMALLEST_PART_PX]
