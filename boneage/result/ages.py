"""The ages of a result as frozen dataclasses: the answer, both routes, and the child's own age beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Method = Literal["combined", "measurement", "regression"]

Doubt = Literal["interval", "whole_years"]

SDS_LIMIT: Final = 2.0
"""Bone age within this many standard deviations of chronological age is called usual (the customary limit)."""


@dataclass(frozen=True)
class BoneAge:
    """The answer: bone age and its 95 % interval in months, and the method that it comes from.

    ``bound`` is ``at_or_above`` for a grown hand: no more can be said than that its bone age is at or above
    ``bound_months``; ``months`` is then the best guess and not to be quoted alone.
    """

    months: float
    interval_95: tuple[float, float]
    method: Method
    bound: Literal["at_or_above"] | None = None
    bound_months: float | None = None

    @property
    def said_months(self) -> float:
        """The age that may be said or drawn: of a grown hand its bound."""
        return self.months if self.bound_months is None else self.bound_months


@dataclass(frozen=True)
class Contribution:
    """One measurement's part in the age: value, what the table expects at that age, z score and share of the weight."""

    measurement: str
    value: float
    expected: float
    z: float
    weight: float


@dataclass(frozen=True)
class AgeOfBone:
    """The age in months that the measurements of one bone (or of the ``carpals``) give alone, and its interval."""

    bone: str
    months: float
    interval_95: tuple[float, float]


@dataclass(frozen=True)
class PatternBone:
    """One bone of the pattern profile: its length against the hand's own level.

    ``z`` is the length's z score in the reference table at the age found. ``z_own_hand`` is how far it lies from the
    level of all the bones of this hand, in the standard deviations that this distance has among the table's films;
    ``flagged`` means beyond 2.
    """

    bone: str
    z: float
    z_own_hand: float
    flagged: bool


@dataclass(frozen=True)
class AgeCurve:
    """A probability over age: ages in months, rising, and the density per month at each."""

    ages: tuple[float, ...]
    density: tuple[float, ...]


@dataclass(frozen=True)
class AgeByMeasurement:
    """The measurement route: age from the reference table named, and what each measurement said, heaviest first.

    ``prior`` is the prior over age: ``flat`` or ``population`` (the ages of the films behind the table). ``curve`` is
    the posterior over age.
    """

    months: float
    interval_95: tuple[float, float]
    reference: str
    contributions: tuple[Contribution, ...] = ()
    prior: str = "flat"
    bone_ages: tuple[AgeOfBone, ...] = ()
    curve: AgeCurve | None = None


@dataclass(frozen=True)
class RegionOfRegression:
    """How many months older the direct regression is with a region of the hand than with it hidden.

    ``region`` is a joint or ``wrist``; ``corners`` are four points ``[x, y]`` on the film, in order round it.
    """

    region: str
    months: float
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class AgeByRegression:
    """The direct regression: age and 95 % interval in months.

    ``regions`` says what its answer rests on; ``None`` where that was not asked for.
    """

    months: float
    interval_95: tuple[float, float]
    regions: tuple[RegionOfRegression, ...] | None = None


@dataclass(frozen=True)
class Estimates:
    """Both routes side by side; a route that was not taken or failed is ``None``."""

    measurement: AgeByMeasurement | None = None
    regression: AgeByRegression | None = None


NO_ESTIMATES: Final = Estimates()


@dataclass(frozen=True)
class Chronological:
    """The child's own age beside the bone age.

    ``difference_months`` is bone age minus chronological age (positive: advanced), ``None`` where the bone age is not
    known; ``sds`` is that difference in standard deviations of the ``reference`` named, ``None`` outside its ages.
    ``at_least`` where the bone age is known only as at or above a bound: then both are the least that they can be.
    ``in_whole_years`` where the chronological age counts completed years alone.

    ``doubt`` is why the SD score carries no verdict: ``interval`` where it lies beyond `SDS_LIMIT` and the 95 %
    interval of the bone age holds the chronological age all the same (the reading may be out by more than the reference
    allows), ``whole_years`` where the verdict hangs on the months that are not known.
    """

    months: float
    difference_months: float | None = None
    sds: float | None = None
    reference: str | None = None
    at_least: bool = False
    in_whole_years: bool = False
    doubt: Doubt | None = None
