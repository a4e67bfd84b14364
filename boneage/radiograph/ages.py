"""Chronological ages as people and DICOM write them, in months."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Final

from boneage.errors import UsageError

MONTHS_PER_YEAR: Final = 12
DAYS_PER_MONTH: Final = 365.25 / 12
MAX_AGE_MONTHS: Final = 25 * MONTHS_PER_YEAR
"""Oldest age that a user may give: no reference of skeletal maturity goes beyond."""

_REMEDY: Final = "write the age as 10y4m, 10.3 (years) or 124m, between 0 and 25 years"
_NUMBER: Final = r"(\d+(?:[.,]\d+)?)"
_YEARS_AND_MONTHS: Final = re.compile(
    rf"^(?:{_NUMBER}\s*(?:years|year|yrs|yr|y))?\s*(?:{_NUMBER}\s*(?:months|month|mos|mo|m))?$"
)
_BARE_YEARS: Final = re.compile(rf"^{_NUMBER}$")
_DICOM_AGE: Final = re.compile(r"^(\d{1,3})([DWMY])$")
_DICOM_DATE: Final = re.compile(r"^(\d{4})\.?(\d{2})\.?(\d{2})$")


def parse_age(text: str) -> float:
    """Turn an age as a user types it into months.

    Parameters
    ----------
    text:
        ``10y4m``, ``10y``, ``124m``, ``10 years 4 months`` or ``10.3`` (a bare number is years). A comma may stand for
        the decimal point.

    Returns
    -------
    float
        Months, 0 to `MAX_AGE_MONTHS`.

    Raises
    ------
    UsageError
        ``bad_age`` if the text is not an age, ``absurd_age`` if it lies outside 0 to 25 years.

    Examples
    --------
    >>> parse_age("10y4m"), parse_age("124m"), parse_age("10.5")
    (124.0, 124.0, 126.0)
    """
    word = text.strip().lower()
    if re.fullmatch(rf"-\s*{_NUMBER}.*", word):
        msg = "the age is negative"
        raise UsageError("absurd_age", msg, remedy=_REMEDY)
    bare = _BARE_YEARS.match(word)
    both = _YEARS_AND_MONTHS.match(word)
    if bare:
        months = _float(bare[1]) * MONTHS_PER_YEAR
    elif word and both:
        years, rest = (None if part is None else _float(part) for part in both.groups())
        if years is not None and rest is not None and (rest >= MONTHS_PER_YEAR or not years.is_integer()):
            msg = "the age does not add up: whole years and fewer than 12 months are expected"
            raise UsageError("bad_age", msg, remedy=_REMEDY)
        months = (years or 0.0) * MONTHS_PER_YEAR + (rest or 0.0)
    else:
        msg = "the age is not understood"
        raise UsageError("bad_age", msg, remedy=_REMEDY)
    return check_age(months)


def check_age(months: float) -> float:
    """Return an age in months unchanged, if a user may give it.

    Raises
    ------
    UsageError
        ``absurd_age`` if it is not a number from 0 to `MAX_AGE_MONTHS`.
    """
    if not math.isfinite(months) or not 0 <= months <= MAX_AGE_MONTHS:
        msg = "the age is not between 0 and 25 years"
        raise UsageError("absurd_age", msg, remedy=_REMEDY)
    return float(months)


def dicom_age_months(text: str) -> float | None:
    """Turn a DICOM age string (``012Y``, ``147M``, ``020W``, ``100D``) into months; ``None`` if it is not one."""
    match = _DICOM_AGE.match(text.strip().upper())
    if match is None:
        return None
    number = float(match[1])
    return {
        "Y": number * MONTHS_PER_YEAR,
        "M": number,
        "W": number * 7 / DAYS_PER_MONTH,
        "D": number / DAYS_PER_MONTH,
    }[match[2]]


def dicom_date(text: str) -> date | None:
    """Turn a DICOM date (``20240131``, also the old ``2024.01.31``) into a date; ``None`` if it is not one."""
    match = _DICOM_DATE.match(text.strip()[:10])
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def months_between(birth: date, examination: date) -> float:
    """Return the age in mean months of 30.44 days (negative if the examination lies before birth)."""
    return (examination - birth).days / DAYS_PER_MONTH


def age_of_dates(birth: date, examination: date, *, today: date) -> float:
    """Return the age in months that two dates make, as a user gives them.

    Parameters
    ----------
    birth, examination:
        The dates.
    today:
        A film may be dated one day later, as clocks differ around the world.

    Raises
    ------
    UsageError
        ``film_before_birth``, ``film_in_future``, or ``absurd_age`` beyond `MAX_AGE_MONTHS`.
    """
    remedy = "correct the date of birth or the date of the film"
    if examination < birth:
        msg = "the film is dated before the birth"
        raise UsageError("film_before_birth", msg, remedy=remedy)
    if (examination - today).days > 1:
        msg = "the film is dated in the future"
        raise UsageError("film_in_future", msg, remedy=remedy)
    months = months_between(birth, examination)
    if months > MAX_AGE_MONTHS:
        msg = "these dates make an age of more than 25 years"
        raise UsageError("absurd_age", msg, remedy=remedy)
    return months


def _float(text: str) -> float:
    return float(text.replace(",", "."))
