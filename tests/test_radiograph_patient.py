"""Sex, age and side as a DICOM file states them."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from boneage.radiograph.patient import age_months, birth_date, examination_date, laterality, sex


def dataset(**tags: Any) -> Dataset:
    ds = Dataset()
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    return ds


@pytest.mark.parametrize(("tag", "expected"), [("M", "M"), ("F", "F"), ("O", None), ("", None)])
def test_sex(tag: str, expected: str | None) -> None:
    assert sex(dataset(PatientSex=tag)) == expected


def test_sex_missing() -> None:
    assert sex(dataset()) is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"ImageLaterality": "L", "Laterality": "R"}, "L"),
        ({"ImageLaterality": "", "Laterality": "R"}, "R"),
        ({"Laterality": "L"}, "L"),
        ({"ImageLaterality": "B"}, None),
        ({}, None),
    ],
)
def test_laterality(tags: dict[str, str], expected: str | None) -> None:
    assert laterality(dataset(**tags)) == expected


def test_age_from_the_age_tag() -> None:
    assert age_months(dataset(PatientAge="147M")) == (147, [])


def test_dates_win_over_a_rounded_age() -> None:
    months, notices = age_months(dataset(PatientAge="010Y", PatientBirthDate="20100115", StudyDate="20200714"))
    assert months == pytest.approx(126, abs=0.1)
    assert notices == []


def test_the_acquisition_date_wins_over_the_study_date() -> None:
    months, _ = age_months(dataset(PatientBirthDate="20100115", StudyDate="20250101", AcquisitionDate="20200714"))
    assert months == pytest.approx(126, abs=0.1)


def test_a_conflict_is_remarked_without_values() -> None:
    months, notices = age_months(dataset(PatientAge="014Y", PatientBirthDate="20100115", StudyDate="20200714"))
    assert months == pytest.approx(126, abs=0.1)
    assert [notice.code for notice in notices] == ["age_conflict"]
    assert not any(character.isdigit() for character in notices[0].message)


def test_impossible_dates_leave_the_age_tag() -> None:
    months, notices = age_months(dataset(PatientAge="010Y", PatientBirthDate="20300101", StudyDate="20200714"))
    assert months == 120
    assert [notice.code for notice in notices] == ["age_implausible"]


def test_an_impossible_age_is_left_out() -> None:
    months, notices = age_months(dataset(PatientAge="900Y"))
    assert months is None
    assert [notice.code for notice in notices] == ["age_implausible"]


@pytest.mark.parametrize("tags", [{}, {"PatientAge": ""}, {"PatientBirthDate": "20100115"}, {"StudyDate": "20200101"}])
def test_no_age(tags: dict[str, str]) -> None:
    assert age_months(dataset(**tags)) == (None, [])


def test_dates_are_told_apart_and_absent_where_they_are_none() -> None:
    from datetime import date

    ds = dataset(PatientBirthDate="20100115", StudyDate="20250101", AcquisitionDate="20200714")
    assert (birth_date(ds), examination_date(ds)) == (date(2010, 1, 15), date(2020, 7, 14))
    assert (birth_date(dataset()), examination_date(dataset(StudyDate="none"))) == (None, None)
