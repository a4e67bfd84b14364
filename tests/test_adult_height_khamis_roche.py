"""Khamis-Roche: the table from within, worked numbers, and that no bone age enters."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from cli_runs import Runner

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.khamis_roche import EQUATIONS
from boneage.adult_height.methods import METHODS, predict
from boneage.adult_height.regression import load_rows

CHILD = {"height_cm": 138.0, "weight_kg": 32.0, "midparent_height_cm": 170.5}


def ask(sex: str, age: float, **changed: Any) -> HeightAnswer:
    return predict("khamis-roche", **{**CHILD, "sex": sex, "chronological_age_months": age, **changed})


KNOTS = {
    "stature_in": (10.5,),
    "weight_lb": (10.5,),
    "midparent_stature_in": (10.5,),
    "intercept_in": (6, 9, 12, 15),
}
"""Ages at which the cubics of a column meet. Each is found from the cells: no other row will do."""

COLUMNS = [(sex, column) for sex in ("M", "F") for column in KNOTS]


def column_of(sex: str, column: str) -> np.ndarray:
    return np.array(load_rows(EQUATIONS)[sex].printed[column])  # type: ignore[index]


def last_place(sex: str, column: str) -> float:
    """The intercepts are rounded to four decimals (of girls too, though five are printed), most others to five."""
    if column == "intercept_in":
        return 1e-4
    return 1e-6 if (sex, column) == ("M", "weight_lb") else 1e-5


def is_a_cubic(values: np.ndarray, unit: float) -> bool:
    """Whether third differences are constant: rounding moves each by up to (1 + 3 + 3 + 1) halves of the last place.

    The difference of two is then at most eight of the last place.
    """
    third = np.diff(values, 3)
    return bool(np.abs(third - np.median(third)).max() <= 8.001 * unit)


def holds(values: np.ndarray, knots: tuple[float, ...], unit: float) -> bool:
    ends = [0, *(round(2 * (age - 4)) for age in knots), len(values) - 1]
    return all(is_a_cubic(values[low : high + 1], unit) for low, high in pairwise(ends))


@pytest.mark.parametrize("sex", ["M", "F"])
def test_there_is_a_row_each_half_year_from_4_to_17_and_a_half(sex: str) -> None:
    assert load_rows(EQUATIONS)[sex].months == tuple(np.arange(48, 211, 6.0))  # type: ignore[index]
    assert len(load_rows(EQUATIONS)[sex].months) == 28  # type: ignore[index]


@pytest.mark.parametrize(("sex", "column"), COLUMNS)
def test_each_column_is_cubics_in_age(sex: str, column: str) -> None:
    assert holds(column_of(sex, column), KNOTS[column], last_place(sex, column))


@pytest.mark.parametrize(("sex", "column"), COLUMNS)
def test_the_cubics_meet_nowhere_else(sex: str, column: str) -> None:
    """Each piece goes on for as long as it is a cubic; where it ends is the knot."""
    values, unit, start, found = column_of(sex, column), last_place(sex, column), 0, []
    while start < len(values) - 1:
        end = max(end for end in range(start + 4, len(values)) if is_a_cubic(values[start : end + 1], unit))
        found.append(4 + end / 2)
        start = end
    assert found == [*KNOTS[column], 17.5]


@pytest.mark.parametrize(("sex", "column"), COLUMNS)
def test_an_error_in_any_cell_breaks_them(sex: str, column: str) -> None:
    values, unit = column_of(sex, column), last_place(sex, column)
    for row in range(len(values)):
        for error in (18, -18, 100, -100):
            wrong = values.copy()
            wrong[row] += error * unit
            assert not holds(wrong, KNOTS[column], unit), (row, error)


def test_of_two_numbers_for_the_mid_parent_height_of_girls_of_5_one_breaks_its_column() -> None:
    values = column_of("F", "midparent_stature_in")
    assert values[2] == 0.38467
    values[2] = 0.38460
    assert not holds(values, (10.5,), 1e-5)


@pytest.mark.parametrize(
    ("sex", "age", "child", "expected"),
    [
        # Boys 10.0: -11.0380 + 0.97135 stature - 0.039981 weight + 0.45932 mid-parent, in inches and pounds.
        (
            "M",
            120,
            CHILD,
            2.54 * (-11.0380 + 0.97135 * 138 / 2.54 - 0.039981 * 32 / 0.45359237 + 0.45932 * 170.5 / 2.54),
        ),
        ("M", 120, CHILD, 177.16),
        # Girls 12.0: 4.84365 + 0.64452 stature - 0.04894 weight + 0.39490 mid-parent.
        ("F", 144, {"height_cm": 150.0, "weight_kg": 42.0, "midparent_height_cm": (165 + 179) / 2}, 165.39),
        # Girls 12.25, halfway to the row 12.5: 4.56117 + 0.65919 stature - 0.04583 weight + 0.37670 mid-parent.
        ("F", 147, {"height_cm": 151.0, "weight_kg": 43.0, "midparent_height_cm": 172.0}, 164.88),
        ("M", 84, {"height_cm": 120.0, "weight_kg": 23.0, "midparent_height_cm": 176.5}, 178.59),
        ("F", 186, {"height_cm": 160.0, "weight_kg": 52.0, "midparent_height_cm": 167.5}, 161.42),
        ("M", 123, {**CHILD, "height_cm": 139.0}, 177.17),  # between two rows
        ("M", 48, {"height_cm": 100.0, "weight_kg": 16.0, "midparent_height_cm": 176.5}, 178.70),
    ],
)
def test_worked_numbers(sex: str, age: float, child: dict[str, float], expected: float) -> None:
    assert ask(sex, age, **child).predicted_cm == pytest.approx(expected, abs=0.006)


def test_weight_counts_as_the_erratum_has_it() -> None:
    """The table of 1994 has the coefficients of weight ten times too small."""
    light, heavy = (ask("M", 84, weight_kg=weight).predicted_cm for weight in (25.0, 35.0))
    assert light is not None and heavy is not None
    assert heavy - light == pytest.approx(-0.048144 * 10 / 0.45359237 * 2.54)


def test_no_bone_age_enters() -> None:
    plain = ask("F", 132)
    assert plain.status == "ok"
    assert plain == ask("F", 132, bone_age_months=160.0, bone_age_scale="tw3_rus")
    assert not {"bone_age_months", "bone_age_scale"} & set(METHODS["khamis-roche"].accepted)
    assert any("No bone age" in note for note in plain.notes)


def test_what_is_missing_is_listed_and_no_bone_age() -> None:
    assert predict("khamis-roche").missing == (
        "sex",
        "height_cm",
        "chronological_age_months",
        "weight_kg",
        "midparent_height_cm",
    )
    assert ask("M", 120, weight_kg=None).missing == ("weight_kg",)


def test_every_prediction_says_what_it_rests_on() -> None:
    answer = ask("M", 120)
    notes = " ".join(answer.notes)
    assert "early or late" in notes and "plain mean of both parents' heights" in notes
    assert "white American children" in notes
    assert answer.error is None and "could be checked" in answer.error_words
    assert "1995;95:457" in answer.reference and "223 white males and 210 white females" in answer.population


@pytest.mark.parametrize("age", [47.9, 210.1])
def test_outside_the_ages_there_is_no_prediction(age: float) -> None:
    answer = ask("M", age, height_cm=100.0)
    assert answer.reason is not None
    assert answer.reason.code == "age_outside_table"
    assert "from 4 y 0 mo to 17 y 6 mo" in answer.reason.message


def test_a_height_below_the_present_one_is_refused() -> None:
    answer = ask("M", 210, height_cm=185.0, midparent_height_cm=170.0, weight_kg=75.0)
    assert answer.reason is not None
    assert answer.reason.code == "below_present_height"


def test_the_command_asks_for_no_bone_age(run: Runner) -> None:
    words = (
        "adult-height",
        "--method",
        "khamis-roche",
        "--sex",
        "M",
        "--chronological-age",
        "10y",
        "--height-cm",
        "138",
    )
    missing = run(*words)
    assert missing.code == 2
    assert "weight_kg" in missing.out and "bone_age" not in missing.out
    ran = run(*words, "--weight-kg", "32", "--midparent-cm", "170.5")
    assert ran.code == 0
    assert ran.out.startswith("Khamis-Roche 1994 (without bone age): 177.2 cm (no error stated)")


def test_what_is_quoted_of_its_error_is_said_to_be_quoted() -> None:
    answer = ask("M", 120)
    assert answer.error is None
    assert "Commonly quoted, though not read in the article" in answer.error_words
    assert "5.3 cm for boys" in answer.error_words
