"""How far the adductor sesamoid of the thumb stands out in the grey levels.

It is measured where it has no label too (`boneage.segmentation.sesamoid` gives one where it stands out enough): nobody
has drawn it, and what is not there yet is a number as well.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import LABEL_VALUES
from boneage.measurement.axis import Vector
from boneage.measurement.fineness import fineness_of, to_pixels, to_units
from boneage.measurement.measurements import BoneMeasurement
from boneage.measurement.plate import SHALLOWEST

STEP = 0.5
"""Spacing of the grid that the place is looked at on, in units (`boneage.measurement.fineness`)."""

ALONG = (-0.20, 0.03)
"""Where the sesamoid may lie along the thumb, from the end of metacarpal 1 on, in hand scales; negative: towards the
wrist."""

ASIDE = (0.08, 0.21)
"""Where it may lie to the ulnar side of the axis of metacarpal 1, in hand scales."""

CLEAR = 1.0
"""Nothing closer than this to a label is looked at, in units: the edge of a bone is bright too."""

BLUR = 1.0
"""Standard deviation of the Gaussian that the grey levels are averaged with, in units."""

AROUND = (3.5, 4.5, 5.5)
"""Distances at which a spot is compared with what is around it, in units; the most telling one counts."""

DIRECTIONS = 12
"""Directions in which it is compared."""

FEWEST_DIRECTIONS = 8
"""So many of the directions must be free of bone."""

NAN = float("nan")


def sesamoid_contrast(
    labels: NDArray[np.uint8],
    pixels: NDArray[np.float32],
    bones: Mapping[str, BoneMeasurement],
    hand_scale_px: float,
) -> float:
    """Measure how far a round spot stands out where the adductor sesamoid appears.

    The place is a rectangle on the ulnar side of the head of metacarpal 1 (`ALONG`, `ASIDE`). In it the spot is looked
    for whose grey level exceeds the highest level around it most; the excess is divided by the difference between the
    bone (median over the shaft of metacarpal 1) and the soft tissue in the rectangle.

    Parameters
    ----------
    labels, pixels:
        Label map (without the sesamoid) and grey levels in the hand frame.
    bones:
        The measured bones; metacarpal 1 gives the place.
    hand_scale_px:
        Size of the hand (`boneage.measurement.scale`).

    Returns
    -------
    float
        About 0 where there is no spot (it may be negative), ``nan`` without metacarpal 1, without a hand scale, where
        the rectangle leaves the frame or where there is no contrast.
    """
    bone = bones.get("metacarpal_1")
    if bone is None or not np.isfinite(hand_scale_px):
        return NAN
    fineness = fineness_of(labels.shape)
    ends = to_units(np.array(bone.endpoints), fineness)
    distal = ends[1] - ends[0]
    length = float(np.linalg.norm(distal))
    if length == 0:
        return NAN
    levels, free = _around(labels, pixels, ends[1], distal / length, hand_scale_px / fineness)
    margin = round(max(AROUND) / STEP)
    inner = (slice(margin, -margin), slice(margin, -margin))
    open_places = free[inner]
    if levels.size == 0 or not open_places.any():
        return NAN
    tissue = float(np.median(levels[inner][open_places]))
    contrast = float(np.median(pixels[labels == LABEL_VALUES["metacarpal_1"]])) - tissue
    if contrast < SHALLOWEST:
        return NAN
    excess = np.max([_excess(levels, free, margin, distance) for distance in AROUND], axis=0)
    return float(excess.max() / contrast) if np.isfinite(excess).any() else NAN


def _around(
    labels: NDArray[np.uint8], pixels: NDArray[np.float32], end: Vector, distal: Vector, scale: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Sample blurred grey levels and the places free of bone in the rectangle and `AROUND` it; rows along the thumb."""
    fineness = fineness_of(labels.shape)
    ulnar = np.array([distal[1], -distal[0]])
    reach = max(AROUND)
    along = np.arange(ALONG[0] * scale - reach, ALONG[1] * scale + reach + STEP / 2, STEP)
    aside = np.arange(ASIDE[0] * scale - reach, ASIDE[1] * scale + reach + STEP / 2, STEP)
    places = end + along[:, None, None] * distal + aside[None, :, None] * ulnar
    x, y = np.moveaxis(to_pixels(places, fineness), -1, 0)
    rows, columns = labels.shape
    if x.min() < 0 or y.min() < 0 or x.max() > columns - 1 or y.max() > rows - 1:
        return np.empty((0, 0)), np.empty((0, 0), dtype=bool)
    top, left = int(y.min()), int(x.min())
    window = (slice(top, int(np.ceil(y.max())) + 1), slice(left, int(np.ceil(x.max())) + 1))
    bone = labels[window] > 0
    distance = ndimage.distance_transform_edt(~bone) if bone.any() else np.full(bone.shape, np.inf)
    where = [y - top, x - left]
    free = ndimage.map_coordinates(np.minimum(distance, 100.0), where, order=1) > CLEAR * fineness + 0.5
    levels = ndimage.map_coordinates(pixels[window].astype(float), where, order=1)
    return ndimage.gaussian_filter(levels, BLUR / STEP), np.asarray(free)


def _excess(levels: NDArray[np.float64], free: NDArray[np.bool_], margin: int, distance: float) -> NDArray[np.float64]:
    """How far each place of the rectangle exceeds the highest free place at a distance; -inf where it is not free."""
    rows, columns = levels.shape[0] - 2 * margin, levels.shape[1] - 2 * margin
    here = levels[margin : margin + rows, margin : margin + columns]
    highest = np.full(here.shape, -np.inf)
    directions = np.zeros(here.shape, dtype=int)
    for angle in np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS:
        down, right = round(distance * np.sin(angle) / STEP), round(distance * np.cos(angle) / STEP)
        part = (slice(margin + down, margin + down + rows), slice(margin + right, margin + right + columns))
        highest = np.maximum(highest, np.where(free[part], levels[part], -np.inf))
        directions += free[part]
    usable = free[margin : margin + rows, margin : margin + columns] & (directions >= FEWEST_DIRECTIONS)
    return np.where(usable, here - highest, -np.inf)
