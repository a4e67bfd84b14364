"""Bayley-Pinneau: the choice of table, the printed cells, interpolation, ranges and errors in inches."""

from __future__ import annotations

import pytest

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.bayley_pinneau import bone_age_range, error_columns, group_of, percent_tables, stated_error
from boneage.adult_height.methods import METHODS, predict


def ask(sex: str, bone_age: float, age: float | None, *, height: float = 100.0, group: str = "auto") -> HeightAnswer:
    return predict(
        "bayley-pinneau",
        sex=sex,
        height_cm=height,
        bone_age_months=bone_age,
        bone_age_scale="greulich_pyle",
        chronological_age_months=age,
        maturity_group=group,
    )


@pytest.mark.parametrize(
    ("difference", "group"),
    [
        (0, "average"),
        (11.9, "average"),
        (12, "accelerated"),
        (30, "accelerated"),
        (-11.9, "average"),
        (-12, "retarded"),
    ],
)
def test_a_year_or_more_decides_the_table(difference: float, group: str) -> None:
    assert group_of(120 + difference, 120) == group


# Cells as printed in Tables II and III.
PRINTED = [
    ("M", "accelerated", 84, 67.0, "IIC"),
    ("M", "accelerated", 138, 78.6, "IIC"),
    ("M", "accelerated", 204, 99.0, "IID"),
    ("M", "average", 120, 78.4, "IIA"),
    ("M", "average", 156, 87.6, "IIB"),
    ("M", "average", 222, 100.0, "IIB"),
    ("M", "retarded", 72, 68.0, "IIE"),
    ("M", "retarded", 156, 88.0, "IIE"),
    ("F", "accelerated", 135, 88.7, "IIIC"),
    ("F", "accelerated", 162, 96.3, "IIID"),
    ("F", "average", 72, 72.0, "IIIA"),
    ("F", "average", 126, 88.4, "IIIA"),
    ("F", "average", 210, 99.95, "IIIB"),
    ("F", "retarded", 82, 76.3, "IIIE"),
    ("F", "retarded", 144, 93.2, "IIIF"),
]


@pytest.mark.parametrize(("sex", "group", "bone_age", "percent", "table"), PRINTED)
def test_printed_cells(sex: str, group: str, bone_age: float, percent: float, table: str) -> None:
    answer = ask(sex, bone_age, None, group=group)
    assert answer.predicted_cm == pytest.approx(100 * 100 / percent)
    (cell,) = answer.cells
    assert (cell.table, cell.value) == (f"Bayley-Pinneau 1952, Table {table}", percent)
    assert cell.row == f"{bone_age // 12}-{bone_age % 12}"


def test_every_row_can_be_reached_and_the_share_of_adult_height_rises() -> None:
    assert len(percent_tables()) == 6
    for (sex, group), table in percent_tables().items():
        assert all(low <= high for low, high in zip(table.percent, table.percent[1:], strict=False)), (sex, group)
        for months, percent in zip(table.months, table.percent, strict=True):
            answer = ask(sex, months, None, group=group)
            assert answer.predicted_cm == pytest.approx(10000 / percent)
            assert answer.cells[0].value == percent


def test_between_two_rows_the_percentage_is_interpolated() -> None:
    answer = ask("M", 121.5, 120)
    assert answer.predicted_cm == pytest.approx(10000 / ((78.4 + 79.1) / 2))
    assert [cell.row for cell in answer.cells] == ["10-0", "10-3"]


def test_the_uneven_rows_of_girls_are_taken_where_they_are_printed() -> None:
    # 6-6 is 73.8 and the next row is 6-10 with 75.1; 6-9 lies three quarters of the way.
    assert ask("F", 81, 81).predicted_cm == pytest.approx(10000 / (73.8 + 0.75 * 1.3))


def test_the_table_of_an_accelerated_girl_by_the_rule() -> None:
    answer = ask("F", 132, 120, height=140)
    assert answer.predicted_cm == pytest.approx(14000 / 88.3)
    assert any("accelerated children, by the rule" in note for note in answer.notes)
    assert any("average children it would be 154.5 cm" in note for note in answer.notes)  # at the limit of a year


def test_far_from_the_limit_the_other_table_is_not_mentioned() -> None:
    assert not [note for note in ask("F", 120, 120).notes if "limit" in note]


