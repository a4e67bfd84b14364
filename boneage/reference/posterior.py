"""What a lookup hands on: a posterior over age and what each measurement said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_OUT_OF_STEP: Final = 0.5
"""Share of the bones that may be out of step with the age; beyond it there is no age to be read from them. On `tune`
3 of 996 films lie beyond."""

CURVE_POINTS: Final = 61
"""A curve to draw has no more points than this."""


@dataclass(frozen=True)
class Contribution:
    """One measurement's part in an age: its value, what the table expects at that age, the z score and its weight.

    ``weight`` is the share (0 to 1, all together 1) of the Fisher information about age that this measurement carries.
    """

    measurement: str
    value: float
    expected: float
    z: float
    weight: float


@dataclass(frozen=True)
class PartAge:
    """The age that the measurements of one bone, or of the carpals, give alone: months and 95 % interval."""

    part: str
    months: float
    interval_95: tuple[float, float]


@dataclass(frozen=True)
class PatternEntry:
    """One bone of the pattern profile.

    Attributes
    ----------
    bone:
        Its name.
    z:
        z score of its length at the age found.
    z_own_hand:
        How far its z lies from that of the whole hand, in the SDs that this difference has among the table's films.
    flagged:
        Whether that is more than 2.
    """

    bone: str
    z: float
    z_own_hand: float
    flagged: bool


@dataclass(frozen=True, eq=False)
class AgePosterior:
    """A posterior over skeletal age.

    Attributes
    ----------
    ages:
        Grid of ages in months, shape (n,).
    density:
        Posterior probability of each grid age, shape (n,), summing to 1.
    months:
        Posterior mean.
    interval_95:
        From the table's belt (`boneage.reference.belt`) where it has one for the prior, else the shortest interval in
        months that holds 95 % of the density.
    contributions:
        One per measurement that was used, heaviest first.
    reference:
        Name of the table.
    prior:
        ``flat`` or ``population``.
    beyond_ends:
        SDs by which the hand lies before the first and after the last age of the table: the median of its
        measurements' z scores there, each in the direction of growth; ``nan`` where none grows.
    bone_ages, pattern:
        Per-bone ages and pattern profile, where they were asked for.
    """

    ages: NDArray[np.float64]
    density: NDArray[np.float64]
    months: float
    interval_95: tuple[float, float]
    contributions: tuple[Contribution, ...]
    reference: str
    prior: str = "flat"
    beyond_ends: tuple[float, float] = (math.nan, math.nan)
    bone_ages: tuple[PartAge, ...] = ()
    pattern: tuple[PatternEntry, ...] = ()

    def curve(self, *, most: int = CURVE_POINTS) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the posterior as a curve to draw: ages in months and density per month, where it can be seen.

        At most ``most`` points, evenly spaced over the ages whose density is above a thousandth of the highest; none
        for a posterior of a single age.
        """
        if len(self.ages) < 2:
            return (), ()
        ages, steps = np.asarray(self.ages, dtype=float), np.gradient(np.asarray(self.ages, dtype=float))
        per_month = np.asarray(self.density, dtype=float) / np.maximum(steps, 1e-9)
        seen = np.flatnonzero(per_month > per_month.max() / 1000)
        first, last = int(seen[0]), int(seen[-1])
        grid = np.linspace(ages[first], ages[last], min(most, last - first + 1))
        return tuple(grid.tolist()), tuple(np.interp(grid, ages, per_month).tolist())

    @property
    def out_of_step(self) -> float:
        """Share (0 to 1) of the bones whose own interval does not hold the age; 0 where no bone was asked."""
        missed = [not age.interval_95[0] <= self.months <= age.interval_95[1] for age in self.bone_ages]
        return sum(missed) / len(missed) if missed else 0.0
