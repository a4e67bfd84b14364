"""How much wider an interval becomes on a film that the quality gate doubts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from boneage.combination import OLDEST_MONTHS, YOUNGEST_MONTHS

if TYPE_CHECKING:
    from boneage.result import Check

WIDENING: Final[Mapping[str, float]] = {
    "distance_from_training": 2.0,
    "edge_sharpness": 1.25,
    "bone_contrast_steps": 1.25,
    "metal_pixels": 1.25,
    "palm_contrast": 1.25,
    "palm_stretch": 1.25,
    "joints_unsure": 1.25,
    "tips_at_edge": 1.25,
}
"""Failed check of an answered film to the factor on its 95 % interval.

Films whose measurements lie far from those of the training films err about twice as far (`tune`); how much the others
widen is a rule, not a measurement: such films are too few to tell."""


def widening_of(checks: Iterable[Check]) -> float:
    """Return the factor on the interval: that of the failed check which widens most, 1 where none does."""
    return max((WIDENING.get(check.name, 1.0) for check in checks if not check.passed), default=1.0)


def widened(interval: tuple[float, float], months: float, factor: float) -> tuple[float, float]:
    """Return an interval with either part beside the age so many times as long, within the ages there are.

    Examples
    --------
    >>> widened((20.0, 50.0), 40.0, 2.0)
    (0.0, 60.0)
    """
    low, high = (months + factor * (end - months) for end in interval)
    return max(low, YOUNGEST_MONTHS), min(high, OLDEST_MONTHS)
