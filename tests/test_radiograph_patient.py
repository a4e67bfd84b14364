"""Sex, age and side as a DICOM file states them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydicom.dataset import Dataset

from boneage.radiograph.patient import StatedAge, birth_date, examination_date, laterality, sex, stated_age


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
    assert stated_age(dataset(PatientAge="147M")) == StatedAge(147)


def test_dates_win_over_a_rounded_age() -> None:
    age = stated_age(dataset(PatientAge="010Y", PatientBirthDate="20100115", StudyDate="20200714"))
    assert age.months == pytest.approx(126, abs=0.1)
    assert age.notices == ()


def test_the_acquisition_date_wins_over_the_study_date() -> None:
    age = stated_age(dataset(PatientBirthDate="20100115", StudyDate="20250101", AcquisitionDate="20200714"))
    assert age.months == pytest.approx(126, abs=0.1)


def test_a_conflict_is_remarked_without_values() -> None:
    age = stated_age(dataset(PatientAge="014Y", PatientBirthDate="20100115", StudyDate="20200714"))
    assert age.months == pytest.approx(126, abs=0.1)
    assert [notice.code for notice in age.notices] == ["age_conflict"]
    assert not any(character.isdigit() for character in age.notices[0].message)


def test_impossible_dates_leave_the_age_tag() -> None:
    age = stated_age(dataset(PatientAge="010Y", PatientBirthDate="20300101", StudyDate="20200714"))
    assert age.months == 120
    assert [notice.code for notice in age.notices] == ["age_implausible", "age_in_whole_years"]


def test_an_impossible_age_is_left_out() -> None:
    age = stated_age(dataset(PatientAge="900Y"))
    assert age.months is None
    assert [notice.code for notice in age.notices] == ["age_implausible"]


@pytest.mark.parametrize("tag", ["120Y", "026Y", "301M", "000Y", "0Y", "000D", "000M"])
def test_an_age_that_is_no_childs_is_not_stated(tag: str) -> None:
    age = stated_age(dataset(PatientAge=tag))
    assert (age.months, age.in_whole_years) == (None, False)
    assert [notice.code for notice in age.notices] == ["age_implausible"]
    assert ("zero" in age.notices[0].message) == (int(tag[:-1]) == 0)


@pytest.mark.parametrize("tag", ["025Y", "300M", "001D"])
def test_the_oldest_and_the_youngest_age(tag: str) -> None:
    age = stated_age(dataset(PatientAge=tag))
    assert age.months is not None
    assert "age_implausible" not in [notice.code for notice in age.notices]


@pytest.mark.parametrize("birth", ["19000101", "19950713", "20200715"])
@pytest.mark.parametrize(("tag", "months"), [("010Y", 120), ("000Y", None), ("120Y", None), ("", None)])
def test_dates_that_are_no_childs_leave_a_believable_age_tag(birth: str, tag: str, months: float | None) -> None:
    age = stated_age(dataset(PatientAge=tag, PatientBirthDate=birth, StudyDate="20200714"))
    assert (age.months, age.in_whole_years) == (months, months is not None)
    assert [notice.code for notice in age.notices] == ["age_implausible"] + ["age_in_whole_years"] * (months == 120)
    assert "dates" in age.notices[0].message
    assert ("the age in the file" in age.notices[0].message) == (tag in ("000Y", "120Y")), "both are said in one remark"


def test_a_film_of_the_future_has_no_date() -> None:
    today = date(2020, 7, 14)
    tags = {"PatientBirthDate": "20100115", "StudyDate": "20200716"}
    age = stated_age(dataset(**tags), today=today)
    assert (age.months, [notice.code for notice in age.notices]) == (None, ["age_implausible"])
    assert "future" in age.notices[0].message
    assert stated_age(dataset(**tags, PatientAge="126M"), today=today).months == 126
    tomorrow = stated_age(dataset(**tags | {"StudyDate": "20200715"}), today=today)
    assert tomorrow.months == pytest.approx(126, abs=0.1)
    assert tomorrow.notices == ()
    assert stated_age(dataset(**tags | {"StudyDate": "29990101"})).months is None, "by the clock of the computer"


def test_a_placeholder_beside_good_dates_is_not_spoken_of() -> None:
    age = stated_age(dataset(PatientAge="000Y", PatientBirthDate="20100115", StudyDate="20200714"))
    assert age.months == pytest.approx(126, abs=0.1)
    assert age.notices == ()


@pytest.mark.parametrize(("tag", "whole"), [("010Y", True), ("010y", True), ("120M", False), ("521W", False)])
def test_an_age_in_completed_years_is_said_to_be_one(tag: str, whole: bool) -> None:
    age = stated_age(dataset(PatientAge=tag))
    assert age.months == pytest.approx(120, abs=0.3)
    assert age.in_whole_years == whole
    assert [notice.code for notice in age.notices] == ["age_in_whole_years"] * whole
    dates = stated_age(dataset(PatientAge=tag, PatientBirthDate="20100115", StudyDate="20200115"))
    assert not dates.in_whole_years
    assert dates.notices == ()


@pytest.mark.parametrize("tags", [{}, {"PatientAge": ""}, {"PatientBirthDate": "20100115"}, {"StudyDate": "20200101"}])
def test_no_age(tags: dict[str, str]) -> None:
    assert stated_age(dataset(**tags)) == StatedAge(None)


def test_dates_are_told_apart_and_absent_where_they_are_none() -> None:
    ds = dataset(PatientBirthDate="20100115", StudyDate="20250101", AcquisitionDate="20200714")
    assert (birth_date(ds), examination_date(ds)) == (date(2010, 1, 15), date(2020, 7, 14))
    assert (birth_date(dataset()), examination_date(dataset(StudyDate="none"))) == (None, None)
