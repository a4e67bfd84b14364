"""What single bones say against the rest of the hand, in words: ages out of step, and the pattern profile."""

from __future__ import annotations

from typing import Final

from boneage.report.wording import age_words, bone_words, interval_words, signed
from boneage.result import SexAnswer, out_of_step

MOST_NAMED: Final = 4
"""So many bones are named, the furthest off first; the JSON has all."""


def step_lines(answer: SexAnswer) -> list[str]:
    """Return a line that names the bones whose own interval does not hold the bone age; none where all do."""
    apart = out_of_step(answer)
    if not apart:
        return []
    named = "; ".join(
        f"{bone_words(age.bone)} {age_words(age.months)} ({interval_words(age.interval_95)})"
        for age in apart[:MOST_NAMED]
    )
    more = f"; and {len(apart) - MOST_NAMED} more" if len(apart) > MOST_NAMED else ""
    return [f"Out of step with the hand, by their own measurements alone: {named}{more}."]


def pattern_lines(answer: SexAnswer) -> list[str]:
    """Return a line on the pattern profile; none where there is none."""
    profile = answer.pattern_profile
    if not profile:
        return []
    flagged = sorted((bone for bone in profile if bone.flagged), key=lambda bone: -abs(bone.z_own_hand))
    if not flagged:
        return [f"Pattern profile: none of {len(profile)} bone lengths lies beyond 2 SD of its own hand."]
    named = ", ".join(f"{bone_words(bone.bone)} {signed(bone.z_own_hand)}" for bone in flagged[:MOST_NAMED])
    more = f" and {len(flagged) - MOST_NAMED} more" if len(flagged) > MOST_NAMED else ""
    return [
        f"Pattern profile: {len(flagged)} of {len(profile)} bone lengths beyond 2 SD of their own hand: {named}{more} "
        "(about one in twenty is in a usual hand)."
    ]
