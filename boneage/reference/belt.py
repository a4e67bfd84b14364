"""Intervals that hold at every age: the confidence belt of a lookup (Neyman J, Phil Trans R Soc A 1937;236:333).

A posterior under a flat prior draws hands at the ends of the range to its middle: its intervals hold 95 % of all films
and fewer of the youngest and oldest. The belt turns the question round. Films of known age, looked up in tables that
were built without them, show for every age between which bounds 95 % of the looked-up ages fall; an age belongs to the
interval of a new film if the film lies between the bounds of that age. This holds 95 % of the films of *each* age,
whatever the bias there, and makes intervals lopsided where looked-up ages are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.reference.smooth_window import near_weights

Floats = NDArray[np.float64]

MASS: Final = 0.95
BELT_AGES: Final = np.arange(0.0, 229.0, 12.0)
_STEP: Final = 0.5
_BANDWIDTH: Final = 18.0
_FILMS: Final = 300.0
"""Effective films that the two bounds of an age rest on; where there are fewer, films further off are taken in."""


@dataclass(frozen=True, eq=False)
class Belt:
    """Bounds, by true age, of how far looked-up ages lie off.

    Attributes
    ----------
    ages:
        True ages in months, rising, shape (k,).
    low, high:
        Bounds of (looked-up minus true age) / width, where width = sqrt(SD of the film's posterior² + usual_spread²),
        shape (k,).
    usual_spread:
        Months; keeps a posterior that is too sure from narrowing its interval.
    """

    ages: Floats
    low: Floats
    high: Floats
    usual_spread: float

    def interval(self, months: float, spread: float) -> tuple[float, float]:
        """Return the 95 % interval of a film.

        Parameters
        ----------
        months:
            The looked-up age.
        spread:
            SD of the film's posterior in months.
        """
        ages = np.arange(self.ages[0], self.ages[-1] + _STEP / 2, _STEP)
        score = (months - ages) / np.hypot(spread, self.usual_spread)
        low, high = (np.interp(ages, self.ages, bound) for bound in (self.low, self.high))
        kept = ages[(score >= low) & (score <= high)]
        if not kept.size:
            return months, months
        return float(min(kept[0], months)), float(max(kept[-1], months))


def fit_belt(known: Floats, months: Floats, spread: Floats, *, usual: float | None = None) -> Belt:
    """Fit the belt of one sex.

    Trend and spread of the scores by age are smooth curves (as those of a measurement); what is left hardly changes
    with age, and its quantiles are those of the films near an age, at the plotting positions i / (n + 1) that make the
    bounds hold for a film to come.

    Parameters
    ----------
    known, months, spread:
        True age, looked-up age and SD of the posterior of films that the table has not seen, shape (n,), n >= 20.
    usual:
        The belt's usual spread; ``None`` takes the median of ``spread``.
    """
    from boneage.reference.smooth import fit_mean_sd

    usual = round(float(np.median(spread)), 2) if usual is None else usual
    scores = (months - known) / np.hypot(spread, usual)
    trend = fit_mean_sd(known, scores)
    left = (scores - trend.mean(known)) / trend.sd(known)
    order = np.argsort(left, kind="stable")
    tails = (1.0 - MASS) / 2.0
    bounds = []
    for age in BELT_AGES:
        weights = near_weights(known, age, bandwidth=_BANDWIDTH, least=_FILMS)[order]
        total = float(weights.sum())
        effective = total**2 / float(np.sum(weights**2))
        position = np.cumsum(weights) / total * effective / (effective + 1.0)
        bounds.append(np.interp([tails, 1.0 - tails], position, left[order]))
    edges = trend.mean(BELT_AGES)[:, None] + trend.sd(BELT_AGES)[:, None] * np.array(bounds)
    return Belt(BELT_AGES, edges[:, 0], edges[:, 1], usual)
