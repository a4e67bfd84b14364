"""The checks that other rooms make, as the registry lists them: limits are theirs, reasons are said here."""

from __future__ import annotations

from typing import Final

from boneage.quality.checks import QualityCheck
from boneage.radiograph.checks import LOOK_FIRST, MIN_CONTRAST, MIN_SIDE, NATIVE_SIZE
from boneage.radiograph.polarity import INVERTED_BELOW
from boneage.reference.posterior import MOST_OUT_OF_STEP
from boneage.segmentation import hand_checks as hand
from boneage.segmentation import other_hands

CHECKS: Final = (
    QualityCheck(
        "shortest_side", "image_too_small", "shortest side of the picture in pixels", "at least", None, float(MIN_SIDE),
        "no bone of a hand can be told from another on fewer",
        NATIVE_SIZE,
    ),
    QualityCheck(
        "grey_range", "image_blank", "grey levels (0 to 1) that the middle 99 % of the pixels span", "at least",
        None, MIN_CONTRAST, "one and a half of 256 levels: nothing is drawn", LOOK_FIRST,
    ),
    QualityCheck(
        "bone_bright_score", "inverted_film", "log odds that bone is bright", "at least", INVERTED_BELOW, None,
        "fitted on `train`; the film is inverted back and read, and the reader is told",
        "look at the overlay picture",
    ),
    QualityCheck(
        "mirrored", "mirrored", "whether the thumb lies where a right hand has it (1: it does)", "at most", 0.0, None,
        "the hand is mirrored and read like a left one; right hands of a child differ little from left ones",
        "check that the film is the left hand", "the bones on the film as it is",
    ),
    QualityCheck(
        "joint_confidence", "hand_incomplete", "mean share of a joint's heat map at its place", "at least",
        None, hand.WHOLE_CONFIDENCE,
        "about 1 % of all RSNA films fall below, most of them with fingers bent, hidden or left out; below "
        f"{hand.LEAST_CONFIDENCE:g} it is no hand (`not_a_hand`)", hand.WHOLE_HAND,
    ),
    QualityCheck(
        "palm_misfit", "not_a_hand", "distance of the palm from the mean palm, in palm lengths", "at most",
        None, hand.WORST_MISFIT, "usable hands of `tune` stay below 0.05, other body parts lie above", hand.WHOLE_HAND,
    ),
    QualityCheck(
        "joints_unsure", "hand_incomplete", f"joints of confidence below {hand.SURE_JOINT:g}", "at most",
        0.0, hand.MOST_UNSURE - 1.0, "one may be bent or covered; with more of them the hand is not whole",
        hand.WHOLE_HAND, "the joints",
    ),
    QualityCheck(
        "palm_pixels", "hand_too_small", "distance from wrist to third knuckle in film pixels", "at least",
        None, hand.LEAST_PALM, "a growth plate is then narrower than half a pixel",
        hand.FULL_RESOLUTION,
    ),
    QualityCheck(
        "joints_cut_off", "cut_off", f"joints within {hand.EDGE_SHARE:g} of the edge and not sure, but for finger tips "
        f"with less than {hand.ENDS_INSIDE:g} of their flesh left on the way to the edge", "at most",
        None, 0.0, "a bone that the film cuts off has no length; the bones are named",
        hand.WHOLE_HAND, "where the film cuts",
    ),
    QualityCheck(
        "tips_at_edge", "tips_at_edge", f"finger tips, surely found, with more than {hand.RUNS_ON:g} of their flesh "
        "left on the way to the edge", "at most", 0.0, None,
        "over half of the films of `tune` cut through a last bone on purpose show it and no other sign; of 1,000 as "
        "they are, 3 do: a finger that touches the edge, a bright rim beside one",
        "look whether the last bones of these fingers are whole", "the finger tips",
    ),
    QualityCheck(
        "tubular_bones", "bones_missing", "tubular bones found, of 19", "at least", None, float(hand.LEAST_BONES),
        "with fewer, the table is looked up with less than two thirds of what it was made of", hand.WHOLE_HAND,
        "the bones found",
    ),
    QualityCheck(
        "bones_out_of_step", "bones_contradict", "share of bones whose own age contradicts that of all", "at most",
        None, MOST_OUT_OF_STEP, "3 of 996 films of `tune` lie beyond: injuries, bent fingers, wrong outlines",
        "look at the outlines on the overlay: an injury, bent fingers or something over the hand", "the bones",
    ),
    QualityCheck(
        other_hands.CHECK, "two_hands", "trust in another hand: mean confidence of its joints less the misfit of its "
        "palm", "at most", None, other_hands.SURE,
        "hands of two films laid side by side are found with 0.91 and more; what lies beside one hand (markers, "
        "borders) with less. It is looked for only where the film has room for it, or where no single hand was found",
        other_hands.REMEDY, "a box round each hand",
    ),
)  # fmt: skip
"""Made while a film is read, its hand is found and its age is looked up."""
