"""The colours of the overlay: one hue per ray, alternating along it, epiphyses set apart."""

from __future__ import annotations

import colorsys
from typing import Final

from boneage.anatomy import CARPALS, SESAMOID, ray_of

Colour = tuple[int, int, int]

INK: Final[Colour] = (238, 240, 244)
QUIET_INK: Final[Colour] = (172, 178, 188)
PAPER: Final[Colour] = (18, 22, 28)
ALERT: Final[Colour] = (255, 196, 87)
REFUSED: Final[Colour] = (255, 138, 122)

_RAY_HUES: Final = {1: 0.54, 2: 0.40, 3: 0.62, 4: 0.47, 5: 0.70}
"""Greens, blues and violets, so that the warm epiphyses stand out beside every shaft."""

_EPIPHYSIS: Final[Colour] = (255, 190, 60)
_EPIPHYSIS_DISTAL: Final[Colour] = (255, 140, 66)
_CARPALS: Final[Colour] = (255, 120, 170)
_NAMED_CARPALS: Final[dict[str, Colour]] = {
    "capitate": (255, 120, 170),
    "hamate": (214, 84, 160),
    "triquetrum": (255, 158, 214),
    "lunate": (232, 96, 120),
    "scaphoid": (255, 178, 190),
    "trapezium": (206, 110, 206),
    "trapezoid": (240, 80, 190),
}
_SESAMOID: Final[Colour] = (255, 236, 130)
_FOREARM: Final = {"radius": 0.33, "ulna": 0.26}

_LIGHTER_PARTS: Final = ("proximal", "distal")


def label_colour(label: str) -> Colour:
    """Return the colour of a label of `boneage.anatomy.LABELS`.

    Shafts of neighbouring rays have different cold hues and neighbours along a ray different lightness; epiphyses are
    warm (amber, and orange in every second bone of a ray), the carpals pink (each its own
    shade where it has a name), the sesamoid yellow.
    """
    if label == "carpals" or label in CARPALS:
        return _NAMED_CARPALS.get(label, _CARPALS)
    if label == SESAMOID:
        return _SESAMOID
    bone = label.removesuffix("_epiphysis")
    lighter = bone.startswith(_LIGHTER_PARTS)
    if label.endswith("_epiphysis"):
        return _EPIPHYSIS_DISTAL if lighter else _EPIPHYSIS
    ray = ray_of(bone)
    hue = _FOREARM[bone] if ray is None else _RAY_HUES[ray]
    red, green, blue = colorsys.hls_to_rgb(hue, 0.72 if lighter else 0.60, 0.85)
    return round(255 * red), round(255 * green), round(255 * blue)
