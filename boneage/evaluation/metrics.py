"""How far ages lie from their labels: differences, coverage and refusals, each with a bootstrap interval.

Intervals are percentile bootstrap intervals over films (Efron B, Tibshirani RJ, *An Introduction to the Bootstrap*,
1993, chapter 13), seeded, so that equal films give equal figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES: Final = 2000
SEED: Final = 0
_AT_ONCE: Final = 100
"""Bootstrap samples drawn together; it changes no figure."""


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % bootstrap interval; all ``nan`` where there is no film to take it from."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return ``8.1 (7.6–8.6)``, or ``–`` where there is none."""
        return "–" if np.isnan(self.value) else f"{self.value:.1f} ({self.low:.1f}–{self.high:.1f})"


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
    """

    films: int
    mad: Figure
    rmse: Figure
    bias: Figure
    within_6: Figure
    within_12: Figure
    within_24: Figure
    coverage: Figure


def _root_mean_square(values: Floats) -> Floats:
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
    """Return a statistic of the values with its percentile bootstrap interval.

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
        return Figure(float("nan"), float("nan"), float("nan"))
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
    inside = np.zeros(0)
    if intervals is not None and len(intervals):
        low, high = np.asarray(intervals, dtype=float).T
        truth = np.asarray(labels, dtype=float)
        inside = 100.0 * ((low <= truth) & (truth <= high))

    def figure(values: Floats, statistic: Callable[[Floats], Floats] = _mean) -> Figure:
        return bootstrap(values, statistic, resamples=resamples, seed=seed)

    distance = np.abs(difference)
    return AgeFigures(
        films=difference.size,
        mad=figure(distance),
        rmse=figure(difference, _root_mean_square),
        bias=figure(difference),
        within_6=figure(100.0 * (distance <= 6)),
        within_12=figure(100.0 * (distance <= 12)),
        within_24=figure(100.0 * (distance <= 24)),
        coverage=figure(inside),
    )


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
