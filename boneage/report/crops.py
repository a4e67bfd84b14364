"""One bone cut out of the film, upright and as on a left hand, so that a reader can look at it closely.

A bone stands with its distal end up. Of the forearm, whose bones leave the film, the distal end is shown; a carpal is
shown upright as the hand is. The bone map says where a bone lies; the grey levels are those of the film itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import BONES, CARPALS, FOREARM, LABEL_VALUES
from boneage.result import Reading

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN: Final = 0.18
"""What stays beyond either end of a bone, as a share of its length."""

FOREARM_SHARE: Final = 0.85
"""Side of the crop of the forearm, in lengths of metacarpal 3."""

CARPAL_SHARE: Final = 1.9
"""Side of the crop of a carpal, in sizes of it."""

_WINDOW: Final = (0.01, 0.995)
"""Quantiles of the crop's grey levels that become black and white."""


@dataclass(frozen=True)
class Place:
    """A square on the film: its middle, the unit vector that points up in the crop, and its side in film pixels."""

    centre: tuple[float, float]
    up: tuple[float, float]
    side: float


def bone_place(reading: Reading, part: str) -> Place | None:
    """Return where a bone, or a carpal by its name, is to be cut out of the film; ``None`` where it was not found.

    Parameters
    ----------
    reading:
        With its result and bone map.
    part:
        A bone of `boneage.anatomy.BONES` or a carpal of `boneage.anatomy.CARPALS`.
    """
    if reading.bone_map is None:
        return None
    if part in CARPALS:
        return _carpal_place(reading, part)
    ends = {bone.bone: np.array(bone.endpoints, dtype=float) for bone in reading.result.bones}
    if part not in BONES or part not in ends:
        return None
    proximal, distal = ends[part]
    length = float(np.linalg.norm(distal - proximal))
    if length < 1:
        return None
    up = (distal - proximal) / length
    if part not in FOREARM:
        return _place((proximal + distal) / 2, up, length * (1 + 2 * MARGIN))
    whole = ends.get("metacarpal_3")
    side = length if whole is None else FOREARM_SHARE * float(np.linalg.norm(whole[1] - whole[0]))
    return _place(distal - up * side * (0.5 - MARGIN), up, side)


def bone_crop(reading: Reading, part: str, *, side: int = 320) -> Image | None:
    """Return a bone cut out of the film as a square grey picture, ``None`` where it was not found.

    A hand that the film shows mirrored (a right one) is turned into a left one. What lies beyond the film is black.

    Parameters
    ----------
    reading:
        With its film and bone map.
    part:
        As in `bone_place`.
    side:
        Of the picture, in pixels.
    """
    place = bone_place(reading, part)
    if place is None or reading.radiograph is None:
        return None
    from PIL import Image as Images

    grey = _sampled(reading, place, side)
    known = grey[np.isfinite(grey)]
    if known.size == 0:
        return None
    low, high = np.quantile(known, _WINDOW)
    shown = np.clip((grey - low) / max(float(high - low), 1e-6), 0, 1)
    return Images.fromarray((np.nan_to_num(shown) * 255).round().astype(np.uint8))


def crop_points(reading: Reading, place: Place, side: int) -> NDArray[np.float64]:
    """Return the film points ``[x, y]`` under the pixels of a crop, shape (side, side, 2)."""
    assert reading.bone_map is not None
    up = np.array(place.up)
    # In a crop the thumb side is on the right, as on a left-hand film: a mirrored film has its right on the other side.
    right = np.array([-up[1], up[0]]) * (-1.0 if reading.bone_map.frame.mirrored else 1.0)
    steps = ((np.arange(side) + 0.5) / side - 0.5) * place.side
    points: NDArray[np.float64] = (
        np.array(place.centre) + steps[None, :, None] * right - steps[:, None, None] * up
    )  # fmt: skip
    return points


def _place(centre: NDArray[np.float64], up: NDArray[np.float64], side: float) -> Place:
    return Place((float(centre[0]), float(centre[1])), (float(up[0]), float(up[1])), side)


def _carpal_place(reading: Reading, part: str) -> Place | None:
    bone_map = reading.bone_map
    assert bone_map is not None
    rows, columns = np.nonzero(bone_map.labels == LABEL_VALUES[part])
    if rows.size == 0:
        return None
    low, high = np.array([columns.min(), rows.min()]), np.array([columns.max(), rows.max()])
    frame = bone_map.frame
    size = (float((high - low).max()) + 1) * frame.scale
    (centre,) = frame.to_film((low + high)[None] / 2)
    up = -frame.matrix[:, 1] / frame.scale
    return _place(centre, up, CARPAL_SHARE * size)


def _sampled(reading: Reading, place: Place, side: int) -> NDArray[np.float64]:
    """Return the film's grey levels under a crop; ``nan`` beyond the film."""
    from scipy.ndimage import gaussian_filter, map_coordinates

    assert reading.radiograph is not None
    pixels = reading.radiograph.pixels
    points = crop_points(reading, place, side)
    step = place.side / side
    if step > 1:  # Reduced: without smoothing, fine lines would break up.
        margin = int(2 * step) + 2
        low = np.maximum(np.floor(points.min(axis=(0, 1))).astype(int) - margin, 0)
        high = np.maximum(np.ceil(points.max(axis=(0, 1))).astype(int) + margin, low + 1)
        pixels = gaussian_filter(pixels[low[1] : high[1], low[0] : high[0]], 0.4 * step)
        points = points - low
    if pixels.size == 0:
        return np.full((side, side), np.nan)
    grey: NDArray[np.float64] = map_coordinates(
        pixels.astype(float), [points[..., 1], points[..., 0]], order=1, cval=np.nan
    )
    return grey
