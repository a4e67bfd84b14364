"""Tanner 1975: bands of age, menarche, and TW2 ages only."""

from __future__ import annotations

from typing import Any

import pytest

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.methods import predict
from boneage.adult_height.scales import SCALES
from boneage.adult_height.tanner import bands


def ask(sex: str, age: float, *, bone_age: float | None = None, height: float = 130.0, **changed: Any) -> HeightAnswer:
    given = {
        "sex": sex,
        "height_cm": height,
        "bone_age_months": age if bone_age is None else bone_age,
        "bone_age_scale": "tw2_rus",
        "chronological_age_months": age,
    }
    return predict("tanner-1975", **{**given, **changed})


def test_a_boy_of_ten_by_table_five() -> None:
    # 1.20 height - 6.2 age - 1.0 bone age + 83
    answer = ask("M", 123, bone_age=114, height=140)
    assert answer.predicted_cm == pytest.approx(1.20 * 140 - 6.2 * 10.25 - 1.0 * 9.5 + 83)
    assert answer.error is not None
    assert (answer.error.sd_cm, answer.error.two_sd_cm) == (3.6, 7.2)
    assert {cell.table for cell in answer.cells} == {"Tanner 1975, Table V"}


def test_before_and_after_menarche_there_are_two_equations() -> None:
    before, after = (ask("F", 147, height=150, menarche=menarche) for menarche in (False, True))
    assert before.predicted_cm == pytest.approx(0.83 * 150 - 2.4 * 12.25 - 3.4 * 12.25 + 111)
    assert after.predicted_cm == pytest.approx(0.91 * 150 - 1.4 * 12.25 - 3.2 * 12.25 + 82)


@pytest.mark.parametrize(("age", "needed"), [(131.9, False), (132, True), (179.9, True), (180, False)])
def test_menarche_is_needed_of_girls_from_11_to_below_15(age: float, needed: bool) -> None:
    assert ("menarche" in ask("F", age, height=150).missing) is needed
    assert "menarche" not in ask("M", age, height=150).missing


def test_every_equation_can_be_reached_and_no_age_has_two() -> None:
    reached = set()
    for sex, table in bands().items():
        for band in table:
            for age in (band.first, band.end - 0.1):
                answer = ask(sex, age, height=150.0, menarche=band.menarche)
                values = [cell.value for cell in answer.cells]
                assert answer.reason is None or answer.reason.code in ("below_present_height", "above_highest_height")
                if values:
                    assert values == list(band.coefficients.values())
                    reached.add((sex, band.label, band.menarche))
    assert len(reached) == sum(len(table) for table in bands().values()) == 50


def test_the_first_bands_are_longer() -> None:
    assert (bands()["M"][0].first, bands()["M"][0].end) == (48, 96)
    assert (bands()["F"][0].first, bands()["F"][0].end) == (48, 72)
    assert (bands()["M"][1].first, bands()["M"][1].end) == (96, 102)


@pytest.mark.parametrize(("sex", "first", "end"), [("M", 48, 216), ("F", 48, 192)])
def test_outside_the_ages_it_is_refused_with_the_range(sex: str, first: float, end: float) -> None:
    for age in (first - 0.1, end):
        answer = ask(sex, age)
        assert answer.reason is not None
        assert f"from {first // 12} y 0 mo to below {end // 12} y 0 mo" in answer.reason.message


@pytest.mark.parametrize("scale", [scale for scale in SCALES if scale != "tw2_rus"])
def test_only_tw2_ages_are_taken(scale: str) -> None:
    answer = ask("M", 123, bone_age_scale=scale)
    assert (answer.status, answer.predicted_cm) == ("refused", None)
    assert answer.reason is not None
    assert answer.reason.code == "wrong_bone_age_scale"
    assert SCALES[scale] in answer.reason.message  # type: ignore[index]


# The abstract: 19 of 20 predictions lie within these centimetres; the tables print the SD.
ABSTRACT = [
    ("M", 150, None, 7),
    ("M", 162, None, 6),
    ("M", 168, None, 6),
    ("F", 120, None, 6),
    ("F", 144, False, 5),
    ("F", 156, False, 4),
    ("F", 144, True, 4),
    ("F", 156, True, 3),
]


@pytest.mark.parametrize(("sex", "age", "menarche", "within"), ABSTRACT)
def test_twice_the_stated_sd_is_what_the_abstract_says(
    sex: str, age: float, menarche: bool | None, within: int
) -> None:
    answer = ask(sex, age, height=150, menarche=menarche)
    assert answer.error is not None
    assert round(answer.error.two_sd_cm) == within


def test_an_sd_that_the_original_marks_as_estimated_is_said() -> None:
    assert "estimated" in ask("F", 135, height=150, menarche=True).error_words
    assert "estimated" not in ask("F", 135, height=150, menarche=False).error_words


def test_the_parental_allowance_is_not_made() -> None:
    assert any("parents" in note for note in ask("M", 123).notes)
