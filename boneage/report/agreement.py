"""How far the two routes agree on one hand."""

from __future__ import annotations

from dataclasses import dataclass

from boneage.result import Estimates


@dataclass(frozen=True)
class Agreement:
    """The two routes against each other.

    Attributes
    ----------
    apart_months:
        Distance of the two ages.
    agree:
        Whether each route's age lies within the 95 % interval of the other.
    """

    apart_months: float
    agree: bool


def agreement(estimates: Estimates) -> Agreement | None:
    """Return how far the routes agree; ``None`` where there are not two."""
    measured, direct = estimates.measurement, estimates.regression
    if measured is None or direct is None:
        return None
    agree = _holds(measured.interval_95, direct.months) and _holds(direct.interval_95, measured.months)
    return Agreement(abs(measured.months - direct.months), agree)


def _holds(interval: tuple[float, float], months: float) -> bool:
    return interval[0] <= months <= interval[1]
