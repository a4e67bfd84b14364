"""Scraps among the epiphyses: slivers of metaphysis and bright threads that are no centre of ossification.

A centre is round or a disc from the day it shows; what is thinner than four pixels of the fine grid (one hundredth of
the palm) is not one. Among the drawn films under two years nine in ten such pieces lie where nothing is drawn.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import LABELS

_EPIPHYSES: Final = tuple(value for value, name in LABELS.items() if name.endswith("_epiphysis"))
LEAST_RADIUS: Final = 2.3
"""Radius in pixels of the largest circle that fits into a centre, its rim counted; a piece four pixels thick has 2."""


def drop_scraps(labels: NDArray[np.uint8]) -> None:
    """Take pieces of epiphyses that are too thin to be a centre out of a label map (rows, columns), in place."""
    boxes = ndimage.find_objects(labels, max_label=max(_EPIPHYSES))
    for value in _EPIPHYSES:
        box = boxes[value - 1]
        if box is None:
            continue
        crop = labels[box]
        own = crop == value
        pieces, count = ndimage.label(own, structure=np.ones((3, 3)))
        radii = ndimage.maximum(_depth(own), pieces, range(1, count + 1))
        thin = 1 + np.flatnonzero(np.asarray(radii) < LEAST_RADIUS)
        crop[np.isin(pieces, thin)] = 0


def _depth(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how deep each pixel lies in a mask; beyond its crop there is nothing of it."""
    inside: NDArray[np.float64] = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    return inside
