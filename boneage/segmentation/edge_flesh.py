"""Does a finger run across the film's edge? Where it ends inside the film there is air behind it.

The network puts the tip of a finger that is cut off at the edge, and may be sure of it; of the tip of a whole finger
that lies as close it may be unsure. The grey on the way from the tip to the edge tells them apart.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import JOINTS

Floats = NDArray[np.float64]

AROUND: Final = 0.5
"""Half the side of the window whose darkest part is air, in palm lengths."""
AIR: Final = 0.05
"""Quantile of the grey in that window that stands for air."""
SMOOTHING: Final = 0.01
"""Standard deviation of the smoothing, in palm lengths; half a pixel at least."""
_SAMPLES: Final = 12
_WRIST, _KNUCKLE = JOINTS.index("wrist"), JOINTS.index("mcp_3")


def flesh_to_edge(pixels: NDArray[np.float32], points: Floats, *, within: float) -> Floats:
    """Return for every finger tip near the edge how much of its flesh is left on the way there.

    Parameters
    ----------
    pixels:
        The film, (rows, columns), bone bright.
    points:
        (21, 2), ``[x, y]`` in film pixels, in the order of `JOINTS`.
    within:
        Distance from the edge, in shares of the longer side, up to which a tip is looked at.

    Returns
    -------
    ndarray
        (21,): the darkest grey between tip and edge, 0 for air and 1 for the finger beside its last bone; ``nan`` for
        tips further away, for all other joints, and where a finger does not stand out from the air.
    """
    found = np.full(len(JOINTS), np.nan)
    last = np.array([pixels.shape[1], pixels.shape[0]]) - 1.0
    palm = float(np.linalg.norm(points[_KNUCKLE] - points[_WRIST]))
    for place, name in enumerate(JOINTS):
        if not name.startswith("tip"):
            continue
        tip = np.clip(points[place], 0, last)
        gaps = np.concatenate([tip, last - tip])
        if gaps.min() > within * max(pixels.shape):
            continue
        foot = tip.copy()
        side = int(gaps.argmin())
        foot[side % 2] = 0.0 if side < 2 else last[side % 2]
        before = points[JOINTS.index("ip_1" if name == "tip_1" else f"dip_{name[-1]}")]
        found[place] = _left(pixels, (tip + np.clip(before, 0, last)) / 2, tip, foot, palm)
    return found


def _left(pixels: NDArray[np.float32], inner: Floats, tip: Floats, foot: Floats, palm: float) -> float:
    """Return the darkest grey from ``tip`` to ``foot``, on the scale from air to the grey from ``inner`` to ``tip``."""
    from scipy.ndimage import gaussian_filter, map_coordinates

    reach = max(2.0, AROUND * palm)
    low = np.maximum(tip - reach, 0).astype(int)
    high = (tip + reach).astype(int) + 1
    window = gaussian_filter(pixels[low[1] : high[1], low[0] : high[0]], max(SMOOTHING * palm, 0.5))

    def grey(start: Floats, end: Floats) -> NDArray[np.float32]:
        line = start + np.linspace(0, 1, _SAMPLES)[:, None] * (end - start) - low
        return np.asarray(map_coordinates(window, [line[:, 1], line[:, 0]], order=1, mode="nearest"))

    air, flesh = float(np.quantile(window, AIR)), float(np.median(grey(inner, tip)))
    if flesh <= air:
        return float("nan")
    return (float(grey(tip, foot).min()) - air) / (flesh - air)
