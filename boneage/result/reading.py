"""What an estimate returns: the result, and the pictures that it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boneage.result.model import Result

if TYPE_CHECKING:
    from boneage.radiograph.radiograph import Radiograph
    from boneage.segmentation.bone_map import BoneMap


@dataclass(frozen=True, eq=False)
class Reading:
    """One film read.

    Attributes
    ----------
    result:
        What is said about the film; always there, refusals and errors included.
    radiograph:
        The film, ``None`` where it could not be read.
    bone_map:
        The segmented hand, ``None`` where the film was not segmented.
    """

    result: Result
    radiograph: Radiograph | None = None
    bone_map: BoneMap | None = None
