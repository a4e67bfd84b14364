"""Where two learning curves cross: straight lines over the logarithm of the number of labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """One learning curve: ``labels`` (k,) rising and above 0, and the error at each, shape (k,) or (b, k)."""

    labels: Floats
    errors: Floats


@dataclass(frozen=True)
class Crossing:
    """The smallest number of labels at which the second curve lies below the first.

    Attributes
    ----------
    labels:
        That number; 0 if it lies below already at the least number compared, ``inf`` if it never does.
    low, high:
        95 % bootstrap interval, of the same meaning.
    first, last:
        The numbers of labels between which the curves were compared.
    never:
        Share of the bootstrap samples in which they do not cross up to ``last``.
    """

    labels: float
    low: float
    high: float
    first: float
    last: float
    never: float

    def said(self, second: str) -> str:
        """Say it in words; ``second`` is what the second curve stands for."""
        span = f"{self._words(self.low)} to {self._words(self.high)}"
        if np.isinf(self.labels):
            found = f"they do not cross within {self.last:,.0f}"
        elif self.labels == 0:
            found = f"{second} is below from the least number compared on ({self.first:,.0f})"
        else:
            found = f"{second} is below from {self.labels:,.0f} on"
        return f"{found} (95 % bootstrap interval {span}; no crossing in {100 * self.never:.0f} % of the samples)"

    def _words(self, labels: float) -> str:
        if np.isinf(labels):
            return f"beyond {self.last:,.0f}"
        return f"below {self.first:,.0f}" if labels == 0 else f"{labels:,.0f}"


def crossings(first: Line, second: Line) -> Floats:
    """Return the smallest numbers of labels from which on the second curve is below the first, shape (b,).

    Both are compared where both are known; in between their rows they are straight over the logarithm of the labels.

    Parameters
    ----------
    first, second:
        Curves whose errors have shape (b, k): one row a bootstrap sample.

    Returns
    -------
    ndarray
        0 where it is below from the first place compared, ``inf`` where it never is.

    Raises
    ------
    ValueError
        If there is no range in which both are known.
    """
    low, high = compared_range(first, second)
    places = np.unique(np.log(np.concatenate([first.labels, second.labels])))
    places = places[(places >= np.log(low) - 1e-9) & (places <= np.log(high) + 1e-9)]
    difference = _at(second, places) - _at(first, places)
    return np.array([_first_below(places, row) for row in difference])


def compared_range(first: Line, second: Line) -> tuple[float, float]:
    """Return the least and the largest number of labels for which both curves are known.

    Raises
    ------
    ValueError
        If there is none.
    """
    low, high = (float(pick([first.labels[end], second.labels[end]])) for pick, end in ((max, 0), (min, -1)))
    if low > high:
        msg = f"the curves have no number of labels in common: {first.labels} and {second.labels}"
        raise ValueError(msg)
    return low, high


def _at(line: Line, places: Floats) -> Floats:
    """Return a curve at logarithms of labels, shape (b, places)."""
    known = np.log(line.labels)
    weights = np.array([np.interp(places, known, row) for row in np.eye(known.size)])
    return np.atleast_2d(line.errors) @ weights


def _first_below(places: Floats, difference: Floats) -> float:
    below = np.flatnonzero(difference < 0)
    if not below.size:
        return float("inf")
    at = int(below[0])
    if at == 0:
        return 0.0
    part = difference[at - 1] / (difference[at - 1] - difference[at])
    return float(np.exp(places[at - 1] + part * (places[at] - places[at - 1])))


def summary(first: Line, second: Line, drawn: tuple[Line, Line]) -> Crossing:
    """Return the crossing of two curves with its interval from bootstrap samples of them."""
    low, high = compared_range(first, second)
    samples = crossings(*drawn)
    # Order statistics: between a number and infinity nothing can be interpolated.
    interval = np.percentile(samples, [2.5, 97.5], method="inverted_cdf")
    found = float(crossings(first, second)[0])
    return Crossing(found, float(interval[0]), float(interval[1]), low, high, float(np.isinf(samples).mean()))
