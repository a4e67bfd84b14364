"""Is this a usable hand? Checks of the located joints and of the segmented bones, each with its limit.

The limits were chosen on the `tune` films and on radiographs of other body parts (see `docs/results.md`): usable hands
pass, other pictures do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import BONES, JOINTS, LABEL_VALUES, TUBULAR_BONES, bounding_joints
from boneage.errors import Refusal
from boneage.radiograph.radiograph import Notice
from boneage.segmentation.bone_map import HandCheck, HandFrame

LEAST_CONFIDENCE: Final = 0.70
"""Mean share of a joint's heat map that lies at its place; below it there is no hand."""
WHOLE_CONFIDENCE: Final = 0.87
"""The same; below it, or with `MOST_UNSURE` joints unsure, the hand is not whole (1.0 % of all RSNA hands)."""
EDGE_SHARE: Final = 0.03
"""Distance from the film's edge, in shares of its longer side, within which a joint may be a cut-off one."""
EDGE_CONFIDENCE: Final = 0.85
"""Confidence below which a joint at the edge counts as cut off (with the distance: 0.1 to 0.6 % of all RSNA films)."""
MOST_UNSURE: Final = 2
"""So many joints below `SURE_JOINT` that the hand is not whole."""
SURE_JOINT: Final = 0.5
"""Confidence of a single joint below which a reader is told of it."""
WORST_MISFIT: Final = 0.12
"""Root mean square distance of the palm from its template, in palm lengths."""
LEAST_PALM: Final = 25.0
"""Distance from wrist to third knuckle in film pixels."""
LEAST_BONES: Final = 12
"""Number of the 19 tubular bones that must be found."""
LEAST_SHAFT: Final = 48
"""Pixels of the fine grid that make a bone."""

_REMEDY: Final = "use a frontal radiograph of one whole hand, fingers and wrist included"


def check_joints(
    confidence: NDArray[np.float64], misfit: float, frame: HandFrame, palm_pixels: float
) -> tuple[HandCheck, ...]:
    """Check the located joints.

    Raises
    ------
    Refusal
        With code ``not_a_hand``, ``hand_incomplete`` or ``hand_too_small``.
    """
    certain = float(np.mean(confidence))
    palm = palm_pixels * frame.scale
    unsure = len(_unsure(confidence, SURE_JOINT))
    checks = (
        HandCheck("joint_confidence", certain >= WHOLE_CONFIDENCE, round(certain, 3), WHOLE_CONFIDENCE),
        HandCheck("palm_misfit", misfit <= WORST_MISFIT, round(misfit, 3), WORST_MISFIT),
        HandCheck("palm_pixels", palm >= LEAST_PALM, round(palm, 1), LEAST_PALM),
        HandCheck("joints_unsure", unsure < MOST_UNSURE, float(unsure), float(MOST_UNSURE)),
    )
    if certain < LEAST_CONFIDENCE or not checks[1].passed:
        msg = "the picture does not look like a frontal radiograph of one hand"
        raise Refusal("not_a_hand", msg, remedy=_REMEDY, checks=checks)
    if not (checks[0].passed and checks[3].passed):
        msg = f"parts of the hand cannot be found: {', '.join(_unsure(confidence, WHOLE_CONFIDENCE))}"
        raise Refusal("hand_incomplete", msg, remedy=_REMEDY, checks=checks)
    if not checks[2].passed:
        msg = f"the hand is too small to measure: {palm:.0f} pixels from wrist to knuckles, {LEAST_PALM:.0f} needed"
        raise Refusal("hand_too_small", msg, remedy="use the film at its full resolution", checks=checks)
    return checks


def _unsure(confidence: NDArray[np.float64], limit: float) -> list[str]:
    return [name for name, certain in zip(JOINTS, confidence, strict=True) if certain < limit]


def unsure_joints(confidence: NDArray[np.float64]) -> tuple[Notice, ...]:
    """Tell which joints may be cut off or covered: those of low ``confidence`` (21,), in the order of `JOINTS`."""
    names = _unsure(confidence, SURE_JOINT)
    if not names:
        return ()
    msg = f"not sure where these are, they may be cut off, bent or covered: {', '.join(names)}"
    return (Notice("joints_unsure", msg, "look at the overlay there"),)


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
        raise Refusal("bones_missing", msg, remedy=_REMEDY, checks=(check,))
    return (check,)


def check_cut_off(
    joints: NDArray[np.float64], confidence: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[HandCheck, ...]:
    """Check that the hand ends inside the film.

    The network puts the tip of a finger that the film cuts off at the edge, but is not sure of it; tips that are really
    there may lie as close, and it is.

    Parameters
    ----------
    joints:
        (21, 2) in film pixels, in the order of `JOINTS`.
    confidence:
        (21,).
    shape:
        (rows, columns) of the film.

    Raises
    ------
    Refusal
        With code ``cut_off``, naming the joints.
    """
    limit = np.array([shape[1], shape[0]]) - 1.0
    to_edge = np.minimum(joints, limit - joints).min(axis=1) / max(shape)
    cut = [
        name
        for name, distance, certain in zip(JOINTS, to_edge, confidence, strict=True)
        if distance < EDGE_SHARE and certain < EDGE_CONFIDENCE
    ]
    reach = EDGE_SHARE * max(shape)
    places = tuple(_square(joints[JOINTS.index(name)], reach) for name in cut)
    check = HandCheck("joints_cut_off", not cut, float(len(cut)), 0.0, places)
    if cut:
        msg = f"the film cuts the hand off at: {', '.join(cut)} (bones: {', '.join(bones_at(cut))})"
        raise Refusal("cut_off", msg, remedy=_REMEDY, checks=(check,))
    return (check,)


def bones_at(joints: Sequence[str]) -> tuple[str, ...]:
    """Return the bones that end at some joints, in the order of reports.

    Examples
    --------
    >>> bones_at(["pip_3"])
    ('proximal_phalanx_3', 'middle_phalanx_3')
    """
    return tuple(bone for bone in BONES if set(bounding_joints(bone)) & set(joints))


def _square(middle: NDArray[np.float64], reach: float) -> tuple[tuple[float, float], ...]:
    x, y = (float(value) for value in middle)
    return ((x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach))
