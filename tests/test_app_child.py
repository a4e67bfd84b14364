"""The fields of the page: sex, age or dates, method and scale; what is wrong is said there, what was said stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from app_page import (
    FakeEstimator,
    buttons,
    fields,
    opened_page,
    upload,
    words_on,
)
from fake_reading import fake_reading, fake_refusal
from make_dicom import SECRET, dicom_bytes, hand
from streamlit.testing.v1 import AppTest


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as it opens."""
    with opened_page(monkeypatch) as opened:
        yield opened


def give_dates(page: AppTest, birth: date, film_date: date) -> None:
    """Give both dates, in place of an age."""
    fields(page)["way"].set_value("dates").run()
    first, second = page.date_input
    first.set_value(birth)
    second.set_value(film_date).run()


def test_sex_is_taken_from_the_file_where_it_says(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    assert fields(page)["sex"].value == "F"
    assert "The file says: girl." in words_on(page)
    assert [question["sex"] for question in FakeEstimator.asked] == [None]


def test_unknown_said_on_purpose_outranks_the_file(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    fields(page)["sex"].set_value("unknown").run()
    assert FakeEstimator.asked[-1]["sex"] == "unknown"


def test_dates_make_the_age(page: AppTest) -> None:
    page = upload(page)
    fields(page)["way"].set_value("dates").run()
    assert "Both dates are needed" in words_on(page)
    dates = {field.label: field for field in page.date_input}
    dates["Date of birth"].set_value(date(2014, 5, 31))
    dates["Date of the film"].set_value(date(2024, 3, 31)).run()
    assert FakeEstimator.asked[-1]["chronological_age_months"] == pytest.approx(118.0, abs=0.1)
    assert "These dates give 9 y 10 mo" in words_on(page)


@pytest.mark.parametrize(
    ("birth", "film_date", "words"),
    [
        (date(2024, 5, 31), date(2014, 3, 31), "dated before the birth"),
        (date(2014, 5, 31), date(2090, 3, 31), "dated in the future"),
        (date(1914, 5, 31), date(2014, 3, 31), "more than 25 years"),
    ],
)
def test_dates_that_cannot_be_are_explained_and_count_as_nothing_said(
    page: AppTest, birth: date, film_date: date, words: str
) -> None:
    page = upload(page)
    give_dates(page, birth, film_date)
    assert any(words in box.value for box in page.error)
    assert all(question["chronological_age_months"] is None for question in FakeEstimator.asked)
    assert page.metric


@pytest.mark.parametrize(
    ("birth", "days", "words"),
    [
        ("20140531", 1, None),
        ("20140531", 200, "dated in the future"),
        ("20140531", 40_000, "dated in the future"),
        ("18990101", 0, "more than 25 years"),
        ("00010101", 0, "more than 25 years"),
        ("20140531", -10_000, "dated before the birth"),
    ],
)
def test_a_file_with_dates_that_cannot_be_is_shown_with_them_and_a_remark(
    page: AppTest, birth: str, days: int, words: str | None
) -> None:
    film_date = date.today() + timedelta(days=days)
    data = dicom_bytes(hand(), PatientBirthDate=birth, StudyDate=film_date.strftime("%Y%m%d"), PatientSex="F")
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm", data)
    assert not page.exception
    assert not page.error
    assert page.metric
    assert [field.value for field in page.date_input] == [
        date(int(birth[:4]), int(birth[4:6]), int(birth[6:])),
        film_date,
    ]
    assert [words in box.value for box in page.warning if "correct the date" in box.value] == [True] * bool(words)


@pytest.mark.parametrize(
    ("birth", "film_date", "words"),
    [
        (date(2024, 5, 31), date(2014, 3, 31), "拍片日期早于出生日期"),
        (date(2014, 5, 31), date(2090, 3, 31), "拍片日期在未来"),
        (date(1914, 5, 31), date(2014, 3, 31), "更正出生日期或拍片日期"),
    ],
)
def test_wrong_dates_are_spoken_of_as_dates_in_chinese_too(
    page: AppTest, birth: date, film_date: date, words: str
) -> None:
    page = upload(page)
    page.selectbox(key="language").set_value("zh").run()
    give_dates(page, birth, film_date)
    assert any(words in box.value for box in page.error)


def test_a_wrong_age_takes_nothing_else_away(page: AppTest) -> None:
    page = upload(page)
    fields(page)["sex"].set_value("F").run()
    fields(page)["method"].set_value("measurement").run()
    fields(page)["spacing"].set_value(0.15).run()
    fields(page)["age"].set_value("8y13m").run()
    assert page.error
    assert page.metric
    assert fields(page)["age"].value == "8y13m"
    fields(page)["age"].set_value("8y3m").run()
    assert not page.error
    last = FakeEstimator.asked[-1]
    assert (last["sex"], last["method"], last["pixel_spacing_mm"]) == ("F", "measurement", 0.15)
    assert last["chronological_age_months"] == 99.0


@pytest.mark.parametrize("way", ["age", "dates"])
def test_the_age_of_the_file_does_not_stand_in_for_one_that_is_wrong(page: AppTest, way: str) -> None:
    data = dicom_bytes(hand(), PatientBirthDate="20140531", StudyDate="20240331", PatientSex="F")
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm", data)
    if way == "dates":
        page.date_input[0].set_value(date(2025, 5, 31)).run()
    else:
        fields(page)["way"].set_value("age").run()
        fields(page)["age"].set_value("8y13m").run()
    assert page.error
    assert page.metric
    assert FakeEstimator.asked[-1]["chronological_age_months"] == "unknown"
    if way == "dates":
        page.date_input[0].set_value(date(2014, 5, 31)).run()
    else:
        fields(page)["age"].set_value("").run()
    assert not page.error
    assert page.session_state["shelf"].shown.question.chronological_age_months is None


def test_the_dates_stay_while_the_age_is_looked_at(page: AppTest) -> None:
    page = upload(page)
    give_dates(page, date(2014, 5, 31), date(2024, 3, 31))
    fields(page)["way"].set_value("age").run()
    assert not page.date_input
    fields(page)["way"].set_value("dates").run()
    assert [field.value for field in page.date_input] == [date(2014, 5, 31), date(2024, 3, 31)]


def test_a_refused_film_lists_nothing_as_missing(page: AppTest) -> None:
    FakeEstimator.by_name["film.png"] = fake_refusal()
    assert "Missing:" not in words_on(upload(page))


def test_dates_and_names_of_a_dicom_file_are_shown_and_can_be_changed(page: AppTest) -> None:
    data = dicom_bytes(hand(), PatientBirthDate="20140531", StudyDate="20240331", PatientSex="F")
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm", data)
    assert SECRET in words_on(page)
    assert "film of 2024-03-31" in words_on(page)
    assert fields(page)["way"].value == "dates"
    assert [field.value for field in page.date_input] == [date(2014, 5, 31), date(2024, 3, 31)]
    assert FakeEstimator.asked[-1]["chronological_age_months"] is None
    page.date_input[1].set_value(date(2025, 3, 31)).run()
    assert FakeEstimator.asked[-1]["chronological_age_months"] == pytest.approx(130.0, abs=0.1)


def test_a_date_of_the_file_that_is_cleared_takes_its_age_away(page: AppTest) -> None:
    data = dicom_bytes(hand(), PatientBirthDate="20140531", StudyDate="20240331", PatientSex="F")
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm", data)
    page.date_input[0].set_value(None).run()
    assert FakeEstimator.asked[-1]["chronological_age_months"] == "unknown"
    assert any("Both dates are needed" in caption.value for caption in page.caption)
    page.date_input[0].set_value(date(2014, 5, 31)).run()
    assert not any("Both dates are needed" in caption.value for caption in page.caption)


def test_age_that_is_none_is_explained_and_counts_as_nothing_said(page: AppTest) -> None:
    page = upload(page)
    before = len(FakeEstimator.asked)
    fields(page)["age"].set_value("soon eleven").run()
    assert any("10y4m" in box.value for box in page.error)
    assert len(FakeEstimator.asked) == before
    assert page.metric


def test_method_and_spacing_reach_the_estimator_and_an_absurd_one_is_explained(page: AppTest) -> None:
    page = upload(page)
    fields(page)["method"].set_value("measurement").run()
    assert FakeEstimator.asked[-1]["method"] == "measurement"
    fields(page)["spacing"].set_value(0.15).run()
    assert FakeEstimator.asked[-1]["pixel_spacing_mm"] == 0.15
    fields(page)["spacing"].set_value(500.0).run()
    assert any("0.15" in box.value for box in page.error)
    assert FakeEstimator.asked[-1]["pixel_spacing_mm"] == 0.15


def test_another_film_starts_with_empty_fields(page: AppTest) -> None:
    page = upload(page)
    fields(page)["age"].set_value("9y10m").run()
    page = buttons(page)["Boy, 9 y 7 mo"].click().run()
    assert fields(page)["age"].value == ""
    assert FakeEstimator.asked[-1]["chronological_age_months"] is None
