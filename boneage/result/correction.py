"""What a reader corrected on a film, and the answer before that."""

from __future__ import annotations

from dataclasses import dataclass

from boneage.result.ages import BoneAge

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
    without the corrections, by sex (two entries where that is not known).
    """

    moved: tuple[MovedBone, ...] = ()
    excluded: tuple[str, ...] = ()
    final_months: float | None = None
    comment: str = ""
    reader: str = ""
    before: dict[str, BoneAge] | None = None
