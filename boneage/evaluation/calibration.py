"""Nominal against observed coverage of the intervals, at more levels than the one that is reported.

Only 95 % intervals are reported. Those of other levels are derived by scaling the two halves of the reported interval,
below and above the age, by the ratio of normal quantiles, ``z(level) / z(95 %)``. So the figure at 95 % judges what
users are told, and the others whether the errors inside it are spread as a normal distribution is.
"""

from __future__ import annotations

from typing import Final

from boneage.evaluation.labelled import RouteAges
from boneage.evaluation.metrics import Z_95, Figure, share

LEVELS: Final = (50, 60, 70, 80, 90, 95)
"""Nominal coverage in percent."""


def scale_of(level: float) -> float:
    """Return the half-width of a central interval of a level in percent, in half-widths of the 95 % interval."""
    from scipy.stats import norm

    return float(norm.ppf(0.5 + level / 200)) / Z_95


def observed_coverage(route: RouteAges, level: float) -> Figure:
    """Return the percentage of labels inside the derived interval of a level, with its Wilson interval."""
    low, high = route.low, route.high
    if level != 95:  # At 95 % the interval that is told, to the bit.
        scale = scale_of(level)
        low, high = route.ages - scale * (route.ages - low), route.ages + scale * (high - route.ages)
    return share((low <= route.labels) & (route.labels <= high))
