"""What a lookup hands on: a posterior over age and what each measurement said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Contribution:
    """One measurement's part in an age: its value, what the table expects at that age, the z score and its weight.

    ``weight`` is the share (0 to 1, all together 1) of the Fisher information about age that this measurement carries.
    """

    measurement: str
    value: float
    expected: float
    z: float
    weight: float


@dataclass(frozen=True, eq=False)
class AgePosterior:
    """A posterior over skeletal age.

    Attributes
    ----------
    ages:
        Grid of ages in months, shape (n,).
    density:
        Posterior probability of each grid age, shape (n,), summing to 1.
    months:
        Posterior mean.
    interval_95:
        Shortest interval in months that holds 95 % of the density.
    contributions:
        One per measurement that was used, heaviest first.
    reference:
        Name of the table.
    """

    ages: NDArray[np.float64]
    density: NDArray[np.float64]
    months: float
    interval_95: tuple[float, float]
    contributions: tuple[Contribution, ...]
    reference: str
