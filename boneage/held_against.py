"""A bone age held against the child's own age: difference and SD score, by any published standard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.result import BoneAge, Chronological
from boneage.result.ages import SDS_LIMIT, Doubt

if TYPE_CHECKING:
    from boneage.radiograph.radiograph import Sex
    from boneage.reference.standards import StandardScore

Score = Callable[[float, float], "StandardScore"]
"""Scores a bone age at a chronological age, both in months."""


@dataclass(frozen=True)
class HeldAgainst:
    """The child's own age with difference and SD score; ``reason`` says why there is no score, else it is empty."""

    chronological: Chronological
    reason: str = ""


def held_against(
    bone_age: BoneAge | float, own_months: float, score: Score, *, in_whole_years: bool = False
) -> HeldAgainst:
    """Hold a bone age against the child's own: that of a grown hand by its bound.

    Parameters
    ----------
    bone_age:
        The answer, or the age in months that a reader set.
    own_months:
        Chronological age in months.
    score:
        Of the standard.
    in_whole_years:
        Whether the chronological age counts completed years alone.
    """
    if isinstance(bone_age, BoneAge):
        months, grown, interval = bone_age.said_months, bone_age.bound is not None, bone_age.interval_95
    else:
        months, grown, interval = bone_age, False, None
    if grown and months <= own_months:
        return HeldAgainst(Chronological(own_months, at_least=True, in_whole_years=in_whole_years))
    found = score(months, own_months)
    at_most = score(months, own_months + MONTHS_PER_YEAR) if in_whole_years else found
    said = Chronological(
        own_months,
        months - own_months,
        found.sds,
        found.reference,
        at_least=grown,
        in_whole_years=in_whole_years,
        doubt=_doubt(found.sds, at_most.sds, own_months, interval),
    )
    return HeldAgainst(said, found.reason if found.sds is None else "")


def _doubt(
    youngest: float | None, oldest: float | None, own_months: float, interval: tuple[float, float] | None
) -> Doubt | None:
    """Return why no verdict rests on the SD scores at the youngest and the oldest that the child may be."""
    if youngest is None:
        return None
    if oldest is None or _side(youngest) != _side(oldest):
        return "whole_years"
    inside = interval is not None and interval[0] <= own_months <= interval[1]
    return "interval" if inside and _side(youngest) != 0 else None


def _side(sds: float) -> int:
    """Return -1, 0 or 1: beyond the limit on the delayed side, within it, beyond it on the advanced side."""
    return 0 if abs(sds) <= SDS_LIMIT else (1 if sds > 0 else -1)


def held_against_standard(
    bone_age: BoneAge | float, own_months: float, sex: Sex, standard: str, *, in_whole_years: bool = False
) -> HeldAgainst:
    """Hold a bone age against the child's own by a standard of `boneage.reference.standards`; as `held_against`.

    Raises
    ------
    TableError
        ``unknown_standard``, or if its file is missing or broken.

    Examples
    --------
    >>> age = BoneAge(132.0, (120.0, 144.0), "combined")
    >>> round(held_against_standard(age, 120.0, "M", "brush").chronological.sds, 2)
    1.23
    """
    from boneage.reference.standards import skeletal_age_sds

    return held_against(
        bone_age,
        own_months,
        lambda age, own: skeletal_age_sds(age, own, sex, standard=standard),
        in_whole_years=in_whole_years,
    )
