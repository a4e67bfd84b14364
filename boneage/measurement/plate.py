"""How dark the growth plate is against the bone on both sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boneage.measurement.fineness import fineness_of, to_pixels
from boneage.measurement.straightened import STEP, Grid, Profile

SHALLOWEST = 0.02
"""Smallest difference of bone and soft tissue, in grey levels of 0 to 1, that a contrast is taken against."""

NAN = float("nan")


def plate_contrast(
    pixels: Profile,
    grid: Grid,
    *,
    columns: NDArray[np.intp],
    shaft_edge: Profile,
    epiphysis_edge: Profile,
    reach: float,
    soft_tissue: float,
) -> float:
    """Measure the darkness of the growth plate: 1 as dark as soft tissue, 0 no line at all.

    The grey levels are averaged parallel to the plate, whose middle line is a straight line through the middles of
    its two surfaces, so that tilt does not blur it. With V the darkest level in the plate (half the gap and one
    unit to each side of the middle line), B the lower one of the two brightest levels that the bone reaches on the
    shaft's and on the epiphysis's side, and S the level of the soft tissue beside the bone, the contrast is
    (B - V) / (B - S), cut to 0..1. It does not change when the grey levels are scaled or shifted.

    Parameters
    ----------
    pixels:
        Grey levels on the grid.
    grid:
        The grid of the bone.
    columns, shaft_edge, epiphysis_edge:
        From `boneage.measurement.epiphysis.plate_edges`.
    reach:
        How far the bone is looked at on each side of the plate, in units (not beyond the epiphysis).
    soft_tissue:
        Grey level of the soft tissue beside the bone.

    Returns
    -------
    float
        ``nan`` when no columns are given or bone is not brighter than soft tissue.
    """
    if columns.size == 0 or not np.isfinite(soft_tissue):
        return NAN
    half_gap = float(np.maximum(epiphysis_edge - shaft_edge, 0.0).mean()) / 2
    middle = (shaft_edge + epiphysis_edge) / 2
    middle = _straight_line(columns.astype(float), middle)
    reach = max(reach, half_gap + 1.5)
    steps = np.arange(-round(reach / STEP), round(reach / STEP) + 1)
    rows = np.round((middle - grid.along[0]) / STEP).astype(int)[None, :] + steps[:, None]
    inside = (rows >= 0) & (rows < pixels.shape[0])
    levels = pixels[np.clip(rows, 0, pixels.shape[0] - 1), columns[None, :]]
    counts = inside.sum(axis=1)
    profile = np.where(inside, levels, 0.0).sum(axis=1) / np.maximum(counts, 1)
    distance = steps * STEP
    valid = counts > 0
    plate = valid & (np.abs(distance) <= half_gap + 1.0)
    shaft_side = valid & (distance < -half_gap)
    epiphysis_side = valid & (distance > half_gap)
    if not (plate.any() and shaft_side.any() and epiphysis_side.any()):
        return NAN
    bone = min(profile[shaft_side].max(), profile[epiphysis_side].max())
    if bone - soft_tissue < SHALLOWEST:
        return NAN
    return float(np.clip((bone - profile[plate].min()) / (bone - soft_tissue), 0.0, 1.0))


def _straight_line(x: Profile, y: Profile) -> Profile:
    """Return the least-squares line through (x, y) at every x (the mean where x does not vary)."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    slope = float(centred @ y) / spread if spread > 0 else 0.0
    return np.asarray(y.mean() + slope * centred)


def soft_tissue_level(
    labels: NDArray[np.uint8], pixels: NDArray[np.float32], centre: NDArray[np.float64], radius: float
) -> float:
    """Median grey level of the pixels without a label in a square about a point (``nan`` when there are none).

    ``centre`` and ``radius`` count in units; a side of the square is at least 7 units long.
    """
    fineness = fineness_of(labels.shape)
    x, y = (round(float(value)) for value in to_pixels(centre, fineness))
    half = fineness * max(3, int(np.ceil(radius)))
    rows = slice(max(0, y - half), max(0, y + half + 1))
    columns = slice(max(0, x - half), max(0, x + half + 1))
    free = pixels[rows, columns][labels[rows, columns] == 0]
    return float(np.median(free)) if free.size else NAN
