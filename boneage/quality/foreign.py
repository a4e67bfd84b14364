"""What does not belong to a hand: metal upon it, or a veil of plaster or cloth over wrist and palm."""

from __future__ import annotations

from typing import Final

import numpy as np

from boneage.anatomy import LABEL_VALUES
from boneage.quality.checks import Finding, Place, QualityCheck, box_place
from boneage.quality.picture import median_contrast
from boneage.quality.view import IS_TUBULAR, Floats, HandView, film_levels

METAL: Final = QualityCheck(
    "metal_pixels",
    "metal",
    "largest spot on fingers or palm that outshines its flesh by five contrasts of bone, or its bone by one and all of "
    "the film, in pixels of the hand frame",
    "at most",
    warn=40.0,
    refuse=None,
    reason="usable hands have none; a ring drawn on a finger has 200 to 400, a pin 100 to 430, and they moved ages by "
    "5 months where the bones did not contradict each other (`bones_contradict`)",
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
    "incomplete, a thin one lowers this before it moves the age",
    remedy="look whether a cast, a splint or a sleeve lies over the hand",
)

CHECKS: Final = (METAL, VEIL)
EXCESS: Final = 5.0
"""Contrasts of bone above flesh from which a pixel is metal."""
BRIGHTEST: Final = 0.98
"""Share of the film's brightest grey from which a pixel that outshines its bone by one contrast is metal too."""
REACH: Final = 6.0
"""Pixels of the hand frame round a bone in which metal is looked for."""
_LONG: Final = np.array(
    [LABEL_VALUES[name] for name in (*(f"metacarpal_{ray}" for ray in (2, 3, 4, 5)), "radius", "ulna")]
)
_FINGER: Final = np.array(
    [LABEL_VALUES[f"{part}_phalanx_{ray}"] for part in ("proximal", "middle") for ray in (2, 3, 4, 5)]
)


def check_foreign(view: HandView, film: Floats) -> tuple[Finding, ...]:
    """Look for metal and for a veil."""
    area, places = metal_spot(view, film)
    veiled = "the bones of palm and wrist are pale beside those of the fingers: something may lie over them"
    return (
        METAL.found(area, "something as bright as metal lies on the bones", *places),
        VEIL.found(palm_contrast(view), veiled),
    )


def metal_spot(view: HandView, film: Floats) -> tuple[float, tuple[Place, ...]]:
    """Return the size of the largest spot of metal in pixels of the hand frame, and its box on the film.

    ``film`` is the film's own grey (rows, columns).
    """
    from scipy.ndimage import find_objects, label

    bone, flesh = view.levels(view.pixels)
    contrast = median_contrast(bone, flesh)
    if not contrast > 0:
        return 0.0, ()
    beyond = _levels(flesh + EXCESS * contrast)[view.nearest]
    bright = (view.pixels > _levels(bone + contrast)[view.nearest]) & (
        film_levels(view, film) >= BRIGHTEST * film.max()
    )
    spots, count = label(((view.pixels > beyond) | bright) & (view.distance < REACH) & view.inside)
    if not count:
        return 0.0, ()
    sizes = np.bincount(spots.ravel())[1:]
    rows, columns = find_objects(spots)[int(sizes.argmax())]
    corners = box_place((columns.start - 1, rows.start - 1, columns.stop, rows.stop))
    outline = view.frame.to_film(np.array(corners, dtype=float))
    return float(sizes.max()), (tuple((float(x), float(y)) for x, y in outline),)


def _levels(limits: Floats) -> Floats:
    """Return limits by label value for all values, beyond any grey where a value has none or is no tubular bone."""
    level = np.full(256, np.inf, dtype=np.float32)
    known = np.flatnonzero(np.isfinite(limits) & IS_TUBULAR[: limits.size])
    level[known] = limits[known]
    return level


def palm_contrast(view: HandView) -> float:
    """Return the contrast of metacarpals and forearm in contrasts of the phalanges; ``nan`` without either."""
    bone, flesh = view.levels(view.pixels)
    contrast = bone - flesh
    parts = [values[np.isfinite(values)] for values in (contrast[_LONG], contrast[_FINGER])]
    if not all(part.size for part in parts) or np.median(parts[1]) <= 0:
        return float("nan")
    return float(np.median(parts[0]) / np.median(parts[1]))
