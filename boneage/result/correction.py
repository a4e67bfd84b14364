"""What a reader corrected on a film, and the answer before that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from boneage.result.ages import BoneAge, Chronological

Point = tuple[float, float]


@dataclass(frozen=True)
class MovedBone:
    """A bone whose ends the reader moved: the ends now and as the program found them (``None``: it found none)."""

    bone: str
    endpoints: tuple[Point, Point]
    found: tuple[Point, Point] | None = None


@dataclass(frozen=True)
class ReaderCorrection:
    """A reader's corrections.

    ``moved`` bones have the ends that the reader gave, ``excluded`` parts do not speak for the age. ``final_months`` is
    the bone age that the reader settles on (``None``: the program's answer stands). ``before`` is the program's answer
    without the corrections, by sex (two entries where that is not known). ``chronological`` holds ``final_months``
    against the child's own age as the program's answer is held against it, by sex too; ``None`` without either age.
    """

    moved: tuple[MovedBone, ...] = ()
    excluded: tuple[str, ...] = ()
    final_months: float | None = None
    comment: str = ""
    reader: str = ""
    before: dict[str, BoneAge] | None = None
    chronological: Mapping[str, Chronological] | None = None

    @property
    def has_settled(self) -> bool:
        """Whether the reader settled on a bone age, which then goes before the program's."""
        return self.final_months is not None

    def held_against(self, sex: str | None) -> Chronological | None:
        """Return the reader's age held against the child's own under a sex; ``None`` where that cannot be said."""
        return (self.chronological or {}).get(sex or "")
