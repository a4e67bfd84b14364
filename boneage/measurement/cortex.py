"""Cortical thickness of a metacarpal at mid-shaft (radiogrammetry), and the indices made from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.measurement.fineness import to_pixels
from boneage.measurement.shaft import MIDDLE_SHARE, Shaft
from boneage.measurement.straightened import Grid, Profile

CORTEX_BONES: Final = frozenset({"metacarpal_2", "metacarpal_3", "metacarpal_4"})
"""The bones that a cortical thickness is taken on."""

STEP = 0.1
"""Spacing of the profile across the shaft in units (`boneage.measurement.fineness`)."""

LEAST_PIXELS = 3.0
"""A cortex must be at least so many pixels thick, of the film and of the hand frame: a thinner one is blurred wider."""

LEAST_DIP = 0.03
"""The marrow cavity must be darker than both cortices by this share of what they are brighter than soft tissue."""

NAN = float("nan")

Note = Literal["", "resolution", "no_cavity"]


@dataclass(frozen=True)
class Cortex:
    """Mid-shaft cortex in units; ``nan`` with the reason in ``note``.

    Attributes
    ----------
    thickness:
        Mean of the two cortices, (W - M) / 2.
    width:
        W, between the outer edges of the cortices.
    note:
        ``resolution``: the film or the hand frame is too coarse; ``no_cavity``: no two cortices with a darker cavity
        between them; empty where the thickness is known.
    """

    thickness: float
    width: float
    note: Note


def measure_cortex(pixels: NDArray[np.float32], grid: Grid, shaft: Shaft, *, film_scale: float) -> Cortex:
    """Measure the cortex on the mean profile across the middle fifth of a shaft.

    The edges are where the profile is steepest: on the way up to each cortex (outer edge) and down from it to the
    cavity (inner edge). In the projection of a tube these are its outer and inner radius.

    Parameters
    ----------
    pixels:
        Grey levels in the hand frame.
    grid:
        The grid of the bone.
    shaft:
        The shaft on it.
    film_scale:
        Film pixels per pixel of the hand frame.
    """
    half = 0.75 * shaft.width + 1.0
    across = np.arange(-half, half + STEP / 2, STEP)
    middle, reach = (shaft.far_end + shaft.plate_end) / 2, MIDDLE_SHARE / 2 * shaft.length
    along = np.arange(middle - reach, middle + reach + 0.25, 0.5)
    places = grid.origin + along[:, None, None] * grid.plateward + across[None, :, None] * grid.sideward
    x, y = np.moveaxis(to_pixels(places, grid.fineness), -1, 0)
    profile = ndimage.map_coordinates(pixels, [y, x], order=1, mode="nearest").mean(axis=0)
    edges = cortical_edges(profile)
    if edges is None:
        return Cortex(NAN, NAN, "no_cavity")
    outer, inner = STEP * (edges[3] - edges[0]), STEP * (edges[2] - edges[1])
    pixel = max(1.0, 1.0 / film_scale) / grid.fineness
    if (outer - inner) / 2 < LEAST_PIXELS * pixel:
        return Cortex(NAN, NAN, "resolution")
    return Cortex((outer - inner) / 2, outer, "")


def cortical_edges(profile: Profile) -> tuple[float, float, float, float] | None:
    """Return the places (in samples) of outer, inner, inner and outer edge; ``None`` without a cavity between peaks.

    The peaks are the highest places left and right of the middle; the outer sixths hold soft tissue and neighbours.
    """
    count = profile.size
    centre, outside = count // 2, count // 6
    first = outside + int(np.argmax(profile[outside:centre]))
    second = centre + int(np.argmax(profile[centre : count - outside]))
    cavity = first + int(np.argmin(profile[first : second + 1]))
    tissue = min(float(profile[: first + 1].min()), float(profile[second:].min()))
    peak = min(float(profile[first]), float(profile[second]))
    if not first < cavity < second or peak - tissue <= 0:
        return None
    if peak - float(profile[cavity]) < LEAST_DIP * (peak - tissue):
        return None
    slope = np.gradient(profile)
    return (
        _steepest(slope, 0, first),
        _steepest(-slope, first, cavity),
        _steepest(slope, cavity, second),
        _steepest(-slope, second, count - 1),
    )


def _steepest(slope: Profile, first: int, last: int) -> float:
    """Return the place of the greatest slope between two samples, refined by a parabola."""
    at = first + int(np.argmax(slope[first : last + 1]))
    if not first < at < last:
        return float(at)
    left, here, right = slope[at - 1], slope[at], slope[at + 1]
    bend = left - 2 * here + right
    return float(at if bend >= 0 else at + np.clip(0.5 * (left - right) / bend, -0.5, 0.5))


def cortical_index(thickness: float, width: float) -> float:
    """Return the metacarpal cortical index (W - M) / W = 2 T / W (Barnett E, Nordin BE, Clin Radiol 1960;11:166)."""
    return 2 * thickness / width if width > 0 else NAN


def bone_health_index(thickness_mm: float, width_mm: float, length_mm: float) -> float:
    """Return the bone health index of one metacarpal, pi T (1 - T / W) / (W L)^(1/3), in mm^(1/3).

    Thodberg HH, van Rijn RR, Tanaka T, Martin DD, Kreiborg S, Osteoporos Int 2010;21:1391-1400 (there the paediatric
    bone index, A / (W^1.33 L^0.33) with A = pi T W (1 - T / W)). A hand's index is the mean over metacarpals 2 to 4.

    Examples
    --------
    >>> round(bone_health_index(1.5, 7.0, 55.0), 3)
    0.509
    """
    if not (thickness_mm > 0 and width_mm > 0 and length_mm > 0):
        return NAN
    return math.pi * thickness_mm * (1 - thickness_mm / width_mm) / (width_mm * length_mm) ** (1 / 3)
