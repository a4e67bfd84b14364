"""What the two routes say, as the result holds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from boneage.result.ages import (
    AgeByMeasurement,
    AgeCurve,
    AgeOfBone,
    Contribution,
    PatternBone,
    RegionOfRegression,
)

if TYPE_CHECKING:
    from boneage.reference.posterior import AgePosterior
    from boneage.regression.occlusion import RegionEffect
    from boneage.segmentation.bone_map import HandFrame


def by_measurement(posterior: AgePosterior) -> AgeByMeasurement:
    """Return what the measured bones say."""
    return AgeByMeasurement(
        posterior.months,
        posterior.interval_95,
        posterior.reference,
        tuple(
            Contribution(part.measurement, part.value, part.expected, part.z, part.weight)
            for part in posterior.contributions
        ),
        posterior.prior,
        tuple(AgeOfBone(age.part, age.months, age.interval_95) for age in posterior.bone_ages),
        AgeCurve(*posterior.curve()),
    )


def pattern_of(posterior: AgePosterior) -> tuple[PatternBone, ...]:
    """Return the pattern profile."""
    return tuple(PatternBone(entry.bone, entry.z, entry.z_own_hand, entry.flagged) for entry in posterior.pattern)


def regions_on_film(effects: Iterable[RegionEffect], frame: HandFrame) -> tuple[RegionOfRegression, ...]:
    """Return what the regression rests on, with the corners of every region on the film."""
    return tuple(
        RegionOfRegression(
            effect.region, effect.months, tuple((x, y) for x, y in frame.to_film(effect.corners).tolist())
        )
        for effect in effects
    )
