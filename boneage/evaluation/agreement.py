"""Limits of agreement between two ways to read an age.

Bland JM, Altman DG, *Measuring agreement in method comparison studies*, Stat Methods Med Res 1999;8:135–160: bias and
bias ± 1.96 SD of the differences; the limits' own intervals from their standard error
``SD · sqrt(1/n + 1.96² / (2(n − 1)))`` and the t distribution of n − 1 degrees of freedom.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from boneage.evaluation.metrics import Z_95, Figure, Floats


@dataclass(frozen=True)
class Agreement:
    """Bias (mean difference) and 95 % limits of agreement in months, each with its 95 % interval."""

    films: int
    bias: Figure
    lower: Figure
    upper: Figure


def limits_of_agreement(differences: Floats) -> Agreement:
    """Return the agreement behind differences in months, shape (n,); all ``nan`` for fewer than two films."""
    n = differences.size
    if n < 2:
        unknown = Figure(nan, nan, nan)
        return Agreement(n, unknown, unknown, unknown)
    from scipy.stats import t

    mean, sd = float(np.mean(differences)), float(np.std(differences, ddof=1))
    quantile = float(t.ppf(0.975, n - 1))
    of_mean = quantile * sd / sqrt(n)
    of_limit = quantile * sd * sqrt(1 / n + Z_95**2 / (2 * (n - 1)))
    low, high = mean - Z_95 * sd, mean + Z_95 * sd
    return Agreement(
        n,
        Figure(mean, mean - of_mean, mean + of_mean),
        Figure(low, low - of_limit, low + of_limit),
        Figure(high, high - of_limit, high + of_limit),
    )
