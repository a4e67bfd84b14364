"""The regions that the regional network reads: fifteen finger joints and the wrist, each in its own upright patch.

They are those of the fine stage (`boneage.segmentation.sites`), where the hand shows its maturity; the wrist is shrunk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from boneage.segmentation.resample import normalise, sample
from boneage.segmentation.sites import (
    FINE_PALM,
    JOINT_SITES,
    KNUCKLE_SIZE,
    SMALL_SIZE,
    WRIST_CORNER,
    WRIST_SHAPE,
    JointSite,
    Point,
    joint_patch,
)

Matrix = NDArray[np.float64]
KNUCKLES: Final[tuple[JointSite, ...]] = tuple(site for site in JOINT_SITES if site.size == KNUCKLE_SIZE)
"""The joints of the large patches, in the order in which the network sees them."""

SMALL_JOINTS: Final[tuple[JointSite, ...]] = tuple(site for site in JOINT_SITES if site.size == SMALL_SIZE)
"""The joints of the small patches."""

WRIST_SIZE: Final = 192
"""Side of the wrist's patch; it shows what the fine stage sees at 256."""


@dataclass(frozen=True, eq=False)
class Regions:
    """Normalised patches of n hands.

    Attributes
    ----------
    knuckles, small_joints:
        (n, number of sites, 1, size, size), in the order of `KNUCKLES` and `SMALL_JOINTS`.
    wrist:
        (n, 1, `WRIST_SIZE`, `WRIST_SIZE`).
    """

    knuckles: Tensor
    small_joints: Tensor
    wrist: Tensor

    def to(self, where: torch.device) -> Regions:
        """Return the same on another device."""
        return Regions(self.knuckles.to(where), self.small_joints.to(where), self.wrist.to(where))


def wrist_patch() -> Matrix:
    """Return the (3, 3) map from the wrist's patch to the fine grid."""
    step = WRIST_SHAPE[1] / WRIST_SIZE
    return np.array(
        [[step, 0, WRIST_CORNER[0] + (step - 1) / 2], [0, step, WRIST_CORNER[1] + (step - 1) / 2], [0, 0, 1]]
    )


LEARNED_PALM: Final = 103.0
"""Pixels from wrist to third knuckle on films like those that the networks learned from, at 299 pixels a side: the
median of 75 ``tune`` films, on which the choice was made; that of ``train`` is 106."""

FINER_THAN_LEARNED: Final = 2.0
"""A film whose palm has so many times `LEARNED_PALM` pixels is brought to that fineness before it is read."""


def as_fine_as_learned(picture: Tensor, film_palm: float) -> Tensor:
    """Return a hand with no more detail than the films that the networks learned from.

    They have seen plates and trabeculae at 299 pixels a side only; sharper ones are read as older.

    Parameters
    ----------
    picture:
        (1, 1, rows, columns) on the fine grid.
    film_palm:
        Distance from wrist to third knuckle on the film, in its pixels.
    """
    if film_palm < FINER_THAN_LEARNED * LEARNED_PALM:
        return picture
    shape = picture.shape[-2:]
    coarse = [max(1, round(side * LEARNED_PALM / FINE_PALM)) for side in shape]
    small = functional.interpolate(picture, size=coarse, mode="area")
    return functional.interpolate(small, size=shape, mode="bilinear", align_corners=False)


def unchanged(size: int) -> Matrix:
    """Return the map of a patch onto itself."""
    del size
    return np.eye(3)


def cut_regions(
    picture: Tensor,
    joints: Mapping[str, Point],
    to_picture: Matrix | None = None,
    change: Callable[[int], Matrix] = unchanged,
) -> Regions:
    """Cut the patches of one hand.

    Parameters
    ----------
    picture:
        (1, 1, rows, columns).
    joints:
        The 21 joints, ``[x, y]`` on the fine grid.
    to_picture:
        (3, 3) map from the fine grid to ``picture``; none where the picture is on the fine grid.
    change:
        Gives for a patch of some size the (3, 3) map of the patch onto itself by which training moves it.

    Returns
    -------
    Regions
        Of one hand (n is 1).
    """
    ground = np.eye(3) if to_picture is None else to_picture

    def cut(maps: Sequence[Matrix], size: int) -> Tensor:
        matrices = np.stack([(ground @ matrix @ change(size))[:2] for matrix in maps])
        pixels, inside = sample(picture.expand(len(maps), -1, -1, -1), torch.from_numpy(matrices), (size, size))
        return normalise(pixels, inside)[None]

    return Regions(
        cut([joint_patch(site, joints) for site in KNUCKLES], KNUCKLE_SIZE),
        cut([joint_patch(site, joints) for site in SMALL_JOINTS], SMALL_SIZE),
        cut([wrist_patch()], WRIST_SIZE)[:, 0],
    )


def together(hands: Sequence[Regions]) -> Regions:
    """Return the regions of several hands as one batch."""
    return Regions(
        torch.cat([hand.knuckles for hand in hands]),
        torch.cat([hand.small_joints for hand in hands]),
        torch.cat([hand.wrist for hand in hands]),
    )