def test_a_table_chosen_by_the_user_is_used_and_said() -> None:
    answer = ask("M", 120, 120, group="accelerated")
    assert answer.predicted_cm == pytest.approx(10000 / 74.7)
    assert any("chosen by the user" in note for note in answer.notes)
    assert any("By the rule it would be the table for average" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("sex", "group", "first", "last"),
    [
        ("M", "average", 84, 222),
        ("M", "accelerated", 84, 204),
        ("M", "retarded", 72, 156),
        ("F", "average", 72, 216),
        ("F", "accelerated", 84, 210),
        ("F", "retarded", 72, 204),
    ],
)
def test_outside_the_table_it_is_refused_with_the_range(sex: str, group: str, first: float, last: float) -> None:
    assert bone_age_range(sex, group) == (first, last)  # type: ignore[arg-type]
    for months in (first - 0.1, last + 0.1):
        answer = ask(sex, months, None, group=group)
        assert (answer.status, answer.predicted_cm) == ("refused", None)
        assert answer.reason is not None
        assert answer.reason.code == "bone_age_outside_table"
        assert f"{first // 12} y {first % 12} mo to {last // 12} y {last % 12} mo" in answer.reason.message
    words = METHODS["bayley-pinneau"].age_range.split("; girls")["MF".index(sex)]
    assert f"{group} {first // 12} y {first % 12} mo to {last // 12} y {last % 12} mo" in words.replace("bone age:", "")


def test_retarded_boys_above_13_have_no_table_and_the_remedy_says_so() -> None:
    answer = ask("M", 160, 180)
    assert answer.reason is not None
    assert "no table for retarded boys" in answer.reason.remedy


def test_errors_come_in_inches_and_leave_in_centimetres() -> None:
    error, _ = stated_error("F", 120, 120)
    assert error is not None
    assert error.sd_cm == pytest.approx(1.37 * 2.54)  # the larger of 1.15 and 1.37
    assert [cell.value for cell in error.cells] == [1.15, 1.37]
    assert "mean -1.2 cm" in error.words  # -0.49 inches


def test_errors_are_interpolated_between_ages() -> None:
    error, _ = stated_error("M", 123, 123)  # standardization 1.45 to 1.49, validation 1.33 to 1.11
    assert error is not None
    assert error.sd_cm == pytest.approx(1.47 * 2.54)


def test_a_blank_cell_of_the_errors_is_bridged_by_its_neighbours() -> None:
    column = error_columns()["F"][1]
    assert 102 not in column.months
    error, _ = stated_error("F", 102, 102)
    assert error is not None
    assert error.sd_cm == pytest.approx((1.73 + 1.46) / 2 * 2.54)


def test_every_row_of_the_errors_can_be_reached() -> None:
    for sex, columns in error_columns().items():
        for column in columns:
            for months, sd in zip(column.months, column.sd, strict=True):
                error, _ = stated_error(sex, months, months)
                assert error is not None
                assert sd in [cell.value for cell in error.cells]


@pytest.mark.parametrize("age", [95.9, 216.1, None])
def test_where_no_error_is_printed_none_is_stated(age: float | None) -> None:
    error, words = stated_error("M", age, 120 if age is None else age)
    assert error is None
    assert words


def test_at_eighteen_only_the_validation_group_has_an_error() -> None:
    error, _ = stated_error("F", 216, 216)
    assert error is not None
    assert error.sd_cm == pytest.approx(0.11 * 2.54)


@pytest.mark.parametrize(
    ("sex", "age", "bone_age", "inches"),
    [
        ("F", 192, 120, 1.37),  # at 16 years 0.26, which is of grown girls
        ("F", 120, 144, 1.37),  # at 12 years 1.06: the larger is that of the chronological age
        ("M", 144, 156, 1.79),  # at 12 years 1.49: an early boy's error may be larger too
        ("F", 132, 120, 1.37),  # a year behind
        ("F", 132, 120.1, 1.15),  # not quite a year
    ],
)
def test_of_ages_a_year_apart_the_larger_error_is_stated(sex: str, age: float, bone_age: float, inches: float) -> None:
    answer = ask(sex, bone_age, age)
    assert answer.error is not None
    assert answer.error.sd_cm == pytest.approx(inches * 2.54)


def test_both_errors_that_are_compared_are_said_and_cited() -> None:
    answer = ask("F", 120, 192, height=140)
    assert answer.error is not None
    assert answer.error.words == answer.error_words
    assert "children of 10 y 0 mo" in answer.error_words
    assert "at the chronological age 0.7 cm, at the bone age 3.5 cm" in answer.error_words
    assert {cell.row for cell in answer.error.cells} == {"10-0", "16-0"}
    near = ask("F", 120, 120)
    assert "compared" not in near.error_words


def test_a_bone_age_a_year_away_that_no_error_is_printed_for_has_none() -> None:
    answer = ask("F", 84, 108)
    assert answer.status == "ok"
    assert answer.error is None
    assert answer.error_words == (
        "The publication states no error for an age of 7 y 0 mo (it does from 8 y 0 mo to 18 y 0 mo)."
    )
    assert ask("F", 90, 98).error is not None
