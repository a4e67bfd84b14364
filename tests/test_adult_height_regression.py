"""Roche-Wainer-Thissen and Khamis-Guo: the equations, interpolation, misprints and ranges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boneage.adult_height import khamis_guo, roche_wainer_thissen
from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.methods import predict
from boneage.adult_height.regression import Correction, Doubt, Equations, load_rows, solve
from boneage.errors import TableError

CHILD = {
    "height_cm": 130.0,
    "weight_kg": 28.0,
    "midparent_height_cm": 170.0,
    "bone_age_months": 108.0,
    "bone_age_scale": "greulich_pyle",
}
BOTH = [("roche-wainer-thissen", roche_wainer_thissen.EQUATIONS), ("khamis-guo", khamis_guo.EQUATIONS)]


def ask(method: str, sex: str, age: float, **changed: Any) -> HeightAnswer:
    return predict(method, **{**CHILD, "sex": sex, "chronological_age_months": age, **changed})


def test_roche_wainer_thissen_at_a_printed_row() -> None:
    # Boys 9-0: 1.063, -0.333, 0.353, -0.389, -11.349; the length is the height and 1.25 cm more.
    expected = 1.063 * 131.25 - 0.333 * 28 + 0.353 * 170 - 0.389 * 9 - 11.349
    answer = ask("roche-wainer-thissen", "M", 108)
    assert answer.predicted_cm == pytest.approx(expected)
    assert [cell.value for cell in answer.cells] == [1.063, -0.333, 0.353, -0.389, -11.349]
    assert {cell.row for cell in answer.cells} == {"9-0"}


def test_a_measured_recumbent_length_takes_the_place_of_the_height() -> None:
    standing = ask("roche-wainer-thissen", "F", 96)
    lying = ask("roche-wainer-thissen", "F", 96, height_cm=None, recumbent_length_cm=131.25)
    assert lying.predicted_cm == pytest.approx(standing.predicted_cm)
    assert any("1.25 cm" in note for note in standing.notes)
    assert not any("1.25 cm" in note for note in lying.notes)


def test_khamis_guo_at_a_printed_row() -> None:
    # Girls 9.0: stature 1.13050, weight -0.39448, mid-parent 0.23566, skeletal age -1.75101, intercept 2.2858.
    expected = 1.13050 * 130 - 0.39448 * 28 + 0.23566 * 170 - 1.75101 * 9 + 2.2858
    assert ask("khamis-guo", "F", 108).predicted_cm == pytest.approx(expected)


@pytest.mark.parametrize(("method", "step"), [("roche-wainer-thissen", 3), ("khamis-guo", 6)])
def test_between_two_rows_the_height_is_halfway(method: str, step: float) -> None:
    low, high = (ask(method, "F", age).predicted_cm for age in (96, 96 + step))
    assert low is not None and high is not None
    middle = ask(method, "F", 96 + step / 2)
    assert middle.predicted_cm == pytest.approx((low + high) / 2)
    assert len(middle.cells) == 10
    assert any("interpolated" in note for note in middle.notes)


@pytest.mark.parametrize(("method", "equations"), BOTH)
def test_every_cell_can_be_reached(method: str, equations: Equations) -> None:
    coefficients = [column for column in equations.columns if column != "intercept_cm"]
    for sex, rows in load_rows(equations).items():
        assert list(rows.months) == sorted(set(rows.months))
        doubtful = {item.months for item in equations.doubts if item.sex == sex}
        for row, months in enumerate(rows.months):
            if months in doubtful:
                continue
            alone = solve(equations, sex, months, dict.fromkeys(coefficients, 0.0))
            assert alone.cm == rows.used["intercept_cm"][row]
            assert [cell.value for cell in alone.cells] == [rows.used[column][row] for column in equations.columns]
            for column in coefficients:
                solved = solve(equations, sex, months, {**dict.fromkeys(coefficients, 0.0), column: 1.0})
                assert solved.cm - alone.cm == pytest.approx(rows.used[column][row])


def _roughness(values: tuple[float, ...]) -> np.ndarray:
    """Return how far each inner value lies from the line through its neighbours, against the usual of the column."""
    column = np.array(values)
    off = np.abs(column[1:-1] - (column[:-2] + column[2:]) / 2)
    return off / np.median(off)


def test_the_corrected_cell_makes_its_column_smooth() -> None:
    rows = load_rows(roche_wainer_thissen.EQUATIONS)["F"]
    inner = rows.months.index(135) - 1
    printed, used = (_roughness(values["intercept_cm"])[inner] for values in (rows.printed, rows.used))
    assert printed > 3 * used
    assert used < 6


def test_only_the_cell_that_another_transcription_carries_is_corrected(project_root: Path) -> None:
    corrected = [item for _, equations in BOTH for item in equations.corrections]
    assert [(item.sex, item.months, item.column, item.used) for item in corrected] == [
        ("F", 135, "intercept_cm", 64.136)
    ]
    table = project_root / "data" / "reference_tables" / "adult_height" / "rwt1975_coefficients.csv"
    (row,) = (line for line in table.read_text(encoding="utf-8").splitlines() if line.startswith("girls,11-3"))
    assert "another transcription has B0=64.136" in row
    for _, equations in BOTH:
        for sex, rows in load_rows(equations).items():
            changed = {
                (sex, rows.months[row], column)
                for column in equations.columns
                for row, value in enumerate(rows.used[column])
                if value != rows.printed[column][row]
            }
            assert changed == {
                (item.sex, item.months, item.column) for item in equations.corrections if item.sex == sex
            }


@pytest.mark.parametrize(
    ("method", "sex", "refused", "answered", "words"),
    [
        ("roche-wainer-thissen", "F", (162.1, 165, 167.9), (162, 168), ("13-9", "-0.085", "girls", "weight")),
        ("roche-wainer-thissen", "M", (189.1, 192), (189,), ("16-0", "-0.014", "boys", "weight")),
        ("khamis-guo", "M", (144.1, 150, 155.9), (144, 156), ("12-6", "0.01995", "boys", "weight")),
        ("khamis-guo", "F", (), (144.1, 150, 155.9), ()),
    ],
)
def test_ages_that_need_a_cell_that_is_not_believed_are_refused(
    method: str, sex: str, refused: tuple[float, ...], answered: tuple[float, ...], words: tuple[str, ...]
) -> None:
    for age in refused:
        answer = ask(method, sex, age)
        assert answer.predicted_cm is None
        assert answer.reason is not None
        assert answer.reason.code == "unreliable_table_cell"
        assert all(word in answer.reason.message for word in (*words, "not believed"))
    for age in answered:
        assert ask(method, sex, age).status == "ok"


def test_the_misprint_of_eleven_years_and_three_months_is_said_with_both_heights() -> None:
    child = {"height_cm": 145.0, "weight_kg": 38.0, "bone_age_months": 135.0}
    answer = ask("roche-wainer-thissen", "F", 135, **child)
    expected = 0.724 * 146.25 - 0.179 * 38 + 0.214 * 170 - 3.108 * 11.25 + 64.136
    assert answer.predicted_cm == pytest.approx(expected)
    assert any("84.136" in note and f"{expected + 20:.1f} cm" in note for note in answer.notes)
    neighbours = [ask("roche-wainer-thissen", "F", age, **child).predicted_cm for age in (132, 138)]
    assert min(neighbours) - 1 < expected < max(neighbours) + 1  # type: ignore[operator, type-var]


def test_a_misprint_is_said_wherever_its_row_takes_part_and_nowhere_else() -> None:
    said = {
        age: any("84.136" in note for note in ask("roche-wainer-thissen", "F", age).notes)
        for age in (132, 133, 135, 137, 138)
    }
    assert said == {132: False, 133: True, 135: True, 137: True, 138: False}


@pytest.mark.parametrize(
    ("method", "sex", "first", "last"),
    [
        ("roche-wainer-thissen", "M", 12, 192),
        ("roche-wainer-thissen", "F", 12, 168),
        ("khamis-guo", "M", 36, 210),
        ("khamis-guo", "F", 36, 210),
    ],
)
def test_outside_the_ages_it_is_refused_with_the_range(method: str, sex: str, first: float, last: float) -> None:
    for age in (first - 0.1, last + 0.1):
        answer = ask(method, sex, age, height_cm=60.0)
        assert answer.reason is not None
        assert answer.reason.code == "age_outside_table"
        assert f"from {first // 12} y {first % 12} mo to {last // 12} y {last % 12} mo" in answer.reason.message
    inside = [ask(method, sex, age, height_cm=60.0) for age in (first, last)]
    assert not any(answer.reason and answer.reason.code == "age_outside_table" for answer in inside)


def test_no_error_is_stated_and_it_is_said_why() -> None:
    for method, _ in BOTH:
        answer = ask(method, "M", 108)
        assert answer.error is None
        assert answer.error_words.startswith("Not stated")


def test_khamis_guo_says_that_it_was_made_with_fels_ages() -> None:
    assert any("Fels" in note for note in ask("khamis-guo", "M", 108).notes)
    assert not any("Fels" in note for note in ask("khamis-guo", "M", 108, bone_age_scale="fels").notes)


def test_a_correction_that_meets_another_number_is_an_error() -> None:
    plain = Equations(
        file=khamis_guo.EQUATIONS.file,
        age_column="target_age_years",
        months_each=12,
        title="x",
        columns={"weight_kg": "w", "intercept_cm": "i"},
    )
    for wrong in (
        replace(plain, corrections=(Correction("M", 36, "weight_kg", 1.0, 2.0),)),
        replace(plain, doubts=(Doubt("M", 36, "weight_kg", 1.0, "why"),)),
    ):
        with pytest.raises(TableError) as caught:
            load_rows(wrong)
        assert caught.value.code == "table_correction"


def test_the_document_names_every_misprint(project_root: Path) -> None:
    text = (project_root / "docs" / "adult_height.md").read_text(encoding="utf-8").replace("−", "-")
    for _, equations in BOTH:
        for item in equations.corrections:
            assert f"| {item.printed:g} | computed with {item.used:g}" in text
        for doubt in equations.doubts:
            assert f"| {doubt.printed:g} | refused" in text
