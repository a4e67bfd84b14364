"""The lengths that are written beside the axes on the film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from boneage.result import BoneResult
from boneage_page.language import say


@dataclass(frozen=True)
class Lengths:
    """Lengths beside axes.

    Attributes
    ----------
    texts:
        The number by the part of the scene, ``<bone>.axis``.
    note:
        Says once for all of them in which unit they are.
    """

    texts: dict[str, str] = field(default_factory=dict)
    note: str = ""


NO_LENGTHS: Final = Lengths()


def axis_lengths(bones: Sequence[BoneResult]) -> Lengths:
    """Return the lengths of whole bones, in millimetres where those are known and in film pixels otherwise."""
    whole = [bone for bone in bones if bone.length_px is not None and not bone.partial]
    if whole and all(bone.length_mm is not None for bone in whole):
        return Lengths({f"{bone.bone}.axis": f"{bone.length_mm:.1f}" for bone in whole}, say("film.lengths_mm"))
    return Lengths({f"{bone.bone}.axis": f"{bone.length_px:.0f}" for bone in whole}, say("film.lengths_px"))
