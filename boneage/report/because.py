"""Why this age, in one sentence: what each route says, and on which bones and regions that rests."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from boneage.report.speech import ENGLISH, Speech
from boneage.report.wording import signed
from boneage.result import AgeByMeasurement, AgeByRegression, RegionOfRegression, SexAnswer

MOST_NAMED: Final = 3
"""So many bones, and so many regions on either side, are named."""

LEAST_MONTHS: Final = 1.0
"""A region that moves the answer by less is not named."""


def because(answer: SexAnswer, speech: Speech = ENGLISH) -> str:
    """Return the sentence for one answer; empty where no route has answered."""
    measured, direct = answer.estimates.measurement, answer.estimates.regression
    said = []
    if direct is not None:
        said.append(speech.say("lines.because_direct", age=speech.age(direct.months)))
    if measured is not None:
        said.append(speech.say("lines.because_bones", age=speech.age(measured.months)))
    reasons = speech.say("lines.clause").join([*_bones(measured, speech), *_regions(direct, speech)])
    if not said:
        return ""
    why = speech.say("lines.because_reasons") + reasons if reasons else ""
    text = speech.say("lines.comma").join(said) + why + speech.say("lines.stop")
    return text[:1].upper() + text[1:]


def part_weights(lookup: AgeByMeasurement) -> dict[str, float]:
    """Return each bone's share (0 to 1) of the weight of all measurements, largest first."""
    weights: defaultdict[str, float] = defaultdict(float)
    for part in lookup.contributions:
        weights[part.measurement.partition(".")[0]] += part.weight
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def heaviest_bones(lookup: AgeByMeasurement | None) -> list[tuple[str, float, float]]:
    """Return the bones that weigh most: name, share of the weight (0 to 1), the age in months that each gives alone."""
    if lookup is None:
        return []
    alone = {age.bone: age.months for age in lookup.bone_ages}
    known = [(part, weight, alone[part]) for part, weight in part_weights(lookup).items() if part in alone]
    return known[:MOST_NAMED]


def strongest_regions(direct: AgeByRegression | None) -> list[RegionOfRegression] | None:
    """Return the regions that move the regression most; ``None`` where it was not asked what it rests on."""
    if direct is None or not direct.regions:
        return None
    moving = sorted(direct.regions, key=lambda effect: -abs(effect.months))
    return [effect for effect in moving[:MOST_NAMED] if abs(effect.months) >= LEAST_MONTHS]


def _bones(lookup: AgeByMeasurement | None, speech: Speech) -> list[str]:
    named = [
        speech.say("lines.because_bone", bone=speech.bone(part), share=f"{100 * weight:.0f}", age=speech.age(months))
        for part, weight, months in heaviest_bones(lookup)
    ]
    return [speech.say("lines.separator").join(named)] if named else []


def _regions(direct: AgeByRegression | None, speech: Speech) -> list[str]:
    strongest = strongest_regions(direct)
    if strongest is None:
        return []
    named = [
        speech.say("lines.because_region", region=speech.joint(effect.region), months=signed(effect.months, 0))
        for effect in strongest
    ]
    if not named:
        return [speech.say("lines.because_no_region")]
    return [speech.say("lines.because_regions", names=speech.say("lines.separator").join(named))]
