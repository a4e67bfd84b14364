"""Smooth curves of age: mean and SD of a measurement (a normal GAMLSS), and the probability that it is there.

Mean and log SD are penalised cubic B-splines (Eilers & Marx, Statist Sci 1996;11:89) fitted in turn: the mean by
weighted least squares with Huber weights, the log SD by Fisher scoring of the normal likelihood on winsorised squares,
as in a GAMLSS with a normal response (Rigby & Stasinopoulos, Appl Statist 2005;54:507). The penalty is chosen by
generalised cross-validation with every degree of freedom counted 1.4 times, against undersmoothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.reference.measurement_table import Floats

LAST_AGE = 228.0
_SEGMENTS = 24
_FEWEST_SEGMENTS = 4
_FILMS_A_SEGMENT = 10
_FEW_FILMS = 150
"""Below this the SD's curve is drawn to a constant and not to a straight line, which would run away at the ends."""
_DEGREE = 3
_PENALTIES = np.logspace(-3, 7, 31)
_HUBER = 2.0
_GROSS = 6.0
"""A deviation of more SDs than this is a failed segmentation, not a child: it gets no weight."""
_WINSOR = 3.0
_WINSOR_SHARE = 0.99501
"""Expectation of min(z², 9) for a standard normal z."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted mean and SD: coefficients of B-splines of age."""

    mean_coefficients: Floats
    log_sd_coefficients: Floats
    floor: float

    def mean(self, ages: Floats) -> Floats:
        """Return the mean at ages in months, shape as given."""
        return curve_at(ages, self.mean_coefficients)

    def sd(self, ages: Floats) -> Floats:
        """Return the SD at ages in months, never below the floor."""
        return np.maximum(np.exp(curve_at(ages, self.log_sd_coefficients)), self.floor)


