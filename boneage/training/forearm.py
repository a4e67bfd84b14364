"""Labels of the radius and ulna shafts, grown from grey levels below the wrist.

The forearm is split into air, soft tissue and bone by two Otsu thresholds; two separate bright pieces, one on each side
of the wrist, are the bones. Anything less clear is not labelled.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_multiotsu
from skimage.morphology import disk, opening
from skimage.segmentation import watershed

from boneage.anatomy import FOREARM, LABEL_VALUES
from boneage.segmentation.hand_frame import PALM_PIXELS
from boneage.training.named_masks import IGNORE

Point = NDArray[np.float64]


def grow_forearm(
    image: NDArray[np.float32], joints: Mapping[str, tuple[float, float]], labels: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Label the radius and the ulna in a map in the hand frame, `IGNORE` where they do not convince.

    ``labels`` must already hold the named epiphyses; pixels that it labels are not changed.
    """
    places = {name: np.asarray(place, dtype=float) for name, place in joints.items()}
    up = places["mcp_3"] - places["wrist"]
    up = up / np.linalg.norm(up)
    ys, xs = np.mgrid[: labels.shape[0], : labels.shape[1]]
    dx, dy = xs - places["wrist"][0], ys - places["wrist"][1]
    height = (dx * up[0] + dy * up[1]) / PALM_PIXELS
    side = (-dx * up[1] + dy * up[0]) / PALM_PIXELS
    result = labels.copy()
    zone = (height < 0.06) & (np.abs(side) < 0.65) & (labels == 0)
    epiphyses = np.isin(labels, [LABEL_VALUES["radius_epiphysis"], LABEL_VALUES["ulna_epiphysis"]])
    film = image > 0
    below = zone & (height < -0.02) & film
    pieces = _two_bones(image, below, side, height)
    if pieces is None:
        result[zone] = IGNORE
        return result
    for name, piece in zip(FOREARM, pieces, strict=True):
        result[piece & (result == 0)] = LABEL_VALUES[name]
    unsure = zone & (height > -0.10) & (result == 0) & ~ndimage.binary_dilation(epiphyses, iterations=2)
    result[unsure] = IGNORE
    return result


def _two_bones(
    image: NDArray[np.float32], zone: NDArray[np.bool_], side: NDArray[np.float64], height: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Return the radius and the ulna, or ``None`` where two bright pieces do not stand out."""
    if zone.sum() < 800:
        return None
    smooth = ndimage.gaussian_filter(image, 1.0)
    values = smooth[zone]
    if np.ptp(values) < 0.05:
        return None
    thresholds = threshold_multiotsu(values, classes=3)
    markers = _two_markers(smooth, zone, float(thresholds[-1]), float(np.quantile(values, 0.98)))
    if markers is None:
        return None
    components = watershed(-smooth, markers, mask=zone & (smooth > thresholds[-1]))
    order = np.array([1, 2])
    chosen = sorted(order, key=lambda number: float(side[components == number].mean()))
    ulna, radius = (components == chosen[0]), (components == chosen[1])
    areas = [piece.sum() / PALM_PIXELS**2 for piece in (radius, ulna)]
    gap = float(side[radius].mean() - side[ulna].mean())
    tops = [float(height[piece].max()) for piece in (radius, ulna)]
    if min(areas) < 0.01 or max(areas) / min(areas) > 6 or not 0.08 < gap < 0.45 or min(tops) < -0.25:
        return None
    filled = [ndimage.binary_fill_holes(piece) for piece in (radius, ulna)]
    if any(not _straight(piece, side, height) for piece in filled):
        return None
    return filled[0], filled[1]


def _two_markers(
    smooth: NDArray[np.float32], zone: NDArray[np.bool_], low: float, high: float
) -> NDArray[np.int32] | None:
    """Return markers 1 and 2 of two bright pieces, raising the threshold until bones that touch come apart."""
    for threshold in np.linspace(low, low + 0.6 * (high - low), 7):
        for radius in (2, 4):
            components, count = ndimage.label(opening(zone & (smooth > threshold), disk(radius)))
            sizes = ndimage.sum_labels(components > 0, components, range(1, count + 1)) / PALM_PIXELS**2
            if count >= 2 and np.sort(sizes)[-2] > 0.010:
                first, second = np.argsort(sizes)[::-1][:2] + 1
                return np.where(components == first, 1, np.where(components == second, 2, 0)).astype(np.int32)
    return None


def _straight(piece: NDArray[np.bool_], side: NDArray[np.float64], height: NDArray[np.float64]) -> bool:
    """Tell whether a piece is a compact long bone: most of its rows are one run, 0.05 to 0.36 palms wide."""
    bins = np.floor(height[piece] * 50).astype(int)
    extents = [float(np.ptp(side[piece][bins == b])) for b in np.unique(bins)]
    fill = piece.sum() / PALM_PIXELS**2 / max(sum(extents) / 50, 1e-6)
    return len(extents) >= 6 and 0.05 < float(np.median(extents)) < 0.36 and fill > 0.8
