"""Fitting the temperature and the correction of a lookup on films of known age that its table has not seen."""

from __future__ import annotations

from typing import Final

import numpy as np

from boneage.reference.intervals import shortest_intervals, warp
from boneage.reference.measurement_table import Curve, Floats
from boneage.reference.smooth import LAST_AGE, basis, huber_weights, penalised_fit
from boneage.reference.smooth_window import near_weights

MONTHS: Final = np.arange(0.0, LAST_AGE + 1)
"""The ages that likelihoods are given at: 0 to 228 months."""

_TEMPERATURES: Final = np.logspace(0.0, 2.0, 25)
"""Never below 1: the fit may widen a posterior, not sharpen it."""
_HALVINGS: Final = 7
_KNOTS: Final = np.array([24.0, 48.0, 72.0, 96.0, 120.0, 144.0, 168.0, 192.0, 210.0])
_BANDWIDTH: Final = 18.0
_LARGEST_SHIFT: Final = 18.0
_REACH: Final = 2.0
_FILMS: Final = 60.0
"""Effective films that each knot rests on."""


def tempered_means(log_likelihood: Floats, temperature: Floats | float = 1.0) -> Floats:
    """Return the means of normalised likelihoods, shape (n, 229), divided by temperatures, shape (n,) or one."""
    density = np.exp(log_likelihood / np.reshape(temperature, (-1, 1)))
    return np.asarray(density @ MONTHS / density.sum(axis=1))


def _best_scores(known: Floats, log_likelihood: Floats, grid: Floats) -> Floats:
    """Return at every knot the temperature of the best log score of the films near it."""
    raw = tempered_means(log_likelihood)
    place = np.abs(grid[None, :] - known[:, None]).argmin(axis=1)
    loss = np.empty((known.size, _TEMPERATURES.size))
    for j, t in enumerate(_TEMPERATURES):
        density = np.exp(log_likelihood / t)
        at_known = density[np.arange(known.size), place] / density.sum(axis=1)
        loss[:, j] = -np.log(0.99 * at_known + 0.01 / grid.size)
    return np.array(
        [
            _TEMPERATURES[int(np.argmin(near_weights(raw, knot, bandwidth=_BANDWIDTH, least=_FILMS) @ loss))]
            for knot in _KNOTS
        ]
    )


def fit_temperature(known: Floats, log_likelihood: Floats, correction: Curve) -> Curve:
    """Return at every knot the least temperature with 95 % of the films near it inside their intervals.

    It stays within a factor `_REACH` of the temperature of the best log score there, because coverage alone cannot tell
    how wide to make a posterior that ends at the last age of the table.
    """
    grid = warp(MONTHS, correction)
    best = _best_scores(known, log_likelihood, grid)
    raw = tempered_means(log_likelihood)
    inside = np.empty((known.size, _TEMPERATURES.size))
    for j, t in enumerate(_TEMPERATURES):
        intervals = shortest_intervals(grid, np.exp(log_likelihood / t))
        inside[:, j] = (intervals[:, 0] <= known) & (known <= intervals[:, 1])
    values = []
    for knot, start in zip(_KNOTS, best, strict=True):
        weights = near_weights(raw, knot, bandwidth=_BANDWIDTH, least=_FILMS)
        coverage = np.maximum.accumulate(weights @ inside / weights.sum())
        reached = _first_reaching(coverage, 0.95)
        values.append(float(np.clip(reached, max(start / _REACH, 1.0), start * _REACH)))
    return Curve(_KNOTS, np.array(values))


def _first_reaching(coverage: Floats, aim: float) -> float:
    """Return the temperature at which a rising coverage reaches its aim, interpolated on the log scale."""
    place = int(np.searchsorted(coverage, aim))
    if place == 0:
        return float(_TEMPERATURES[0])
    if place >= coverage.size:
        return float(_TEMPERATURES[-1])
    low, high = coverage[place - 1], coverage[place]
    part = (aim - low) / (high - low)
    logs = np.log(_TEMPERATURES[place - 1 : place + 1])
    return float(np.exp(logs[0] + part * (logs[1] - logs[0])))


def fit_correction(known: Floats, log_likelihood: Floats) -> Curve:
    """Return the robust smooth mean of (known - looked up) by looked-up age, bounded, and level where films are few.

    Parameters
    ----------
    known:
        Known ages, shape (n,). log_likelihood: shape (n, 229).
    """
    first = Curve(_KNOTS, _best_scores(known, log_likelihood, MONTHS))
    means = tempered_means(log_likelihood, first.at(tempered_means(log_likelihood)))
    design = basis(means)
    difference = known - means
    weights = np.ones_like(difference)
    coefficients = penalised_fit(design, difference, weights)
    for _ in range(5):
        residual = difference - design @ coefficients
        scale = max(1.4826 * float(np.median(np.abs(residual))), 1e-6)
        coefficients = penalised_fit(design, difference, huber_weights(residual / scale))
    low, high = np.quantile(means, [0.005, 0.995])
    knots = np.unique(np.clip(np.arange(0.0, LAST_AGE + 1, 12.0), low, high))
    shift = np.clip(basis(knots) @ coefficients, -_LARGEST_SHIFT, _LARGEST_SHIFT)
    return Curve(np.round(knots, 1), shift)


def coverage_temperature(known: Floats, log_likelihood: Floats) -> float:
    """Return the one least temperature (1 to 100) at which 95 % of the films lie inside their shortest intervals.

    Parameters
    ----------
    known:
        Known ages, shape (n,). log_likelihood: shape (n, 229).
    """

    def holds(log_temperature: float) -> bool:
        intervals = shortest_intervals(MONTHS, np.exp(log_likelihood / np.exp(log_temperature)))
        return bool(np.mean((intervals[:, 0] <= known) & (known <= intervals[:, 1])) >= 0.95)

    low, high = 0.0, float(np.log(_TEMPERATURES[-1]))
    if holds(low):
        return 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return float(np.exp(high))
