"""What the networks hand on: a label map and joints in the *hand frame*, and the way back to the film.

The hand frame is the film turned, mirrored and scaled by a similarity so that the hand is a left one seen as usual
(fingers up, thumb to the right, as on a left-hand film) and always about the same size. Labels and everything measured
live on its *fine grid*, whose pixels are half as long, and are carried back by `HandFrame`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES, SESAMOID
from boneage.radiograph.radiograph import Notice


@dataclass(frozen=True, eq=False)
class HandFrame:
    """A similarity (rotation, one scale, shift, perhaps a mirror) between the hand frame and the film.

    Attributes
    ----------
    matrix:
        ``float64`` of shape (2, 3): film ``[x, y]`` = matrix @ (frame x, frame y, 1).
    shape:
        (rows, columns) of the hand frame.
    """

    matrix: NDArray[np.float64]
    shape: tuple[int, int]

    @property
    def scale(self) -> float:
        """Film pixels per frame pixel."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    @property
    def mirrored(self) -> bool:
        """Whether the film shows the hand mirrored (a right hand, or a left one flipped)."""
        return bool(np.linalg.det(self.matrix[:, :2]) < 0)

    def to_film(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry points of shape (n, 2), ``[x, y]`` in the hand frame, to film pixels."""
        return np.asarray(points, dtype=float) @ self.matrix[:, :2].T + self.matrix[:, 2]

    def from_film(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry points of shape (n, 2), ``[x, y]`` in film pixels, to the hand frame."""
        inverse = np.linalg.inv(self.matrix[:, :2])
        return (np.asarray(points, dtype=float) - self.matrix[:, 2]) @ inverse.T


@dataclass(frozen=True)
class HandCheck:
    """One quality check of the hand: its value, the limit that it was held against, and whether it passed.

    ``places`` are closed outlines on the film, of points ``[x, y]``, where it failed.
    """

    name: str
    passed: bool
    value: float
    limit: float
    places: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, eq=False)
class BoneMap:
    """The segmented hand.

    Attributes
    ----------
    labels:
        ``uint8`` of shape ``frame.shape``; values are those of `boneage.anatomy.LABELS`, 0 is background.
    pixels:
        ``float32`` of shape ``frame.shape``: the film in the hand frame, bone bright, contrast-normalised: 0..1 but
        for the darkest and brightest hundredths (-0.1..1.2).
    joints:
        Joint name to ``[x, y]`` on the same grid.
    joint_confidence:
        Joint name to a confidence between 0 and 1.
    frame:
        The way back to the film.
    checks:
        The quality checks that the hand passed, or failed without stopping the reading.
    notices:
        What a reader should know of the hand: mirrored, cut off, turned.
    """

    labels: NDArray[np.uint8]
    pixels: NDArray[np.float32]
    joints: Mapping[str, tuple[float, float]]
    joint_confidence: Mapping[str, float]
    frame: HandFrame
    checks: tuple[HandCheck, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def learned_labels(self) -> NDArray[np.uint8]:
        """The labels that networks learned, with background for the sesamoid.

        Tables and limits were made from these: what is measured and checked must not move where the sesamoid, which
        grey levels give, has a label.
        """
        sesamoid = self.labels == LABEL_VALUES[SESAMOID]
        return np.where(sesamoid, np.uint8(0), self.labels) if sesamoid.any() else self.labels
