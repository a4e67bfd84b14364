"""How far a growth plate has closed, from 0 (a dark line all across) to 1 (no line left)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.measurement.plate import SHALLOWEST
from boneage.measurement.straightened import STEP, Grid, Profile

ZONE = 0.15
"""The line is looked for so many metaphysis widths beyond half the gap, to both sides of the plate's middle."""

SHOULDER = 0.2
"""Its shoulders, the bone on both sides of it, lie within so many metaphysis widths."""

ACROSS = 3.0
"""Grey levels and edges are averaged over so many units along the plate."""

NAN = float("nan")


def fusion(
    pixels: Profile,
    grid: Grid,
    *,
    columns: NDArray[np.intp],
    shaft_edge: Profile,
    epiphysis_edge: Profile,
    soft_tissue: float,
    metaphysis_width: float,
) -> float:
    """Measure how far shaft and epiphysis have grown together (a definition of this project).

    In every column across the plate the deepest valley of the grey levels is looked for: V its level, B the lower one
    of the highest levels within `SHOULDER` on either side, T that of the soft tissue; (B - V) / (B - T), cut to 0..1,
    is how open the plate is there. The result is 1 minus the mean over the columns. Other than the contrast of the
    averaged plate it follows a curved plate, a bridge over half of the plate counts a half, and the line may lie
    somewhat beside the border of the labels.

    Parameters
    ----------
    pixels:
        Grey levels on the grid.
    grid:
        The grid of the bone.
    columns, shaft_edge, epiphysis_edge:
        From `boneage.measurement.epiphysis.plate_edges`.
    soft_tissue:
        Grey level of the soft tissue beside the bone.
    metaphysis_width:
        In units.

    Returns
    -------
    float
        ``nan`` without columns, or where half of them or more are not brighter than soft tissue.
    """
    if columns.size == 0 or not (np.isfinite(soft_tissue) and metaphysis_width > 0):
        return NAN
    along_plate = max(1, round(ACROSS / STEP))
    middle = ndimage.uniform_filter1d((shaft_edge + epiphysis_edge) / 2, along_plate, mode="nearest")
    half_gap = float(np.maximum(epiphysis_edge - shaft_edge, 0.0).mean()) / 2
    zone, shoulder = half_gap + ZONE * metaphysis_width, max(1, round(SHOULDER * metaphysis_width / STEP))
    count = round(zone / STEP) + shoulder
    rows = np.round((middle - grid.along[0]) / STEP).astype(int)[None, :] + np.arange(-count, count + 1)[:, None]
    levels = pixels[np.clip(rows, 0, pixels.shape[0] - 1), columns[None, :]]
    levels = ndimage.uniform_filter1d(levels, along_plate, axis=1, mode="nearest")
    windows = np.lib.stride_tricks.sliding_window_view(levels, shoulder, axis=0).max(axis=-1)
    here = levels[shoulder:-shoulder]
    bone = np.minimum(windows[: here.shape[0]], windows[shoulder + 1 :])
    over_tissue = bone - soft_tissue
    open_at = np.where(over_tissue >= SHALLOWEST, (bone - here) / np.maximum(over_tissue, SHALLOWEST), -np.inf)
    deepest = open_at.max(axis=0)
    known = np.isfinite(deepest)
    if 2 * np.count_nonzero(known) <= known.size:
        return NAN
    return float(1 - np.clip(deepest[known], 0.0, 1.0).mean())
