"""Why this age, in one sentence: what each route says, and on which bones and regions that rests."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from boneage.report.wording import age_words, bone_words, joint_words, signed
from boneage.result import AgeByMeasurement, AgeByRegression, RegionOfRegression, SexAnswer

MOST_NAMED: Final = 3
"""So many bones, and so many regions on either side, are named."""

LEAST_MONTHS: Final = 1.0
"""A region that moves the answer by less is not named."""


def because(answer: SexAnswer) -> str:
    """Return the sentence for one answer; empty where no route has answered."""
    measured, direct = answer.estimates.measurement, answer.estimates.regression
    said = []
    if direct is not None:
        said.append(f"The direct regression says {age_words(direct.months)}")
    if measured is not None:
        said.append(f"{'the' if said else 'The'} bones say {age_words(measured.months)}")
    reasons = [*_bones(measured), *_regions(direct)]
    if not said:
        return ""
    return ", ".join(said) + (f", because {'; '.join(reasons)}" if reasons else "") + "."


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


def _bones(lookup: AgeByMeasurement | None) -> list[str]:
    named = [
        f"{bone_words(part)} ({100 * weight:.0f} % of the weight) alone says {age_words(months)}"
        for part, weight, months in heaviest_bones(lookup)
    ]
    return [", ".join(named)] if named else []


def _regions(direct: AgeByRegression | None) -> list[str]:
    strongest = strongest_regions(direct)
    if strongest is None:
        return []
    named = [f"{joint_words(effect.region)} {signed(effect.months, 0)}" for effect in strongest]
    if not named:
        return ["hiding any one region hardly moves the regression"]
    return [f"the regression rests most on {', '.join(named)} months (against the same hand with that region hidden)"]
