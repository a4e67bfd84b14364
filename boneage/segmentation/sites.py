"""The places that the fine stage looks at: fifteen finger joints and the wrist, each in a patch of its own.

A finger joint's patch stands upright along its finger (distal up) with the joint in the middle, so that every joint
looks alike whatever the finger does. The wrist's patch lies straight in the hand frame. Both are on the fine grid,
whose pixels are half as long as those of the hand frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import BONES, LABEL_VALUES, RAYS, epiphysis_is_distal, epiphysis_of
from boneage.segmentation.hand_frame import FINENESS, PALM_PIXELS

Point = NDArray[np.float64]


@dataclass(frozen=True)
class JointSite:
    """A finger joint with a growth plate.

    Attributes
    ----------
    joint:
        Name from `boneage.anatomy.JOINTS`.
    proximal, distal:
        The bones that meet there; ``proximal`` is ``None`` at the base of the thumb.
    size:
        Rows and columns of the patch, in pixels of the fine grid.
    """

    joint: str
    proximal: str | None
    distal: str
    size: int

    @property
    def label_values(self) -> NDArray[np.uint8]:
        """Label value of each of `JOINT_CLASSES`; 0 for a class that this joint does not have."""
        values = [0, 0, 0, LABEL_VALUES[epiphysis_of(self.distal)], LABEL_VALUES[self.distal]]
        if self.proximal is not None:
            values[1] = LABEL_VALUES[self.proximal]
            if epiphysis_is_distal(self.proximal):
                values[2] = LABEL_VALUES[epiphysis_of(self.proximal)]
        return np.array(values, dtype=np.uint8)


JOINT_CLASSES: Final = ("background", "proximal_shaft", "proximal_epiphysis", "distal_epiphysis", "distal_shaft")
"""What a pixel of a joint's patch may be; everything that belongs to other joints is background."""

KNUCKLE_SIZE: Final = 96
"""Side of the patches of the five knuckles, where two epiphyses may lie, in pixels of the fine grid."""

SMALL_SIZE: Final = 64
"""Side of the patches of all other finger joints."""


def bones_at(joint: str) -> tuple[str | None, str]:
    """Return the bones on both sides of a finger joint; at the base of the thumb there is none before it."""
    kind, ray = joint.rsplit("_", 1)
    if kind == "cmc":
        return None, "metacarpal_1"
    if kind == "mcp":
        return f"metacarpal_{ray}", f"proximal_phalanx_{ray}"
    if kind == "pip":
        return f"proximal_phalanx_{ray}", f"middle_phalanx_{ray}"
    return ("proximal_phalanx_1" if kind == "ip" else f"middle_phalanx_{ray}"), f"distal_phalanx_{ray}"


JOINT_SITES: Final[tuple[JointSite, ...]] = tuple(
    JointSite(joint, *bones_at(joint), KNUCKLE_SIZE if joint.startswith("mcp") else SMALL_SIZE)
    for joint in (
        *(f"mcp_{ray}" for ray in RAYS),
        "cmc_1",
        "ip_1",
        *(f"pip_{ray}" for ray in RAYS[1:]),
        *(f"dip_{ray}" for ray in RAYS[1:]),
    )
)
"""The five knuckles first, then the ten smaller joints."""


def unit(vector: Point) -> Point:
    """Return a vector at length one."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6))


def direction_at(joint: str, joints: Mapping[str, Point]) -> Point:
    """Return the unit vector along the finger at a joint, towards the tip: mostly that of the bone beyond it."""
    kind, ray = joint.rsplit("_", 1)
    if kind == "cmc":
        return unit(joints["mcp_1"] - joints["cmc_1"])
    chain = ["wrist", f"mcp_{ray}", *([f"pip_{ray}", f"dip_{ray}"] if ray != "1" else ["ip_1"]), f"tip_{ray}"]
    if ray == "1":
        chain[0] = "cmc_1"
    place = chain.index(joint)
    before, here, after = (joints[name] for name in chain[place - 1 : place + 2])
    return unit(unit(after - here) + 0.3 * unit(here - before))


def joint_patch(site: JointSite, joints: Mapping[str, Point]) -> NDArray[np.float64]:
    """Return the (3, 3) map from the patch of a joint to the grid that ``joints`` are given on (the fine one)."""
    x, y = -direction_at(site.joint, joints)  # down the patch is towards the wrist
    middle = (site.size - 1) / 2
    linear = np.array([[y, x], [-x, y]])
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = joints[site.joint] - linear @ [middle, middle]
    return matrix


WRIST_CORNER: Final = (200, 456)
"""``[x, y]`` of the first pixel of the wrist's patch on the fine grid."""

WRIST_SHAPE: Final = (256, 256)
"""Rows and columns of the wrist's patch."""

WRIST_BONES: Final = ("radius", "ulna", *(f"metacarpal_{ray}" for ray in RAYS))
"""The bones whose parts lie in the wrist's patch, beside the carpals."""

FINE_PALM: Final = PALM_PIXELS * FINENESS
"""Distance from the wrist to the third knuckle on the fine grid."""

assert set(WRIST_BONES) <= set(BONES)
