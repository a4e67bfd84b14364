"""How the hand lies: flat upon the cassette or turned onto its edge, upright or turned on the film."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from boneage.quality.checks import Finding, Place, QualityCheck
from boneage.segmentation.bone_map import BoneMap
from boneage.segmentation.hand_frame import PALM_TEMPLATE

ON_EDGE: Final = QualityCheck(
    "palm_stretch",
    "hand_rotated",
    "longest over shortest scale of the affine map that lays the mean palm upon this one (1: no stretch)",
    "at most",
    warn=1.25,
    refuse=1.35,
    reason="332 usable hands of `tune` have 1.00 to 1.20; a hand turned 45° onto its edge, or a film squeezed to 0.7 "
    "of its breadth, has 1.4, and its widths are no longer widths",
    remedy="lay the hand flat, palm down, fingers spread a little; or restore the film's aspect",
    shown="the palm's outline",
)

TURNED: Final = QualityCheck(
    "turned_degrees",
    "hand_turned",
    "angle between the hand's axis and the film's upright, in degrees",
    "at most",
    warn=45.0,
    refuse=None,
    reason="any angle is read, the hand is laid upright first; but on a film turned so far, side marker and hand "
    "should be looked at together (332 usable hands of `tune`: 47° at most, 99 % below 19°)",
    remedy="check side marker and child",
)

CHECKS: Final = (ON_EDGE, TURNED)
_RIM: Final = ("wrist", "cmc_1", "mcp_2", "mcp_3", "mcp_4", "mcp_5")


def check_pose(bone_map: BoneMap) -> tuple[Finding, ...]:
    """Check how the hand lies."""
    stretch, degrees = palm_stretch(bone_map.joints), turned_degrees(bone_map)
    side_on = f"the palm is stretched by {stretch:.2f}: the hand lies on its edge, or the film lost its aspect"
    turned = f"the hand is turned by {degrees:.0f}° on the film; it was read upright"
    return (ON_EDGE.found(stretch, side_on, palm_outline(bone_map)), TURNED.found(degrees, turned))


def palm_stretch(joints: Mapping[str, tuple[float, float]]) -> float:
    """Return the ratio of the two scales of the affine map that lays the mean palm upon this hand's best.

    Examples
    --------
    >>> joints = {name: (x, y) for name, (x, y) in PALM_TEMPLATE.items()}
    >>> round(palm_stretch(joints), 6)
    1.0
    """
    names = list(PALM_TEMPLATE)
    template = np.array([(*PALM_TEMPLATE[name], 1.0) for name in names])
    palm = np.array([joints[name] for name in names], dtype=float)
    linear = np.linalg.lstsq(template, palm, rcond=None)[0][:2]
    scales = np.linalg.svd(linear, compute_uv=False)
    return float(scales[0] / max(scales[1], 1e-9))


def turned_degrees(bone_map: BoneMap) -> float:
    """Return by how many degrees the hand's axis is turned from the film's upright (0 to 180)."""
    up = bone_map.frame.matrix[:, :2] @ np.array([0.0, -1.0])
    return float(np.degrees(np.arccos(np.clip(-up[1] / np.linalg.norm(up), -1.0, 1.0))))


def palm_outline(bone_map: BoneMap) -> Place:
    """Return the palm's rim on the film."""
    points = bone_map.frame.to_film(np.array([bone_map.joints[name] for name in _RIM], dtype=float))
    return tuple((float(x), float(y)) for x, y in points)
