"""The checks that are made once the bones are found, and before any age is looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boneage.quality.foreign import check_foreign
from boneage.quality.picture import check_picture
from boneage.quality.pose import check_pose
from boneage.quality.view import view_hand

if TYPE_CHECKING:
    from boneage.quality.checks import Finding
    from boneage.radiograph.radiograph import Radiograph
    from boneage.segmentation.bone_map import BoneMap


def inspect_hand(radiograph: Radiograph, bone_map: BoneMap) -> tuple[Finding, ...]:
    """Return what the checks of the picture, of the hand's pose and of foreign bodies find on one film."""
    view = view_hand(bone_map, radiograph.pixels.shape)
    return (
        *check_picture(view, radiograph.pixels),
        *check_pose(bone_map),
        *check_foreign(view, radiograph.pixels),
    )
