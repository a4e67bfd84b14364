"""Weights of the films near an age."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WIDEST = 400.0
_STEP = 1.3


def near_weights(ages: Floats, age: float, *, bandwidth: float, least: float) -> Floats:
    """Return Gaussian weights of films by their distance from an age, shape (n,).

    Parameters
    ----------
    ages:
        Of the films, months, shape (n,).
    age:
        Centre in months.
    bandwidth:
        SD in months to start from.
    least:
        Effective number of films (sum², over the sum of squares) that is wanted; until it is reached the window grows.
    """
    width = bandwidth
    weights = np.exp(-0.5 * ((ages - age) / width) ** 2)
    while width < _WIDEST and weights.sum() ** 2 < least * np.sum(weights**2):
        width *= _STEP
        weights = np.exp(-0.5 * ((ages - age) / width) ** 2)
    return weights
