"""Is this a usable hand? Checks of the located joints and of the segmented bones, each with its limit.

The limits were chosen on the `tune` films and on radiographs of other body parts (see `docs/results.md`): usable hands
pass, other pictures do not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES, TUBULAR_BONES
from boneage.errors import Refusal
from boneage.radiograph.radiograph import Notice
from boneage.segmentation.bone_map import HandCheck, HandFrame

LEAST_CONFIDENCE: Final = 0.55
"""Mean share of a joint's heat map that lies at its place."""
WORST_MISFIT: Final = 0.12
"""Root mean square distance of the palm from its template, in palm lengths."""
LEAST_PALM: Final = 25.0
"""Distance from wrist to third knuckle in film pixels."""
LEAST_BONES: Final = 12
"""Number of the 19 tubular bones that must be found."""
LEAST_SHAFT: Final = 12
"""Pixels of the hand frame that make a bone."""

_REMEDY: Final = "use a frontal radiograph of one whole hand, fingers and wrist included"


def check_joints(
    confidence: NDArray[np.float64], misfit: float, frame: HandFrame, palm_pixels: float
) -> tuple[HandCheck, ...]:
    """Check the located joints.

    Raises
    ------
    Refusal
        With code ``not_a_hand`` or ``hand_too_small``.
    """
    certain = float(np.mean(confidence))
    palm = palm_pixels * frame.scale
    checks = (
        HandCheck("joint_confidence", certain >= LEAST_CONFIDENCE, round(certain, 3), LEAST_CONFIDENCE),
        HandCheck("palm_misfit", misfit <= WORST_MISFIT, round(misfit, 3), WORST_MISFIT),
        HandCheck("palm_pixels", palm >= LEAST_PALM, round(palm, 1), LEAST_PALM),
    )
    if not (checks[0].passed and checks[1].passed):
        msg = "the picture does not look like a frontal radiograph of one hand"
        raise Refusal("not_a_hand", msg, remedy=_REMEDY)
    if not checks[2].passed:
        msg = f"the hand is too small to measure: {palm:.0f} pixels from wrist to knuckles, {LEAST_PALM:.0f} needed"
        raise Refusal("hand_too_small", msg, remedy="use the film at its full resolution")
    return checks


def check_bones(labels: NDArray[np.uint8]) -> tuple[HandCheck, ...]:
    """Check that enough bones were found.

    Raises
    ------
    Refusal
        With code ``bones_missing``.
    """
    counts = np.bincount(labels.ravel(), minlength=256)
    found = sum(int(counts[LABEL_VALUES[bone]] >= LEAST_SHAFT) for bone in TUBULAR_BONES)
    check = HandCheck("tubular_bones", found >= LEAST_BONES, float(found), float(LEAST_BONES))
    if not check.passed:
        msg = f"only {found} of the 19 tubular bones of the hand were found, {LEAST_BONES} are needed"
        raise Refusal("bones_missing", msg, remedy=_REMEDY)
    return (check,)


def check_cut_off(
    joints: NDArray[np.float64], names: tuple[str, ...], shape: tuple[int, int]
) -> tuple[tuple[HandCheck, ...], tuple[Notice, ...]]:
    """Tell which joints (n, 2) in film pixels lie at or beyond the edge of a film of shape (rows, columns)."""
    limit = np.array([shape[1], shape[0]]) - 1.0
    margin = 0.004 * max(shape)
    beyond = (joints < margin) | (joints > limit - margin)
    outside: NDArray[np.bool_] = np.any(beyond, axis=1)
    missing = [name for name, out in zip(names, outside, strict=True) if out]
    check = HandCheck("joints_at_edge", not missing, float(len(missing)), 0.0)
    if not missing:
        return (check,), ()
    msg = f"the hand reaches the edge of the film at: {', '.join(missing)}"
    return (check,), (Notice("cut_off", msg, "include the whole hand and wrist in the film"),)
