"""The few facts about a child that a reading needs: sex, age at the film, side. Nothing else is ever looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from boneage.radiograph.ages import dicom_age_months, dicom_date, months_between
from boneage.radiograph.radiograph import Notice, Sex
from boneage.radiograph.tags import text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_EXAMINATION_DATES: Final = ("AcquisitionDate", "ContentDate", "StudyDate", "SeriesDate")
_OLDEST: Final = 130 * 12.0
_CHECK: Final = "give the chronological age yourself, or correct the tags"
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


def stated_age(ds: Dataset) -> StatedAge:
    """Return the age at the film.

    Birth date and examination date win over PatientAge, which is rounded down to whole years in most files.
    """
    tag = text(ds, "PatientAge").upper()
    stated, in_years = dicom_age_months(tag), tag.endswith("Y")
    counted = _counted_months(ds)
    notices: list[Notice] = []
    if counted is not None and not 0 <= counted <= _OLDEST:
        notices.append(
            Notice("age_implausible", "the dates in the file make an impossible age and are left out", _CHECK)
        )
        counted = None
    if stated is not None and stated > _OLDEST:
        notices.append(Notice("age_implausible", "the age in the file is impossible and is left out", _CHECK))
        stated = None
    if counted is None:
        if stated is not None and in_years:
            notices.append(Notice("age_in_whole_years", _WHOLE_YEARS, _TO_THE_MONTH))
        return StatedAge(stated, stated is not None and in_years, tuple(notices))
    if stated is not None and not -2 <= counted - stated <= (13 if in_years else 2):
        remark = "the age in the file and the age from its dates differ: the dates are used"
        notices.append(Notice("age_conflict", remark, _CHECK))
    return StatedAge(counted, notices=tuple(notices))


def _counted_months(ds: Dataset) -> float | None:
    birth, examination = birth_date(ds), examination_date(ds)
    return None if birth is None or examination is None else months_between(birth, examination)


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
