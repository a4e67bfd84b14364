"""Correlation of measurements at equal age, changing with age, from films on which some are missing.

The deviations from the age's mean correlate for two reasons: hands have proportions, and the age they were filed under
is one reading with an error of its own, which moves all measurements together. Both belong to the likelihood of a
reading, and the second changes with age, so the matrix is estimated round each of several ages and drawn towards the
matrix of all ages by the James-Stein rule for correlations (Schäfer & Strimmer, Stat Appl Genet Mol Biol 2005;4:32).
"""

from __future__ import annotations

import numpy as np

from boneage.reference.measurement_table import Floats

BANDWIDTH_MONTHS = 18.0
_MIN_EFFECTIVE = 30.0
_WINSOR = 3.0
_SMALLEST_EIGENVALUE = 0.005


def correlation_by_age(z: Floats, ages: Floats, at: Floats) -> Floats:
    """Estimate the correlation of deviations at several ages.

    Parameters
    ----------
    z:
        Deviations in SDs, shape (n, m); ``nan`` where missing. They are winsorised at ±3.
    ages:
        Months, shape (n,).
    at:
        Ages of the matrices, shape (k,).

    Returns
    -------
    numpy.ndarray
        Shape (k, m, m): symmetric, unit diagonal, positive definite.
    """
    known = np.isfinite(z).astype(float)
    clipped = np.where(known > 0, np.clip(np.nan_to_num(z), -_WINSOR, _WINSOR), 0.0)
    everywhere, counts = _pairwise(clipped, known, np.ones(len(z)))
    overall = _shrink(everywhere, np.eye(z.shape[1]), counts)
    matrices = []
    for age in at:
        weights = np.exp(-0.5 * ((ages - age) / BANDWIDTH_MONTHS) ** 2)
        local, effective = _pairwise(clipped, known, weights)
        matrices.append(positive_definite(_shrink(local, overall, effective)))
    return np.array(matrices)


def _pairwise(z: Floats, known: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return weighted correlations about zero over the films that have both, and their effective number of films."""
    weighted = z * weights[:, None]
    products = z.T @ weighted
    squares = (z**2 * weights[:, None]).T @ known
    seen = known.T @ (known * weights[:, None])
    seen_squares = known.T @ (known * (weights**2)[:, None])
    effective = np.divide(seen**2, seen_squares, out=np.zeros_like(seen), where=seen_squares > 0)
    scale = np.sqrt(squares * squares.T)
    correlation = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
    np.fill_diagonal(correlation, 1.0)
    return np.clip(correlation, -0.999, 0.999) + 0.001 * np.eye(len(correlation)), effective


def _shrink(estimate: Floats, target: Floats, effective: Floats) -> Floats:
    """Draw an estimate towards a target by the share of its own sampling variance in their distance."""
    enough = effective >= _MIN_EFFECTIVE
    np.fill_diagonal(enough, False)
    variance = np.where(enough, (1 - estimate**2) ** 2 / np.maximum(effective - 1, 1.0), 0.0)
    distance = np.where(enough, (estimate - target) ** 2, 0.0)
    share = float(np.clip(variance.sum() / distance.sum(), 0.0, 1.0)) if distance.sum() > 0 else 1.0
    blended = np.where(enough, (1 - share) * estimate + share * target, target)
    np.fill_diagonal(blended, 1.0)
    return blended


def positive_definite(matrix: Floats) -> Floats:
    """Return the matrix with small and negative eigenvalues raised and its diagonal scaled back to 1."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    if values[0] >= _SMALLEST_EIGENVALUE:
        return (matrix + matrix.T) / 2
    raised = (vectors * np.maximum(values, _SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(raised))
    return raised / np.outer(scale, scale)


def presence_weights(present: Floats, probability: Floats) -> Floats:
    """Return how much of each measurement's presence or absence is news, given the others' (0 to 1).

    Four measurements of one epiphysis are missing together; counted four times they would drown everything else. The
    weight of each is one over the sum of its squared correlations with all, so that copies share one vote.

    Parameters
    ----------
    present:
        1 present, 0 absent, ``nan`` when its part of the hand was not seen; shape (n, m).
    probability:
        Fitted probability of being present, same shape.
    """
    residual = (present - probability) / np.sqrt(np.clip(probability * (1 - probability), 1e-3, None))
    known = np.isfinite(residual).astype(float)
    correlation, effective = _pairwise(np.clip(np.nan_to_num(residual), -5.0, 5.0), known, np.ones(len(residual)))
    squared = np.where(effective >= _MIN_EFFECTIVE, np.maximum(correlation, 0.0) ** 2, 0.0)
    np.fill_diagonal(squared, 1.0)
    return 1.0 / squared.sum(axis=1)
