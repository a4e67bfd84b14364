"""Split-conformal quantiles in windows of age (Lei J et al., J Am Stat Assoc 2018;113:1094-1111)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

AGES: Final = tuple(float(age) for age in range(12, 229, 12))
"""Ages in months at which fitted reaches are given."""

WINDOW_MONTHS: Final = 18.0
LEAST_FILMS: Final = 60


def near(ages: NDArray[np.float64], age: float) -> NDArray[np.int64]:
    """Return the places of the films within 18 months of an age, of the nearest 60 where these are fewer."""
    distance = np.abs(ages - age)
    return np.argsort(distance, kind="stable")[: max(LEAST_FILMS, int((distance <= WINDOW_MONTHS).sum()))]


def conformal_quantile(scores: NDArray[np.float64], level: float) -> float:
    """Return the ``ceil(level (n + 1))``-th smallest of n scores, the largest where there are too few."""
    rank = min(len(scores), int(np.ceil(level * (len(scores) + 1))))
    return float(np.sort(scores)[rank - 1])
