"""A bone age held against the child's own age: difference and SD score, by any published standard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boneage.result import BoneAge, Chronological

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


def held_against(bone_age: BoneAge | float, own_months: float, score: Score) -> HeldAgainst:
    """Hold a bone age against the child's own: that of a grown hand by its bound.

    Parameters
    ----------
    bone_age:
        The answer, or the age in months that a reader set.
    own_months:
        Chronological age in months.
    score:
        Of the standard.
    """
    if isinstance(bone_age, BoneAge):
        months = bone_age.months if bone_age.bound_months is None else bone_age.bound_months
        grown = bone_age.bound is not None
    else:
        months, grown = bone_age, False
    if grown and months <= own_months:
        return HeldAgainst(Chronological(own_months, at_least=True))
    found = score(months, own_months)
    said = Chronological(own_months, months - own_months, found.sds, found.reference, at_least=grown)
    return HeldAgainst(said, found.reason if found.sds is None else "")


def held_against_standard(bone_age: BoneAge | float, own_months: float, sex: Sex, standard: str) -> HeldAgainst:
    """Hold a bone age against the child's own by a standard of `boneage.reference.standards`.

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

    return held_against(bone_age, own_months, lambda age, own: skeletal_age_sds(age, own, sex, standard=standard))
