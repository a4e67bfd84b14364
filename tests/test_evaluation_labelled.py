"""Labels and a batch's report brought together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from labelled_films import labelled

from boneage.errors import UsageError
from boneage.evaluation.labelled import join_report, route_ages
from boneage.evaluation.labels import Label

LABELS = {name: Label(name, months, "M") for name, months in (("5", 30.0), ("1", 100.0), ("2", 60.0), ("3", 200.0))}
HEADER = (
    "path,id,status,reason_code,sex,bone_age_months,lower_95_months,upper_95_months,"
    "measurement_months,regression_months,regression_lower_95_months,regression_upper_95_months"
)
REPORT = f"""{HEADER}
x/1.png,,ok,mirrored; joints_unsure,M,106,90,120,110,104,80,128
x/film.png,2,ok,,F,56,50,58,50,62,,
3.dcm,,refused,not_a_hand,unknown,,,,,,,
x/5.png,,error,file_empty,M,,,,,,,
stranger.png,,ok,,M,1,0,2,1,1,,
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.csv"
    path.write_text(REPORT)
    return path


def test_rows_find_their_labels_by_id_or_file_name(report: Path) -> None:
    films = {film.label.id: film for film in join_report(LABELS, report)}
    assert list(films) == ["5", "1", "2", "3"]  # the order of the labels
    assert films["1"].months == {"answer": 106, "measurement": 110, "regression": 104}
    assert films["1"].intervals == {"answer": (90, 120), "regression": (80, 128)}
    assert films["2"].intervals == {"answer": (50, 58)}
    assert films["2"].sex == "F"
    assert (films["3"].months, films["3"].sex) == ({}, "")


def joined(folder: Path, labels: list[Label], rows: list[tuple[str, str]]) -> dict[str, float]:
    """Join rows of a path and an id, answered with 1, 2, … months, and return each label's answer."""
    lines = [f"{path},{name},ok,,M,{months},,,,,," for months, (path, name) in enumerate(rows, start=1)]
    (folder / "rows.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    films = join_report({label.id: label for label in labels}, folder / "rows.csv")
    return {film.label.id: film.months["answer"] for film in films}


ONE = Label("IM1", 30.0, "M", "/films/p1/IM1", written_path="p1/IM1")
OTHER = Label("other", 60.0, "M", "/films/p2/IM1", written_path="p2/IM1")


def test_films_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    """The path is absolute or as the labels write it; a film without a label never takes the place of another."""
    rows = [("p1/IM1", ""), ("p2/IM1", ""), ("p3/IM1", "")]
    assert joined(tmp_path, [ONE], rows) == {"IM1": 1}
    assert joined(tmp_path, [OTHER, ONE], rows) == {"other": 2, "IM1": 1}
    assert joined(tmp_path, [OTHER, ONE], [("/films/p2/IM1", ""), ("/films/p1/IM1", "")]) == {"other": 1, "IM1": 2}


def test_the_id_goes_before_the_path_and_the_path_before_the_name(tmp_path: Path) -> None:
    assert joined(tmp_path, [ONE, OTHER], [("p2/IM1", "IM1"), ("p1/x", "other")]) == {"IM1": 1, "other": 2}
    assert joined(tmp_path, [ONE, OTHER], [("p2/IM1", "7")]) == {"other": 1}


def test_a_name_that_several_films_share_names_none(tmp_path: Path) -> None:
    labels = [Label("IM1", 30.0, "M"), Label("c", 60.0, "M")]
    assert joined(tmp_path, labels, [("p1/IM1", ""), ("p2/IM1", "9"), ("p1/c.png", "")]) == {"c": 3}


def test_a_row_of_another_id_or_without_a_file_has_no_name(tmp_path: Path) -> None:
    labels = [Label("film", 30.0, "M"), Label("IM1", 60.0, "M"), Label("c", 60.0, "M")]
    assert joined(tmp_path, labels, [("", ""), ("p1/IM1", "9"), ("c.png", "")]) == {"c": 3}
    assert joined(tmp_path, labels, [("", ""), ("film.png", "")]) == {"film": 2}


@pytest.mark.parametrize(
    "rows", [[("a.png", "IM1"), ("b.png", "IM1")], [("p1/IM1", ""), ("p1/IM1", "")], [("x/IM1", ""), ("x/IM1", "")]]
)
def test_two_rows_of_one_label(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    with pytest.raises(UsageError) as caught:
        joined(tmp_path, [ONE], rows)
    assert caught.value.code == "report_twice"
    assert "IM1" in caught.value.message


def test_codes_are_warnings_of_answers_and_problems_of_refusals(report: Path) -> None:
    films = {film.label.id: film for film in join_report(LABELS, report)}
    assert (films["1"].warnings, films["1"].problems) == (("mirrored", "joints_unsure"), ())
    assert (films["3"].warnings, films["3"].problems) == ((), ("not_a_hand",))


def test_a_grown_hand_has_its_bound_beside_the_best_guess(tmp_path: Path) -> None:
    path = tmp_path / "grown.csv"
    row = "1.png,,ok,,M,201,180,240,201,201,,"
    path.write_text(f"{HEADER},bone_age_at_or_above_months\n{row},186\n{row.replace('1.png', '2.png', 1)},\n")
    films = {film.label.id: film for film in join_report(LABELS, path)}
    assert {name: film.bound_months for name, film in films.items()} == {"1": 186, "2": None}
    assert {film.months["answer"] for film in films.values()} == {201}


def test_a_report_of_other_films(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(HEADER + "\nz.png,,ok,,M,1,0,2,1,1\n")
    with pytest.raises(UsageError) as caught:
        join_report(LABELS, tmp_path / "other.csv")
    assert caught.value.code == "labels_do_not_fit"


def test_ages_of_a_route() -> None:
    films = [
        labelled("1", 100, 106, half=15, routes=(110, 104)),
        labelled("2", 60, 56, half=None),
        labelled("3", 60, None),
    ]
    answer = route_ages(films, "answer")
    assert answer.differences.tolist() == [6, -4]
    assert answer.widths[0] == 30
    assert np.isnan(answer.widths[1])
    assert not answer.has_intervals
    assert route_ages(films, "measurement").ages.tolist() == [110]
    assert route_ages(films, "measurement").has_intervals
    assert not route_ages([], "answer").has_intervals
