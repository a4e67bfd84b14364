"""The end of a bone on its own axis, found in the grey levels next to where the segmentation has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.measurement.axis import Vector

STRIP_SHARE: Final = 1 / 3
"""Grey levels are averaged across the axis over this share of the bone's width: the middle of its end."""

SMOOTHING_SHARE: Final = 0.03
"""Standard deviation of the smoothing along the axis before the slope is taken, as a share of the bone's width."""

SPREAD_SHARE: Final = 0.12
"""Standard deviation of the segmentation's error that is expected, as a share of the bone's width."""

REACH_SPREADS: Final = 2.5
"""The edge is looked for within so many of these standard deviations."""

STEP: Final = 0.25
"""Distance of the samples along the axis in pixels of the hand frame."""

LEAST_FALL: Final = 0.003
"""A slope with less fall of the grey level (0..1) over one standard deviation of the smoothing is no edge."""


@dataclass(frozen=True, eq=False)
class BoneEnd:
    """One end of a bone as the segmentation has it.

    Attributes
    ----------
    point:
        On the bone's axis, ``[x, y]`` in the hand frame.
    outward:
        Unit vector along the axis, away from the bone.
    width:
        Width of the bone near this end in pixels; it is the measure of how far the edge is looked for.
    """

    point: Vector
    outward: Vector
    width: float


def edge_at(end: BoneEnd, pixels: NDArray[np.float32]) -> Vector:
    """Return the point on the axis where the bone's grey level falls off outwards.

    Of all places near the segmentation's end where the level falls the fastest, the one is taken with the greatest
    fall, weighed down with its distance (a normal density). Where nothing falls the segmentation's end stays.

    Parameters
    ----------
    end:
        The end of the bone.
    pixels:
        Film in the hand frame, bone bright.

    Returns
    -------
    numpy.ndarray
        ``[x, y]`` in the hand frame.
    """
    spread = max(SPREAD_SHARE * end.width, 1.0)
    places = np.arange(-REACH_SPREADS * spread, REACH_SPREADS * spread + STEP / 2, STEP)
    smoothing = max(SMOOTHING_SHARE * end.width, 0.5)
    fall = -ndimage.gaussian_filter1d(_levels(end, pixels, places), smoothing / STEP, order=1, mode="nearest")
    score = np.maximum(fall, 0.0) * np.exp(-0.5 * (places / spread) ** 2)
    peaks = 1 + np.flatnonzero((fall[1:-1] >= fall[:-2]) & (fall[1:-1] > fall[2:]))
    peaks = peaks[fall[peaks] * smoothing / STEP > LEAST_FALL]
    if not peaks.size:
        return end.point
    return end.point + float(places[peaks[np.argmax(score[peaks])]]) * end.outward


def _levels(end: BoneEnd, pixels: NDArray[np.float32], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean grey level of the strip at places along the axis."""
    sideward = np.array([-end.outward[1], end.outward[0]])
    half = max(STRIP_SHARE / 2 * end.width, 0.5)
    across = np.linspace(-half, half, 2 * int(np.ceil(half)) + 1)
    points = end.point + places[:, None, None] * end.outward + across[None, :, None] * sideward
    levels = ndimage.map_coordinates(pixels, [points[..., 1], points[..., 0]], order=1, mode="nearest")
    return np.asarray(levels, dtype=float).mean(axis=1)
