"""The z scores of single bones and carpals, from what the lookup said of each measurement."""

from __future__ import annotations

from collections.abc import Sequence

from boneage import anatomy
from boneage.result.ages import Contribution


def carpal_scores(contributions: Sequence[Contribution]) -> dict[str, float]:
    """Return the z score of each named carpal's size, by carpal, from what the lookup said of each measurement."""
    scores = {part.measurement.partition(".")[0]: part.z for part in contributions}
    return {carpal: scores[carpal] for carpal in anatomy.CARPALS if carpal in scores}


def length_scores(contributions: Sequence[Contribution]) -> dict[str, float]:
    """Return the z score of each bone's length, by bone, from what the lookup said of each measurement."""
    scores = {}
    for part in contributions:
        bone, _, quantity = part.measurement.partition(".")
        if bone in anatomy.BONES and quantity.startswith(("length", "joint_length")):
            scores[bone] = part.z
    return scores
