"""What a user may ask for."""

from __future__ import annotations

import math

import pytest

from boneage.errors import UsageError
from boneage.options import EstimateOptions, check_age_months, check_spacing_mm, parse_age, parse_sex


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("10y4m", 124),
        ("10 y 4 m", 124),
        ("10.5", 126),
        ("10", 120),
        ("10y", 120),
        ("124m", 124),
        ("0", 0),
        ("7.5m", 7.5),
        (" 3Y2M ", 38),
        ("25", 300),
    ],
)
def test_ages(text: str, months: float) -> None:
    assert parse_age(text) == pytest.approx(months)


@pytest.mark.parametrize("text", ["", "ten", "-3", "10y4", "4m10y", "1e3", "nan", "10,5", "y", "m"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_age(text)
    assert caught.value.code == "age_not_understood"
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["124", "26", "900m"])
def test_absurd_ages(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_age(text)
    assert caught.value.code == "age_out_of_range"


@pytest.mark.parametrize("months", [-1.0, math.nan, math.inf])
def test_absurd_months(months: float) -> None:
    with pytest.raises(UsageError):
        check_age_months(months)


def test_sex_words() -> None:
    words = {text: parse_sex(text) for text in ("M", "f", "Male", "FEMALE", "unknown", " u ")}
    assert list(words.values()) == ["M", "F", "M", "F", "unknown", "unknown"]


@pytest.mark.parametrize("text", ["", "boy", "W", "0", "other"])
def test_an_unknown_sex_word_is_never_guessed(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_sex(text)
    assert caught.value.code == "unknown_sex_word"


@pytest.mark.parametrize("spacing", [math.nan, math.inf, -0.1, 0.0, 1e-9, 100.0])
def test_absurd_spacings(spacing: float) -> None:
    with pytest.raises(UsageError) as caught:
        check_spacing_mm(spacing)
    assert caught.value.code == "bad_pixel_spacing"


def test_sensible_spacing_passes() -> None:
    assert check_spacing_mm(0.15) == 0.15


def test_unknown_method() -> None:
    with pytest.raises(UsageError) as caught:
        EstimateOptions(method="magic")  # type: ignore[arg-type]
    assert caught.value.code == "unknown_method"
