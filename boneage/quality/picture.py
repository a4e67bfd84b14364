"""Is the picture sharp enough, and bone bright enough against flesh, for a growth plate to be seen?"""

from __future__ import annotations

from typing import Final

import numpy as np

from boneage.quality.checks import Finding, QualityCheck
from boneage.quality.view import IS_TUBULAR, TUBULAR, Floats, HandView, film_levels

SHARPNESS: Final = QualityCheck(
    "edge_sharpness",
    "too_blurred",
    "steepness of the bones' edges: upper quartile of the grey step per pixel of the hand frame, in contrasts of bone "
    "and flesh",
    "at least",
    warn=0.33,
    refuse=0.28,
    reason="films blurred on purpose: down to 0.33 the age moves by 2 months or less, at 0.31 by up to 9, at 0.28 by "
    "13, at 0.25 by 20, and nothing else shows it; films of 299 pixels have 0.37 to 0.47, films as they were taken "
    "0.49 to 0.58",
    remedy="use the film at its full resolution, or repeat it with the hand kept still",
    shown="the film as it is",
)

CONTRAST: Final = QualityCheck(
    "bone_contrast_steps",
    "flat_contrast",
    "how much brighter than the flesh beside it a bone is, in the smallest steps of grey that the film has",
    "at least",
    warn=3.5,
    refuse=2.0,
    reason="example films flattened on purpose: with 2 steps ages move by 2 to 6 months, with one by years; usable "
    "films of `tune` have 4 and more",
    remedy="export the film with its full range of grey, or with the window of its own tag",
    shown="the film as it is",
)

CHECKS: Final = (SHARPNESS, CONTRAST)
_SPARSE: Final = 7
"""Every so manyth row and column is looked at for the film's steps of grey."""


def check_picture(view: HandView, film: Floats) -> tuple[Finding, ...]:
    """Check sharpness and contrast of a hand; ``film`` is the film's own grey (rows, columns), 0 to 1."""
    sharp, steps = edge_sharpness(view), contrast_steps(view, film)
    return (
        SHARPNESS.found(sharp, "the film is not sharp: the edges of the bones are washed out, growth plates with them"),
        CONTRAST.found(steps, f"the film is flat: bone is only {steps:.1f} steps of grey brighter than flesh"),
    )


def edge_sharpness(view: HandView) -> float:
    """Return the steepness of the tubular bones' edges in contrasts a pixel; ``nan`` where no bone has a contrast."""
    bone, flesh = view.levels(view.pixels)
    contrast = median_contrast(bone, flesh)
    first_ring = (view.distance > 0) & (view.distance < 1.5)
    edge = first_ring & view.inside & IS_TUBULAR[view.nearest]
    if not edge.any() or not contrast > 0:
        return float("nan")
    steepness = np.hypot(np.gradient(view.pixels, axis=0)[edge], np.gradient(view.pixels, axis=1)[edge])
    return float(np.quantile(steepness, 0.75) / contrast)


def contrast_steps(view: HandView, film: Floats) -> float:
    """Return how much brighter than flesh a tubular bone is, in steps of grey of the film."""
    levels = np.unique(film[::_SPARSE, ::_SPARSE])
    if levels.size < 2:
        return 0.0
    return median_contrast(*view.levels(film_levels(view, film))) / float(np.median(np.diff(levels)))


def median_contrast(bone: Floats, flesh: Floats) -> float:
    """Return the median difference of bone and flesh over the tubular bones, from levels by label value."""
    found = (bone - flesh)[TUBULAR]
    return float(np.median(found[np.isfinite(found)])) if np.isfinite(found).any() else float("nan")
