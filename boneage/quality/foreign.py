"""What does not belong to a hand: metal upon it, or a veil of plaster or cloth over wrist and palm."""

from __future__ import annotations

from typing import Final

import numpy as np

from boneage.anatomy import LABEL_VALUES
from boneage.quality.checks import Finding, Place, QualityCheck, box_place
from boneage.quality.picture import median_contrast
from boneage.quality.view import TUBULAR, HandView

METAL: Final = QualityCheck(
    "metal_pixels",
    "metal",
    "largest spot on the fingers or the palm that is brighter than its flesh by five contrasts of bone, in "
    "pixels of the "
    "hand frame",
    "at most",
    warn=40.0,
    refuse=None,
    reason="bone, cortex and crossing bones included, stays below five; a ring drawn on a finger has 350, a pin "
    "420, and "
    "they moved ages by 5 months where the bones did not contradict each other (`bones_contradict`)",
    remedy="take rings and splints off; read the bones under metal by eye",
    shown="a box round the spot",
)

VEIL: Final = QualityCheck(
    "palm_contrast",
    "veil_over_hand",
    "contrast of the metacarpals and the forearm, in contrasts of the phalanges",
    "at least",
    warn=0.55,
    refuse=None,
    reason="99.5 % of usable hands of `tune` have more than 0.6; a cast that hides the bones makes the hand "
    "incomplete, "
    "a thin one lowers this before it moves the age",
    remedy="look whether a cast, a splint or a sleeve lies over the hand",
    shown="",
)

CHECKS: Final = (METAL, VEIL)
EXCESS: Final = 5.0
"""Contrasts of bone above flesh from which a pixel is metal."""
REACH: Final = 6.0
"""Pixels of the hand frame round a bone in which metal is looked for."""
_LONG: Final = np.array(
    [LABEL_VALUES[name] for name in (*(f"metacarpal_{ray}" for ray in (2, 3, 4, 5)), "radius", "ulna")]
)
_FINGER: Final = np.array(
    [LABEL_VALUES[f"{part}_phalanx_{ray}"] for part in ("proximal", "middle") for ray in (2, 3, 4, 5)]
)
_TUBULAR: Final = np.isin(np.arange(256), TUBULAR)


def check_foreign(view: HandView) -> tuple[Finding, ...]:
    """Look for metal and for a veil."""
    area, places = metal_spot(view)
    veiled = "the bones of palm and wrist are pale beside those of the fingers: something may lie over them"
    return (
        METAL.found(area, "something as bright as metal lies on the bones", *places),
        VEIL.found(palm_contrast(view), veiled),
    )


def metal_spot(view: HandView) -> tuple[float, tuple[Place, ...]]:
    """Return the size of the largest spot of metal in pixels of the hand frame, and its box on the film."""
    from scipy.ndimage import find_objects, label

    bone, flesh = view.levels(view.pixels)
    contrast = median_contrast(bone, flesh)
    if not contrast > 0:
        return 0.0, ()
    level = np.full(256, np.inf, dtype=np.float32)
    known = np.flatnonzero(np.isfinite(flesh) & _TUBULAR[: flesh.size])
    level[known] = flesh[known] + EXCESS * contrast
    spots, count = label((view.pixels > level[view.nearest]) & (view.distance < REACH))
    if not count:
        return 0.0, ()
    sizes = np.bincount(spots.ravel())[1:]
    rows, columns = find_objects(spots)[int(sizes.argmax())]
    corners = box_place((columns.start - 1, rows.start - 1, columns.stop, rows.stop))
    film = view.frame.to_film(np.array(corners, dtype=float))
    return float(sizes.max()), (tuple((float(x), float(y)) for x, y in film),)


def palm_contrast(view: HandView) -> float:
    """Return the contrast of metacarpals and forearm in contrasts of the phalanges; ``nan`` without either."""
    bone, flesh = view.levels(view.pixels)
    contrast = bone - flesh
    parts = [values[np.isfinite(values)] for values in (contrast[_LONG], contrast[_FINGER])]
    if not all(part.size for part in parts) or np.median(parts[1]) <= 0:
        return float("nan")
    return float(np.median(parts[0]) / np.median(parts[1]))
