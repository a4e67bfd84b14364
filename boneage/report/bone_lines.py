"""What single bones say against the rest of the hand, in words: ages out of step, and the pattern profile."""

from __future__ import annotations

from typing import Final

from boneage.report.speech import ENGLISH, Speech
from boneage.report.wording import signed
from boneage.result import SexAnswer, out_of_step

MOST_NAMED: Final = 4
"""So many bones are named, the furthest off first; the JSON has all."""


def step_lines(answer: SexAnswer, speech: Speech = ENGLISH) -> list[str]:
    """Return a line that names the bones whose own interval does not hold the bone age; none where all do."""
    apart = out_of_step(answer)
    if not apart:
        return []
    named = [
        speech.say(
            "lines.step",
            bone=speech.bone(age.bone),
            age=speech.age(age.months),
            interval=speech.interval(age.interval_95),
        )
        for age in apart[:MOST_NAMED]
    ]
    more = speech.say("lines.steps_more", count=len(apart) - MOST_NAMED) if len(apart) > MOST_NAMED else ""
    return [speech.say("lines.steps", names=speech.say("lines.clause").join(named), more=more)]


def pattern_lines(answer: SexAnswer, speech: Speech = ENGLISH) -> list[str]:
    """Return a line on the pattern profile; none where there is none."""
    profile = answer.pattern_profile
    if not profile:
        return []
    flagged = sorted((bone for bone in profile if bone.flagged), key=lambda bone: -abs(bone.z_own_hand))
    if not flagged:
        return [speech.say("lines.pattern_none", count=len(profile))]
    named = [f"{speech.bone(bone.bone)} {signed(bone.z_own_hand)}" for bone in flagged[:MOST_NAMED]]
    more = speech.say("lines.pattern_more", count=len(flagged) - MOST_NAMED) if len(flagged) > MOST_NAMED else ""
    names = speech.say("lines.separator").join(named)
    return [speech.say("lines.pattern_some", flagged=len(flagged), count=len(profile), names=names, more=more)]
