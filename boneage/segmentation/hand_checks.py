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
ENDS_INSIDE: Final = 0.4
"""Share of a finger's flesh left between its tip and the edge, below which it ends inside, however unsure its tip."""
RUNS_ON: Final = 0.7
"""The same, above which a finger reaches the edge, however sure its tip."""
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

Floats = NDArray[np.float64]
WHOLE_HAND: Final = "use a frontal radiograph of one whole hand, fingers and wrist included"
FULL_RESOLUTION: Final = "use the film at its full resolution"


def check_joints(confidence: Floats, misfit: float, frame: HandFrame, palm_pixels: float) -> tuple[HandCheck, ...]:
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
        raise Refusal("not_a_hand", msg, remedy=WHOLE_HAND, checks=checks)
    if not (checks[0].passed and checks[3].passed):
        msg = f"parts of the hand cannot be found: {', '.join(_unsure(confidence, WHOLE_CONFIDENCE))}"
        raise Refusal("hand_incomplete", msg, remedy=WHOLE_HAND, checks=checks)
    if not checks[2].passed:
        msg = f"the hand is too small to measure: {palm:.0f} pixels from wrist to knuckles, {LEAST_PALM:.0f} needed"
        raise Refusal("hand_too_small", msg, remedy=FULL_RESOLUTION, checks=checks)
    return checks


def _unsure(confidence: Floats, limit: float) -> list[str]:
    return [name for name, certain in zip(JOINTS, confidence, strict=True) if certain < limit]


def unsure_joints(confidence: Floats) -> tuple[Notice, ...]:
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
        raise Refusal("bones_missing", msg, remedy=WHOLE_HAND, checks=(check,))
    return (check,)


def check_cut_off(
    joints: Floats, confidence: Floats, shape: tuple[int, int], flesh: Floats
) -> tuple[HandCheck, HandCheck]:
    """Check that the hand ends inside the film.

    A joint at the edge of which the network is not sure is cut off, unless it is a finger tip with air behind it. A tip
    of which it is sure, but whose flesh runs on to the edge, is one to be looked at.

    Parameters
    ----------
    joints:
        (21, 2) in film pixels, in the order of `JOINTS`.
    confidence:
        (21,).
    shape:
        (rows, columns) of the film.
    flesh:
        (21,), what `boneage.segmentation.edge_flesh.flesh_to_edge` found.

    Raises
    ------
    Refusal
        With code ``cut_off``, naming the joints.
    """
    limit = np.array([shape[1], shape[0]]) - 1.0
    close = np.minimum(joints, limit - joints).min(axis=1) / max(shape) < EDGE_SHARE
    cut = _named(close & (confidence < EDGE_CONFIDENCE) & ~(flesh < ENDS_INSIDE))
    running_on = tips_at_edge(confidence, flesh)
    checks = (
        _at_edge("joints_cut_off", cut, joints, shape),
        _at_edge("tips_at_edge", running_on, joints, shape),
    )
    if cut:
        msg = f"the film cuts the hand off at: {', '.join(cut)} (bones: {', '.join(bones_at(cut))})"
        raise Refusal("cut_off", msg, remedy=WHOLE_HAND, checks=checks)
    return checks


def tips_at_edge(confidence: Floats, flesh: Floats) -> tuple[str, ...]:
    """Return the finger tips, surely found, whose flesh runs on to the film's edge; both arrays (21,)."""
    return _named((confidence >= EDGE_CONFIDENCE) & (flesh > RUNS_ON))


def edge_notices(tips: Sequence[str]) -> tuple[Notice, ...]:
    """Tell which fingers reach the film's edge, so that somebody sees whether they end there or are cut off."""
    if not tips:
        return ()
    msg = f"these fingers reach the film's edge, which may cut them off: {', '.join(tips)}"
    return (Notice("tips_at_edge", msg, "look whether their last bones are whole"),)


def _named(chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, one in zip(JOINTS, chosen, strict=True) if one)


def _at_edge(name: str, found: Sequence[str], joints: Floats, shape: tuple[int, int]) -> HandCheck:
    places = tuple(_square(joints[JOINTS.index(joint)], EDGE_SHARE * max(shape)) for joint in found)
    return HandCheck(name, not found, float(len(found)), 0.0, places)


def bones_at(joints: Sequence[str]) -> tuple[str, ...]:
    """Return the bones that end at some joints, in the order of reports.

    Examples
    --------
    >>> bones_at(["pip_3"])
    ('proximal_phalanx_3', 'middle_phalanx_3')
    """
    return tuple(bone for bone in BONES if set(bounding_joints(bone)) & set(joints))


def _square(middle: Floats, reach: float) -> tuple[tuple[float, float], ...]:
    x, y = (float(value) for value in middle)
    return ((x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach))
