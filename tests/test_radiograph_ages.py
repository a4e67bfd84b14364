"""Ages as typed and as tagged."""

from __future__ import annotations

from datetime import date

import pytest

from boneage.errors import UsageError
from boneage.radiograph.ages import check_age, dicom_age_months, dicom_date, months_between, parse_age


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("10y4m", 124),
        ("10Y 4M", 124),
        ("10 years 4 months", 124),
        ("1 year 1 month", 13),
        ("10y", 120),
        ("10.5y", 126),
        ("124m", 124),
        ("124 mo", 124),
        ("10.3", 123.6),
        ("10,5", 126),
        ("0", 0),
        ("25y", 300),
        (" 7 ", 84),
    ],
)
def test_ages_become_months(text: str, months: float) -> None:
    assert parse_age(text) == pytest.approx(months)


@pytest.mark.parametrize("text", ["-3", "-3y", "- 10m", "124", "25.1", "301m", "26y", "9999999m"])
def test_absurd_ages_are_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_age(text)
    assert caught.value.code == "absurd_age"
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["", " ", "nan", "inf", "ten", "10y13m", "10.5y3m", "4m10y", "y", "m", "10z", "1e1"])
def test_what_is_no_age_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_age(text)
    assert caught.value.code == "bad_age"


@pytest.mark.parametrize("months", [float("nan"), float("inf"), -0.1, 300.1])
def test_months_are_checked_too(months: float) -> None:
    with pytest.raises(UsageError):
        check_age(months)


def test_good_months_pass_unchanged() -> None:
    assert check_age(147.5) == 147.5


@pytest.mark.parametrize(
    ("text", "months"),
    [("012Y", 144), ("147M", 147), ("010W", 2.2998), ("061D", 2.0041), (" 5y ", 60)],
)
def test_dicom_ages(text: str, months: float) -> None:
    assert dicom_age_months(text) == pytest.approx(months, abs=1e-3)


@pytest.mark.parametrize("text", ["", "12", "Y", "12.5Y", "-12Y", "0012Y", "12Q"])
def test_malformed_dicom_ages_are_none(text: str) -> None:
    assert dicom_age_months(text) is None


def test_dicom_dates() -> None:
    assert dicom_date("20240229") == date(2024, 2, 29)
    assert dicom_date("2001.12.31") == date(2001, 12, 31)
    assert dicom_date("20230229") is None
    assert dicom_date("") is None
    assert dicom_date("yesterday") is None


def test_months_between_two_dates() -> None:
    assert months_between(date(2010, 1, 1), date(2020, 1, 1)) == pytest.approx(120, abs=0.05)
    assert months_between(date(2020, 1, 1), date(2010, 1, 1)) < 0
