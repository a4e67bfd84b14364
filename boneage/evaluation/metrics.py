"""How far ages lie from their labels: differences and coverage, each with its 95 % interval.

Means have percentile bootstrap intervals over films (Efron B, Tibshirani RJ, *An Introduction to the Bootstrap*, 1993,
chapter 13), seeded, so that equal films give equal figures. Shares have Wilson intervals, which also say something
where all films, or none, are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES: Final = 2000
SEED: Final = 0
Z_95: Final = 1.959963984540054
"""Half-width of a central 95 % interval in standard deviations of a normal distribution."""
_AT_ONCE: Final = 100
"""Bootstrap samples drawn together; it changes no figure."""


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval; ``nan`` where there is no film, or too few for an interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return ``8.1 (7.6–8.6)``, ``8.1 (–)`` where no interval can be had, or ``–`` where there is no figure."""
        return self.said(1)

    def said(self, decimals: int) -> str:
        """Return the figure and its interval in words, with so many decimals."""
        if np.isnan(self.value):
            return "–"
        if np.isnan(self.low):
            return f"{self.value:.{decimals}f} (–)"
        return f"{self.value:.{decimals}f} ({self.low:.{decimals}f}–{self.high:.{decimals}f})"


@dataclass(frozen=True)
class AgeFigures:
    """The figures of one group of films.

    Attributes
    ----------
    films:
        Number of answered films behind the figures.
    mad, rmse, bias:
        Mean absolute, root mean square and mean difference (answer minus label) in months.
    within_6, within_12, within_24:
        Percentage of films whose difference is at most so many months.
    coverage:
        Percentage of films whose label lies inside the 95 % interval of the answer; ``nan`` without intervals.
    width:
        Mean width of these intervals in months; ``nan`` without intervals.
    """

    films: int
    mad: Figure
    rmse: Figure
    bias: Figure
    within_6: Figure
    within_12: Figure
    within_24: Figure
    coverage: Figure
    width: Figure


def root_mean_square(values: Floats) -> Floats:
    """Return the root mean square over the last axis."""
    return np.sqrt(np.mean(values**2, axis=-1))


def _mean(values: Floats) -> Floats:
    return np.mean(values, axis=-1)


def bootstrap(
    values: Floats,
    statistic: Callable[[Floats], Floats] = _mean,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Figure:
    """Return a statistic of the values with its percentile bootstrap interval; one value alone has no interval.

    Parameters
    ----------
    values:
        One per film, shape (n,).
    statistic:
        Works along the last axis.
    resamples, seed:
        Number of bootstrap samples, and what they are drawn with.
    """
    if values.size == 0:
        return Figure(nan, nan, nan)
    if values.size == 1:
        return Figure(float(statistic(values)), nan, nan)
    generator = np.random.default_rng(seed)
    drawn = np.empty(resamples)
    for start in range(0, resamples, _AT_ONCE):
        count = min(_AT_ONCE, resamples - start)
        drawn[start : start + count] = statistic(values[generator.integers(0, values.size, (count, values.size))])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(float(statistic(values)), float(low), float(high))


def age_figures(
    answers: Sequence[float],
    labels: Sequence[float],
    intervals: Sequence[tuple[float, float]] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> AgeFigures:
    """Return the figures of ages against their labels.

    Parameters
    ----------
    answers, labels:
        Ages in months, one per film.
    intervals:
        The 95 % interval of each answer, if there is one.
    resamples, seed:
        Of the bootstrap.

    Raises
    ------
    ValueError
        If their numbers differ or an age is not finite.
    """
    difference = np.asarray(answers, dtype=float) - np.asarray(labels, dtype=float)
    if not np.isfinite(difference).all():
        msg = "every answer and label must be a finite number of months"
        raise ValueError(msg)
    inside, widths = np.zeros(0, dtype=bool), np.zeros(0)
    if intervals is not None and len(intervals):
        low, high = np.asarray(intervals, dtype=float).T
        truth = np.asarray(labels, dtype=float)
        inside, widths = (low <= truth) & (truth <= high), high - low

    def figure(values: Floats, statistic: Callable[[Floats], Floats] = _mean) -> Figure:
        return bootstrap(values, statistic, resamples=resamples, seed=seed)

    distance = np.abs(difference)
    return AgeFigures(
        films=difference.size,
        mad=figure(distance),
        rmse=figure(difference, root_mean_square),
        bias=figure(difference),
        within_6=share(distance <= 6),
        within_12=share(distance <= 12),
        within_24=share(distance <= 24),
        coverage=share(inside),
        width=figure(widths),
    )


def share(true: NDArray[np.bool_]) -> Figure:
    """Return the percentage of films for which something is true, with its 95 % Wilson interval."""
    return wilson(int(np.count_nonzero(true)), true.size)


def wilson(hits: int, trials: int) -> Figure:
    """Return a percentage with its 95 % Wilson interval (Wilson EB, J Am Stat Assoc 1927;22:209).

    Examples
    --------
    ``wilson(95, 100)`` is 95.0 (88.8–97.8).
    """
    if trials == 0:
        return Figure(nan, nan, nan)
    from scipy.stats import binomtest

    interval = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    return Figure(100 * hits / trials, 100 * float(interval.low), 100 * float(interval.high))


AGE_BANDS: Final[Mapping[str, tuple[float, float]]] = {
    "under 4 y": (0.0, 48.0),
    "4 to 8 y": (48.0, 96.0),
    "8 to 12 y": (96.0, 144.0),
    "12 to 16 y": (144.0, 192.0),
    "16 y and over": (192.0, float("inf")),
}
"""Age bands by the label, in months, the upper end not included."""


def age_band(months: float) -> str:
    """Return the name of the band that a labelled age belongs to."""
    return next(name for name, (low, high) in AGE_BANDS.items() if low <= months < high)
