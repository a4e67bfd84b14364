"""The few facts about a child that a reading needs: sex, age at the film, side. Nothing else is ever looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from boneage.radiograph.ages import MAX_AGE_MONTHS, dicom_age_months, dicom_date, months_between
from boneage.radiograph.radiograph import Notice, Sex
from boneage.radiograph.tags import text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_EXAMINATION_DATES: Final = ("AcquisitionDate", "ContentDate", "StudyDate", "SeriesDate")
_CHECK: Final = "give the chronological age yourself, or correct the tags"
_NO_DATES: Final = "the dates in the file make an age before birth or beyond twenty-five years and are left out"
_IN_FUTURE: Final = "the film is dated in the future, so its date is left out"
_TOO_OLD: Final = "the age in the file is beyond twenty-five years and is left out"
_NO_AGE: Final = "the age in the file is zero, which usually stands for one that is not known, and is left out"
_WHOLE_YEARS: Final = (
    "the file states the age in completed years alone: the child may be almost a year older, and the difference and "
    "its SD score then lie too far on the advanced side"
)
_TO_THE_MONTH: Final = "give the chronological age to the month, or the dates of birth and film"


def sex(ds: Dataset) -> Sex | None:
    """Return ``M`` or ``F`` as tagged, ``None`` for other, empty or missing."""
    value = text(ds, "PatientSex")
    return "M" if value == "M" else "F" if value == "F" else None


def laterality(ds: Dataset) -> str | None:
    """Return ``L`` or ``R``: that of the image where stated, else that of the series."""
    for keyword in ("ImageLaterality", "Laterality"):
        value = text(ds, keyword)
        if value:
            return value if value in {"L", "R"} else None
    return None


@dataclass(frozen=True)
class StatedAge:
    """The age at the film in months, whether it counts completed years alone, and remarks that carry no value."""

    months: float | None
    in_whole_years: bool = False
    notices: tuple[Notice, ...] = ()


def stated_age(ds: Dataset, *, today: date | None = None) -> StatedAge:
    """Return the age at the film.

    Birth date and examination date win over PatientAge, which is rounded down to whole years in most files. What no
    child's age can be is left out with a remark: the reading is of children, and placeholders are usual.

    Parameters
    ----------
    ds:
        The tags.
    today:
        A film may be dated one day later, as clocks differ around the world; the day of the computer by default.
    """
    left_out: list[str] = []
    counted = _counted_months(ds, today or date.today(), left_out)
    stated, in_years = _stated_months(ds, left_out if counted is None else [])
    notices = [Notice("age_implausible", "; ".join(left_out), _CHECK)] if left_out else []
    if counted is None:
        if stated is not None and in_years:
            notices.append(Notice("age_in_whole_years", _WHOLE_YEARS, _TO_THE_MONTH))
        return StatedAge(stated, stated is not None and in_years, tuple(notices))
    if stated is not None and not -2 <= counted - stated <= (13 if in_years else 2):
        remark = "the age in the file and the age from its dates differ: the dates are used"
        notices.append(Notice("age_conflict", remark, _CHECK))
    return StatedAge(counted, notices=tuple(notices))


def _stated_months(ds: Dataset, left_out: list[str]) -> tuple[float | None, bool]:
    """Return PatientAge in months where it can be a child's, and whether it is in years."""
    tag = text(ds, "PatientAge").upper()
    months = dicom_age_months(tag)
    if months is None or 0 < months <= MAX_AGE_MONTHS:
        return months, tag.endswith("Y")
    left_out.append(_NO_AGE if months == 0 else _TOO_OLD)
    return None, False


def _counted_months(ds: Dataset, today: date, left_out: list[str]) -> float | None:
    """Return the months between the dates where they can be a child's age."""
    birth, examination = birth_date(ds), examination_date(ds)
    if birth is None or examination is None:
        return None
    if (examination - today).days > 1:
        left_out.append(_IN_FUTURE)
        return None
    months = months_between(birth, examination)
    if 0 <= months <= MAX_AGE_MONTHS:
        return months
    left_out.append(_NO_DATES)
    return None


def birth_date(ds: Dataset) -> date | None:
    """Return the date of birth as tagged."""
    return dicom_date(text(ds, "PatientBirthDate"))


def examination_date(ds: Dataset) -> date | None:
    """Return the date of the film: of its acquisition where stated, else of its content, study or series."""
    for keyword in _EXAMINATION_DATES:
        found = dicom_date(text(ds, keyword))
        if found is not None:
            return found
    return None
