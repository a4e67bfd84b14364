"""Khamis-Roche: the table from within, worked numbers, and that no bone age enters."""

from __future__ import annotations

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


@pytest.mark.parametrize("sex", ["M", "F"])
@pytest.mark.parametrize("column", ["stature_in", "weight_lb", "midparent_stature_in"])
def test_each_column_is_two_cubics_in_age(sex: str, column: str) -> None:
    """Third differences are constant up to 10 and from 11 years; a digit mistyped anywhere breaks that.

    Rounding to five decimals moves a third difference by up to (1 + 3 + 3 + 1) times half a digit of the last place,
    and the median that it is held against as well.
    """
    rows = load_rows(EQUATIONS)[sex]  # type: ignore[index]
    assert rows.months == tuple(np.arange(48, 211, 6.0))
    values = np.array(rows.used[column])
    change = rows.months.index(126)  # the row of 10.5 years, at which the cubics meet
    for piece in (values[: change + 1], values[change:]):
        third = np.diff(piece, 3)
        assert third.size >= 10
        assert np.abs(third - np.median(third)).max() <= 16 * 5e-6


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
        ("F", 144, {"height_cm": 150.0, "weight_kg": 42.0, "midparent_height_cm": 172.0}, 165.39),
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
    assert plain == ask("F", 132, bone_age_months=160.0, bone_age_scale="tw3_rus")
    assert not {"bone_age_months", "bone_age_scale"} & set(METHODS["khamis-roche"].accepted)
    assert any("No bone age" in note for note in plain.notes)


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
