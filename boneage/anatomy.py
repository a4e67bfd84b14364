"""The one vocabulary of the hand: bones, joints, segmentation labels, their order and their neighbours.

Imports nothing heavy, so that the command line, the page and the tests can share it.
Names are those of the output contract and never change their spelling.
"""

from __future__ import annotations

from typing import Final

RAYS: Final = (1, 2, 3, 4, 5)
"""The rays of the hand, thumb (1) to little finger (5)."""

TUBULAR_BONES: Final[tuple[str, ...]] = (
    *(f"metacarpal_{ray}" for ray in RAYS),
    *(f"proximal_phalanx_{ray}" for ray in RAYS),
    *(f"middle_phalanx_{ray}" for ray in RAYS[1:]),
    *(f"distal_phalanx_{ray}" for ray in RAYS),
)
"""The 19 short tubular bones of the hand (the thumb has no middle phalanx)."""

FOREARM: Final = ("radius", "ulna")
BONES: Final[tuple[str, ...]] = (*TUBULAR_BONES, *FOREARM)
"""Every measured bone, in the order of reports."""

JOINTS: Final[tuple[str, ...]] = (
    "wrist",
    "cmc_1",
    *(f"mcp_{ray}" for ray in RAYS),
    "ip_1",
    *(f"pip_{ray}" for ray in RAYS[1:]),
    *(f"dip_{ray}" for ray in RAYS[1:]),
    *(f"tip_{ray}" for ray in RAYS),
)
"""The 21 joints and finger tips."""


CARPALS: Final = ("capitate", "hamate", "triquetrum", "lunate", "scaphoid", "trapezium", "trapezoid")
"""The carpal bones in the order in which they usually ossify (the last four vary from child to child).

The pisiform lies in front of the triquetrum on a film of the hand seen from the back or the palm and is not told apart
from it, neither by a drawn mask nor, on most films, by eye: it has no name of its own here.
"""

SESAMOID: Final = "adductor_sesamoid"
"""The sesamoid bone of the thumb's adductor, at the ulnar side of the head of metacarpal 1."""


def epiphysis_of(bone: str) -> str:
    """Return the label name of the epiphysis of a bone, for instance ``metacarpal_3_epiphysis``."""
    return f"{bone}_epiphysis"


LABELS: Final[dict[int, str]] = dict(
    enumerate(
        (
            *TUBULAR_BONES,
            *(epiphysis_of(bone) for bone in TUBULAR_BONES),
            "radius",
            "radius_epiphysis",
            "ulna",
            "ulna_epiphysis",
            "carpals",
            *CARPALS,
            SESAMOID,
        ),
        start=1,
    )
)
"""Label value (1 to 51) to label name; 0 is background. ``carpals`` is a carpal whose name is not certain."""

LABEL_VALUES: Final[dict[str, int]] = {name: value for value, name in LABELS.items()}
"""Label name to label value."""

CARPAL_VALUES: Final = frozenset(LABEL_VALUES[name] for name in ("carpals", *CARPALS))
"""The label values of all carpals, named (44 to 50) or not (43)."""


def is_filled(label: str) -> bool:
    """Tell whether a label is an area of growth: an epiphysis, a carpal or the sesamoid, and not a shaft."""
    return label.endswith("_epiphysis") or label == SESAMOID or LABEL_VALUES.get(label) in CARPAL_VALUES


def ray_of(bone: str) -> int | None:
    """Return the ray (1 to 5) of a tubular bone, ``None`` for radius and ulna."""
    tail = bone.rsplit("_", 1)[-1]
    return int(tail) if tail.isdigit() else None


def epiphysis_is_distal(bone: str) -> bool:
    """Tell whether the growth plate lies at the distal end.

    It does in metacarpals 2 to 5, in the radius and in the ulna; in metacarpal 1 and in all phalanges it is proximal.
    """
    return bone in {*FOREARM, "metacarpal_2", "metacarpal_3", "metacarpal_4", "metacarpal_5"}


def bounding_joints(bone: str) -> tuple[str | None, str]:
    """Return the joints at the proximal and distal end of a bone (``None`` where no joint is named).

    Raises
    ------
    KeyError
        If ``bone`` is not one of `BONES`.
    """
    if bone not in BONES:
        msg = f"unknown bone {bone!r}; expected one of {BONES}"
        raise KeyError(msg)
    if bone in FOREARM:
        return None, "wrist"
    ray = ray_of(bone)
    if bone.startswith("metacarpal"):
        return ("cmc_1" if ray == 1 else None), f"mcp_{ray}"
    if bone.startswith("proximal"):
        return f"mcp_{ray}", ("ip_1" if ray == 1 else f"pip_{ray}")
    if bone.startswith("middle"):
        return f"pip_{ray}", f"dip_{ray}"
    return ("ip_1" if ray == 1 else f"dip_{ray}"), f"tip_{ray}"
