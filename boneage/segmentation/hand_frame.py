"""From joints to the hand frame: the similarity that lays every palm over the same template.

Only the palm (wrist, thumb base, knuckles 2 to 5) is fitted, so that spread or bent fingers do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.segmentation.bone_map import HandFrame

FRAME_SHAPE: Final = (384, 320)
"""Rows and columns of the hand frame."""

PALM_PIXELS: Final = 150.0
"""Distance from the wrist to the third knuckle in the hand frame."""

FINENESS: Final = 2
"""Pixels of the fine grid per pixel of the hand frame: labels and measurements live on the fine grid."""

FINE_SHAPE: Final = (FRAME_SHAPE[0] * FINENESS, FRAME_SHAPE[1] * FINENESS)
"""Rows and columns of the fine grid."""

FINE_TO_FRAME: Final = np.array(
    [[1 / FINENESS, 0.0, (1 / FINENESS - 1) / 2], [0.0, 1 / FINENESS, (1 / FINENESS - 1) / 2], [0.0, 0.0, 1.0]]
)
"""(3, 3) map from pixels of the fine grid to pixels of the hand frame; edges meet, pixel centres are whole numbers."""

_WRIST_AT: Final = np.array([154.5, 309.0])

PALM_TEMPLATE: Final[dict[str, tuple[float, float]]] = {
    "wrist": (0.0, 0.0),
    "cmc_1": (0.338, -0.289),
    "mcp_2": (0.245, -1.009),
    "mcp_3": (0.0, -1.0),
    "mcp_4": (-0.207, -0.901),
    "mcp_5": (-0.387, -0.778),
}
"""Mean palm of the 443 training hands with keypoints (Procrustes), in distances from wrist to third knuckle."""


def fit_similarity(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    *,
    mirrored: bool,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the (2, 3) similarity that carries ``source`` points (n, 2) onto ``target`` with least squares.

    ``mirrored`` chooses a similarity with a reflection. Source: Umeyama, IEEE TPAMI 1991;13:376-380.
    """
    w = np.ones(len(source)) if weights is None else np.asarray(weights, dtype=float)
    w = w / w.sum()
    mean_source, mean_target = w @ source, w @ target
    centred = source - mean_source
    covariance = (target - mean_target).T @ (centred * w[:, None])
    u, singular, vt = np.linalg.svd(covariance)
    wanted = -1.0 if mirrored else 1.0
    sign = np.array([1.0, wanted * np.sign(np.linalg.det(u @ vt))])
    scale = (singular * sign).sum() / (w @ (centred**2).sum(axis=1))
    linear = scale * (u * sign) @ vt
    return np.column_stack([linear, mean_target - linear @ mean_source])


def finer(frame: HandFrame) -> HandFrame:
    """Return the fine grid of a hand frame: the same part of the film, pixels a `FINENESS`-th as long."""
    matrix = np.vstack([frame.matrix, [0.0, 0.0, 1.0]]) @ FINE_TO_FRAME
    return HandFrame(matrix[:2], (frame.shape[0] * FINENESS, frame.shape[1] * FINENESS))


def frame_of_joints(
    joints: Mapping[str, tuple[float, float]], *, mirrored: bool | None = None
) -> tuple[HandFrame, float]:
    """Return the hand frame of a hand and how badly its palm fits the template.

    Parameters
    ----------
    joints:
        At least the joints of `PALM_TEMPLATE`, ``[x, y]`` in film pixels.
    mirrored:
        Whether the film shows the hand mirrored; ``None`` takes the better fit.

    Returns
    -------
    tuple of HandFrame and float
        The frame and the root mean square distance from the template in units of the palm's length.
    """
    names = list(PALM_TEMPLATE)
    template = np.array([PALM_TEMPLATE[name] for name in names]) * PALM_PIXELS + _WRIST_AT
    film = np.array([joints[name] for name in names], dtype=float)
    best: tuple[float, NDArray[np.float64]] | None = None
    for choice in (False, True) if mirrored is None else (mirrored,):
        matrix = fit_similarity(film, template, mirrored=choice)
        fitted = film @ matrix[:, :2].T + matrix[:, 2]
        misfit = float(np.sqrt(((fitted - template) ** 2).sum(axis=1).mean()) / PALM_PIXELS)
        if best is None or misfit < best[0]:
            best = (misfit, matrix)
    assert best is not None  # the loop runs at least once
    misfit, matrix = best
    inverse = np.linalg.inv(np.vstack([matrix, [0.0, 0.0, 1.0]]))[:2]
    return HandFrame(inverse, FRAME_SHAPE), misfit
