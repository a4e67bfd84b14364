"""The ages of single bones within a result."""

from __future__ import annotations

from dataclasses import replace

from boneage.result.ages import AgeOfBone
from boneage.result.model import Result, SexAnswer


def with_part_ages(result: Result) -> Result:
    """Return the result with the age of each bone, and of the carpals, beside its sizes."""
    lookup = result.estimates.measurement
    ages = {age.bone: age for age in lookup.bone_ages} if lookup else {}
    bones = tuple(
        replace(bone, bone_age_months=ages[bone.bone].months, bone_age_interval_95=ages[bone.bone].interval_95)
        if bone.bone in ages
        else bone
        for bone in result.bones
    )
    carpals, age = result.carpals, ages.get("carpals")
    if carpals is not None and age is not None:
        carpals = replace(carpals, bone_age_months=age.months, bone_age_interval_95=age.interval_95)
    return replace(result, bones=bones, carpals=carpals)


def out_of_step(answer: SexAnswer) -> tuple[AgeOfBone, ...]:
    """Return the bones whose own 95 % interval does not hold the bone age of the hand, the furthest off first."""
    lookup, overall = answer.estimates.measurement, answer.bone_age
    if lookup is None or overall is None:
        return ()
    months = overall.months
    apart = [age for age in lookup.bone_ages if not age.interval_95[0] <= months <= age.interval_95[1]]
    return tuple(sorted(apart, key=lambda age: -abs(age.months - months)))
