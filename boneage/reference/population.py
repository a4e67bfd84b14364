"""How the films behind a table are spread over the ages: what `--prior population` takes as the prior."""

from __future__ import annotations

import numpy as np

from boneage.reference.measurement_table import Curve, Floats
from boneage.reference.smooth import LAST_AGE

_KNOTS = np.arange(0.0, LAST_AGE + 1, 6.0)
_NARROWEST = 6.0
_FLOOR = 0.02
"""Share of a flat distribution that is mixed in: no age is ruled out because no film had it."""


def population_curve(ages: Floats) -> Curve:
    """Return the smoothed distribution of ages, scaled so that a flat one would be 1 everywhere.

    A Gaussian kernel of Silverman's width (*Density Estimation*, 1986, eq. 3.31), at least six months, reflected at 0
    and 228 months so that nothing is lost beyond the ends.

    Parameters
    ----------
    ages:
        Of the films, months, shape (n,).
    """
    width = max(_NARROWEST, 0.9 * float(np.std(ages)) * ages.size**-0.2)
    mirrored = np.concatenate([ages, -ages, 2 * LAST_AGE - ages])
    distance = (_KNOTS[:, None] - mirrored[None, :]) / width
    density = np.exp(-0.5 * distance**2).sum(axis=1)
    relative = density / float(np.mean((density[1:] + density[:-1]) / 2))
    return Curve(_KNOTS, np.round((1 - _FLOOR) * relative + _FLOOR, 4))
