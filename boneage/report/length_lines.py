"""What the lengths of the bones say, in words."""

from __future__ import annotations

from boneage.report.speech import ENGLISH, Speech
from boneage.report.wording import signed
from boneage.result import Result


def length_lines(result: Result, speech: Speech = ENGLISH) -> list[str]:
    """Return a line for each age that the lengths were held against, and what the scores rest on."""
    lengths = result.lengths
    if lengths is None:
        return []
    lines = []
    for key, score in (
        ("lines.lengths_bone_age" if result.settled is None else "lines.lengths_automatic_age", lengths.for_bone_age),
        ("lines.lengths_own_age", lengths.for_chronological_age),
    ):
        if score is not None:
            said = {
                "age": speech.age(score.age_months),
                "verdict": speech.table("lines.length_verdicts")[score.verdict],
            }
            said |= {"sds": signed(score.sds), "bones": str(score.bones), "reference": score.reference}
            lines.append(speech.say(key, **said))
    return (
        [*lines, speech.say("lines.lengths_remark", message=speech.length_remark(lengths))]
        if lengths.message
        else lines
    )
