"""What a quality check is, and what it found on one film."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Place = tuple[Point, ...]
"""A closed outline on the film, ``[x, y]`` in film pixels."""
Verdict = Literal["passed", "warning", "refused"]
Side = Literal["at least", "at most"]


@dataclass(frozen=True)
class QualityCheck:
    """One check of the gate.

    Attributes
    ----------
    name:
        As in ``quality.checks`` of a result.
    code:
        Of the reason that a result gets where the check fails.
    measures:
        What its value is, with the unit, in words.
    side:
        Whether the value must be at least or at most the limit.
    warn, refuse:
        Limits beyond which a reader is warned and beyond which there is no age; ``None`` where there is no such limit.
    reason:
        Why the limits stand where they stand.
    remedy:
        What a user can do.
    shown:
        What the overlay shows of it; empty where it has no place.
    """

    name: str
    code: str
    measures: str
    side: Side
    warn: float | None
    refuse: float | None
    reason: str
    remedy: str
    shown: str = ""

    @property
    def limit(self) -> float:
        """The limit that a result names: the first that is met on the way to worse."""
        limits = [limit for limit in (self.warn, self.refuse) if limit is not None]
        return limits[0] if limits else math.nan

    def judge(self, value: float) -> Verdict:
        """Return the verdict on a value; one that could not be had (``nan``) passes, other checks see to it."""
        if self._beyond(value, self.refuse):
            return "refused"
        return "warning" if self._beyond(value, self.warn) else "passed"

    def found(self, value: float, message: str, *places: Place) -> Finding:
        """Return what was found on one film; the places are kept where the check failed."""
        verdict = self.judge(value)
        return Finding(self, value, verdict, message, places if verdict != "passed" else ())

    def _beyond(self, value: float, limit: float | None) -> bool:
        if limit is None or math.isnan(value):
            return False
        return value < limit if self.side == "at least" else value > limit


@dataclass(frozen=True)
class Finding:
    """What one check found on one film: value, verdict, the message for a reader, and where on the film it is."""

    check: QualityCheck
    value: float
    verdict: Verdict
    message: str
    places: tuple[Place, ...] = ()


def box_place(box: tuple[float, float, float, float]) -> Place:
    """Return the outline of a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    return ((left, top), (right, top), (right, bottom), (left, bottom))
