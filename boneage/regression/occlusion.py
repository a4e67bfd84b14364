"""What the direct regression looks at: how far its answer moves when one region of the hand is hidden from it.

The network has learned with regions hidden, so a hidden one is nothing new to it. Source of the idea: Zeiler MD,
Fergus R, ECCV 2014:818-833.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.regression.regions import KNUCKLES, SMALL_JOINTS, WRIST_SIZE, Regions, wrist_patch
from boneage.segmentation.sites import JointSite, Point, joint_patch

WRIST: Final = "wrist"
"""Name of the region of the carpals and the ends of the forearm; the others bear the names of their joints."""

REGIONS: Final = (*(site.joint for site in (*KNUCKLES, *SMALL_JOINTS)), WRIST)
"""All regions, in the order of the network."""


@dataclass(frozen=True, eq=False)
class RegionEffect:
    """How many months older the answer is with a region than without it.

    Attributes
    ----------
    region:
        A joint of `boneage.anatomy.JOINTS`, or ``wrist``.
    months:
        Answer of the whole picture minus that with the region hidden: positive where the region speaks for an older
        hand than the rest does.
    corners:
        (4, 2): corners of the region, ``[x, y]`` on the fine grid, one after the other round it.
    """

    region: str
    months: float
    corners: NDArray[np.float64]


def region_corners(joints: Mapping[str, Point]) -> dict[str, NDArray[np.float64]]:
    """Return the corners (4, 2) of every region on the fine grid, from the joints on it."""

    def corners(matrix: NDArray[np.float64], size: int) -> NDArray[np.float64]:
        low, high = -0.5, size - 0.5
        square = np.array([[low, low, 1], [high, low, 1], [high, high, 1], [low, high, 1]])
        return np.asarray(square @ matrix[:2].T)

    def of_site(site: JointSite) -> NDArray[np.float64]:
        return corners(joint_patch(site, joints), site.size)

    found = {site.joint: of_site(site) for site in (*KNUCKLES, *SMALL_JOINTS)}
    return {**found, WRIST: corners(wrist_patch(), WRIST_SIZE)}


def hide_each(regions: Regions) -> Regions:
    """Return 17 times one hand (n is 1): the whole, then without each of `REGIONS`."""
    count = len(REGIONS) + 1
    knuckles = regions.knuckles.repeat(count, 1, 1, 1, 1)
    small = regions.small_joints.repeat(count, 1, 1, 1, 1)
    wrist = regions.wrist.repeat(count, 1, 1, 1)
    for place in range(len(KNUCKLES)):
        knuckles[1 + place, place] = 0
    for place in range(len(SMALL_JOINTS)):
        small[1 + len(KNUCKLES) + place, place] = 0
    wrist[-1] = 0
    return Regions(knuckles, small, wrist)
