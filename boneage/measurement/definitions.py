"""The registry of the scale-free measurements: every name, its unit, its formula and what it means.

`values`, the reference tables, the documentation and the tests share this list, so that they cannot drift. Imports
nothing heavy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from boneage import anatomy
from boneage.anatomy import BONES, TUBULAR_BONES, ray_of

CARPALS: Final = "carpals"
"""What the measurements of all carpals together are taken on."""

SESAMOID: Final = "sesamoid"
"""What the measurement of the adductor sesamoid is taken on."""

HAND: Final = "hand"
"""What the measurements of several bones together are taken on."""


@dataclass(frozen=True)
class Kind:
    """One kind of measurement, taken on several bones.

    Attributes
    ----------
    name:
        The part of the measurement's name after the dot.
    unit:
        Unit of the value (``1``: a plain ratio).
    formula:
        The value in terms of the lengths of `boneage.measurement.measurements`; S is the hand scale.
    description:
        What it means, in a sentence.
    bones:
        The bones that it is taken on.
    """

    name: str
    unit: str
    formula: str
    description: str
    bones: tuple[str, ...]

    @property
    def silent(self) -> str | None:
        """Why no age is read from it, though it is measured and tabled; ``None`` where one is."""
        return _SILENT.get(self.name)


_SILENT: Final = {
    "gap_ratio": "0 on most films of most ages: a mean and an SD do not describe it",
    "plate_contrast": "depends on the film's resolution",
    "fusion": "depends on the film's resolution",
    "shaft_length_ratio": "says nearly what length_ratio says",
    "epiphysis_shape_ratio": "a quotient of two others, noisier than both",
}


@dataclass(frozen=True)
class Definition:
    """One measurement: its full name ``<bone>.<kind>``, its bone and its kind."""

    name: str
    bone: str
    kind: Kind


def proximal_neighbour(bone: str) -> str | None:
    """Return the bone across the proximal joint of a phalanx (``None`` for metacarpals, radius and ulna)."""
    ray = ray_of(bone)
    if bone.startswith("proximal"):
        return f"metacarpal_{ray}"
    if bone.startswith("middle"):
        return f"proximal_phalanx_{ray}"
    if bone.startswith("distal"):
        return "proximal_phalanx_1" if ray == 1 else f"middle_phalanx_{ray}"
    return None


_PHALANGES = tuple(bone for bone in TUBULAR_BONES if not bone.startswith("metacarpal"))

KINDS: Final[tuple[Kind, ...]] = (
    Kind(
        "length_ratio",
        "1",
        "length / S",
        "Length of the bone, epiphysis included, in units of the hand scale.",
        TUBULAR_BONES,
    ),
    Kind(
        "width_ratio",
        "1",
        "width / length",
        "Mid-shaft width over the length of the same bone: how stout it is.",
        TUBULAR_BONES,
    ),
    Kind(
        "epiphysis_width_ratio",
        "1",
        "epiphysis width / metaphysis width",
        "How far the epiphysis has spread over the end of the shaft; about 1 when it covers it.",
        BONES,
    ),
    Kind(
        "epiphysis_height_ratio",
        "1",
        "epiphysis height / metaphysis width",
        "How thick the epiphysis has grown along the axis.",
        BONES,
    ),
    Kind(
        "gap_ratio",
        "1",
        "sqrt(gap / metaphysis width)",
        "Width of the growth plate; 0 when shaft and epiphysis touch. The root evens out the spread over the ages.",
        BONES,
    ),
    Kind(
        "plate_contrast",
        "1",
        "(B - V) / (B - T)",
        "Darkness of the growth plate (V) between bone (B) and soft tissue (T): 1 open, 0 fused without a trace.",
        BONES,
    ),
    Kind(
        "joint_space_ratio",
        "1",
        "joint space / S",
        "Radiolucent space (cartilage) between this bone and its proximal neighbour, along their axes.",
        _PHALANGES,
    ),
    Kind(
        "fusion",
        "1",
        "1 - mean of (B - V) / (B - T) across the plate",
        "How far the growth plate has closed, column by column: 0 a dark line all across, 1 no line left.",
        BONES,
    ),
    Kind(
        "shaft_length_ratio",
        "1",
        "shaft length / S",
        "Length of the bone without its epiphysis, in units of the hand scale.",
        TUBULAR_BONES,
    ),
    Kind(
        "epiphysis_shape_ratio",
        "1",
        "epiphysis height / epiphysis width",
        "How flat the epiphysis is: it begins as a round centre and spreads faster than it thickens.",
        BONES,
    ),
    Kind(
        "variance_ratio",
        "1",
        "(end of the ulna's shaft - end of the radius's shaft) / S",
        "How much farther the ulna's shaft reaches than the radius's, along the radius (ulnar variance of children).",
        ("ulna",),
    ),
    Kind(
        "metacarpal_index",
        "1",
        "sum of lengths / sum of widths",
        "Slenderness of metacarpals 2 to 5: their lengths over their mid-shaft widths.",
        (HAND,),
    ),
    Kind(
        "contrast",
        "1",
        "(spot - brightest level around it) / (B - T)",
        "How far a round spot stands out where the adductor sesamoid appears; about 0 before it does.",
        (SESAMOID,),
    ),
    Kind(
        "size_ratio",
        "1",
        "sqrt(carpal area) / S",
        "Size of all ossified carpals together.",
        (CARPALS,),
    ),
    Kind(
        "area_share",
        "1",
        "carpal area / area of the carpal region",
        "Share of the carpal region that is ossified.",
        (CARPALS,),
    ),
    Kind(
        "centres",
        "count",
        "number of separate carpal centres",
        "Carpal centres that can be told apart; falls again when carpals overlap on the film.",
        (CARPALS,),
    ),
    Kind(
        "height_ratio",
        "1",
        "carpal height / S",
        "Distance from the radius's growth plate to the base of metacarpal 3.",
        (CARPALS,),
    ),
    Kind(
        "size_ratio",
        "1",
        "sqrt(carpal area) / S",
        "Size of one carpal; left out before it appears and where its name is not certain.",
        anatomy.CARPALS,
    ),
)
"""Every kind of measurement, in the order of reports."""

DEFINITIONS: Final[dict[str, Definition]] = {
    f"{bone}.{kind.name}": Definition(name=f"{bone}.{kind.name}", bone=bone, kind=kind)
    for kind in KINDS
    for bone in kind.bones
}
"""Full name to definition, in the order of reports."""