def segments_for(films: int) -> int:
    """Return into how many pieces the ages are cut for a curve that rests on so many films (24, fewer for few)."""
    return int(np.clip(films // _FILMS_A_SEGMENT, _FEWEST_SEGMENTS, _SEGMENTS))


def basis(ages: Floats, segments: int = _SEGMENTS) -> Floats:
    """Return the cubic B-splines at ages between 0 and `LAST_AGE` months, shape (n, segments + 3)."""
    from scipy.interpolate import BSpline

    step = LAST_AGE / segments
    knots = np.arange(-_DEGREE, segments + _DEGREE + 1) * step
    inside = np.clip(np.asarray(ages, dtype=float), 0.0, LAST_AGE)
    return BSpline.design_matrix(inside, knots, _DEGREE).toarray()


def curve_at(ages: Floats, coefficients: Floats) -> Floats:
    """Return the curve of coefficients of a `basis` of any number of segments, shape as ``ages``."""
    return basis(ages, coefficients.size - _DEGREE) @ coefficients


def _difference_penalty(size: int, order: int = 2) -> Floats:
    differences = np.diff(np.eye(size), order, axis=0)
    return differences.T @ differences


def penalised_fit(design: Floats, response: Floats, weights: Floats, *, order: int = 2) -> Floats:
    """Return the coefficients that minimise weighted squares plus a roughness penalty chosen by cross-validation.

    Parameters
    ----------
    design:
        Shape (n, p). response, weights: shape (n,).
    order:
        Order of the differences that are penalised.
    """
    weighted = design * weights[:, None]
    gram, right = design.T @ weighted, weighted.T @ response
    total = float(np.sum(weights * response**2))
    n = float(np.count_nonzero(weights > 0))
    scale = float(np.trace(gram)) / len(gram)
    factor = np.linalg.cholesky(gram + 1e-8 * scale * np.eye(len(gram)))
    inverse = np.linalg.inv(factor)
    roughness, axes = np.linalg.eigh(inverse @ (scale * _difference_penalty(len(gram), order)) @ inverse.T)
    along = axes.T @ (inverse @ right)
    kept = 1.0 / (1.0 + _PENALTIES[:, None] * np.maximum(roughness, 0.0))
    squares = np.maximum(total - (kept * (2.0 - kept)) @ along**2, 0.0)
    score = squares / np.maximum(n - 1.4 * kept.sum(axis=1), 1.0) ** 2
    best = int(np.argmin(score))
    return inverse.T @ (axes @ (kept[best] * along))


def fit_mean_sd(ages: Floats, values: Floats, *, step: float = 0.0, rounds: int = 8) -> Fitted:
    """Fit smooth mean and SD of a measurement by age.

    Parameters
    ----------
    ages:
        Months, shape (n,). values: shape (n,), finite.
    step:
        Spacing of the values when they are counts (1), 0 when continuous; the SD does not fall below step / sqrt(12).
    rounds:
        Alternations of mean and SD.
    """
    design = basis(ages, segments_for(ages.size))
    sd_order = 1 if ages.size < _FEW_FILMS else 2
    centre = float(np.median(values))
    whole = float(np.clip(values, *np.quantile(values, [0.01, 0.99])).std())  # more than half may be one value
    spread = max(_robust_sd(values), 0.2 * whole, 1e-12 + 1e-6 * abs(centre))
    log_sd = np.full(values.size, np.log(spread))
    sd_coefficients = np.full(design.shape[1], np.log(spread))
    mean_coefficients = penalised_fit(design, values, np.ones_like(values))
    for _ in range(rounds):
        z = (values - design @ mean_coefficients) / np.exp(log_sd)
        weights = huber_weights(z) / np.exp(2 * log_sd)
        mean_coefficients = penalised_fit(design, values, weights)
        residual = values - design @ mean_coefficients
        floor = max(0.1 * _winsorised_sd(residual, spread), 0.05 * whole, step / np.sqrt(12.0), 1e-9 * spread)
        for _ in range(3):
            squares = np.minimum((residual / np.exp(log_sd)) ** 2, _WINSOR**2) / _WINSOR_SHARE
            working = log_sd + 0.5 * (squares - 1.0)
            sd_coefficients = penalised_fit(design, working, np.full(values.size, 2.0), order=sd_order)
            log_sd = np.maximum(design @ sd_coefficients, np.log(floor))
    return Fitted(mean_coefficients, sd_coefficients, float(floor))


def huber_weights(z: Floats) -> Floats:
    """Return 1 within two SDs, falling as 2/|z| beyond, 0 for gross errors."""
    size = np.abs(z)
    weights = np.minimum(1.0, _HUBER / np.maximum(size, _HUBER))
    return np.where(size > _GROSS, 0.0, weights)


def _robust_sd(values: Floats) -> float:
    deviation = float(np.median(np.abs(values - np.median(values))))
    return 1.4826 * deviation if deviation > 0 else float(np.std(values))


def _winsorised_sd(residual: Floats, spread: float) -> float:
    limit = 4.0 * (_robust_sd(residual) or spread)
    return float(np.sqrt(np.mean(np.clip(residual, -limit, limit) ** 2)))


def fit_presence(ages: Floats, present: NDArray[np.bool_]) -> Floats:
    """Fit the probability that a measurement is there: a penalised logistic regression on age.

    Parameters
    ----------
    ages:
        Months, shape (n,). present: shape (n,).

    Returns
    -------
    numpy.ndarray
        Coefficients for `curve_at` on the logit scale; the penalty is the one of least AIC.
    """
    months, where = np.unique(np.round(ages), return_inverse=True)
    trials = np.asarray(np.bincount(where, weights=np.ones(ages.size)), dtype=np.float64)
    hits = np.asarray(np.bincount(where, weights=present.astype(float)), dtype=np.float64)
    design = basis(months, segments_for(ages.size))
    penalty = _difference_penalty(design.shape[1])
    best, chosen = np.inf, np.zeros(design.shape[1])
    for strength in np.logspace(-1, 4, 11):
        coefficients, freedom = _logistic(design, hits, trials, strength * penalty)
        rate = 1.0 / (1.0 + np.exp(-design @ coefficients))
        deviance = -2.0 * float(np.sum(hits * np.log(rate) + (trials - hits) * np.log1p(-rate)))
        score = deviance + 2.0 * freedom
        if score < best:
            best, chosen = score, coefficients
    return chosen


def _logistic(design: Floats, hits: Floats, trials: Floats, penalty: Floats) -> tuple[Floats, float]:
    """Penalised iteratively reweighted least squares; half a hit and half a miss in all keep it finite."""
    share = (hits.sum() + 0.5) / (trials.sum() + 1.0)
    coefficients = np.full(design.shape[1], np.log(share / (1 - share)))
    ridge = 1e-3 * np.eye(design.shape[1])
    freedom = 0.0
    for _ in range(25):
        logit = np.clip(design @ coefficients, -7.0, 7.0)
        rate = 1.0 / (1.0 + np.exp(-logit))
        weights = trials * rate * (1 - rate)
        gram = design.T @ (design * weights[:, None])
        right = design.T @ (weights * logit + hits - trials * rate)
        solution = np.linalg.solve(gram + penalty + ridge, np.column_stack([right, gram]))
        change = float(np.abs(solution[:, 0] - coefficients).max())
        coefficients, freedom = solution[:, 0], float(np.trace(solution[:, 1:]))
        if change < 1e-4:
            break
    bounded = np.clip(coefficients, -7.0, 7.0)
    return bounded, freedom
