"""What a user may ask for, checked before any film is opened: method, reference, sex word, age, pixel spacing."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from boneage.errors import UsageError

Method = Literal["auto", "measurement", "regression"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)

SexWord = Literal["M", "F", "unknown"]
"""``unknown`` is said on purpose and outranks the file; where nothing is said the file is asked."""

_SEX_WORDS: Final[dict[str, SexWord]] = {
    "m": "M",
    "male": "M",
    "f": "F",
    "female": "F",
    "u": "unknown",
    "unknown": "unknown",
}

OLDEST_MONTHS: Final = 300.0
"""Ages above 25 years are taken for a slip: a hand is mature long before."""

LARGEST_SPACING_MM: Final = 10.0
SMALLEST_SPACING_MM: Final = 0.005

_MONTHS = re.compile(r"(?P<months>\d+(?:\.\d+)?)\s*m(?:onths?)?")
_YEARS = re.compile(r"(?P<years>\d+(?:\.\d+)?)\s*(?:y(?:ears?)?)?")
_BOTH = re.compile(r"(?P<years>\d+)\s*y(?:ears?)?\s*(?P<months>\d+(?:\.\d+)?)\s*m(?:onths?)?")


@dataclass(frozen=True)
class EstimateOptions:
    """How every film of a run is read.

    Attributes
    ----------
    method:
        ``auto`` combines both routes; the others take one.
    reference:
        Name of an installed reference table or path of one's own; ``None`` is the package's own default.
    """

    method: Method = "auto"
    reference: str | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            msg = f"unknown method {self.method!r}"
            raise UsageError("unknown_method", msg, remedy=f"use one of: {', '.join(METHODS)}")


def parse_sex(text: str) -> SexWord:
    """Read a sex word: M, F, male, female or unknown, in any case.

    Raises
    ------
    UsageError
        With code ``unknown_sex_word`` for anything else. Sex is never guessed.
    """
    word = _SEX_WORDS.get(text.strip().lower())
    if word is None:
        msg = f"{text[:20]!r} is not a sex that is known here"
        raise UsageError("unknown_sex_word", msg, remedy="use M, F or unknown (unknown gives both answers)")
    return word


def parse_age(text: str) -> float:
    """Read a chronological age, ``10y4m``, ``10.3`` (years) or ``124m``, as months.

    Raises
    ------
    UsageError
        With code ``age_not_understood`` or ``age_out_of_range``.

    Examples
    --------
    >>> parse_age("10y4m"), parse_age("124m"), parse_age("10.5")
    (124.0, 124.0, 126.0)
    """
    word = text.strip().lower()
    match = _BOTH.fullmatch(word) or _MONTHS.fullmatch(word) or _YEARS.fullmatch(word)
    if match is None:
        msg = f"{text[:20]!r} is not an age"
        raise UsageError("age_not_understood", msg, remedy="write it as 10y4m, 10.3 (years) or 124m")
    parts = match.groupdict()
    return check_age_months(12.0 * float(parts.get("years") or 0.0) + float(parts.get("months") or 0.0))


def check_age_months(months: float) -> float:
    """Return the age in months where it is that of a child.

    Raises
    ------
    UsageError
        With code ``age_out_of_range`` where it is negative, not a number or above `OLDEST_MONTHS`.
    """
    if not (math.isfinite(months) and 0.0 <= months <= OLDEST_MONTHS):
        msg = f"a chronological age of {months:g} months is outside 0 to {OLDEST_MONTHS:g} months"
        raise UsageError("age_out_of_range", msg, remedy="a bare number counts years: write 124m for months")
    return float(months)


def check_spacing_mm(spacing: float) -> float:
    """Return the pixel spacing in mm where it can be one of a radiograph.

    Raises
    ------
    UsageError
        With code ``bad_pixel_spacing`` where it is not finite, not positive or absurd.
    """
    if not (math.isfinite(spacing) and SMALLEST_SPACING_MM <= spacing <= LARGEST_SPACING_MM):
        msg = f"a pixel spacing of {spacing:g} mm is outside {SMALLEST_SPACING_MM:g} to {LARGEST_SPACING_MM:g} mm"
        raise UsageError("bad_pixel_spacing", msg, remedy="give millimetres per pixel, for instance 0.15")
    return float(spacing)
