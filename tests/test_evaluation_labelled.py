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


def test_codes_are_warnings_of_answers_and_problems_of_refusals(report: Path) -> None:
    films = {film.label.id: film for film in join_report(LABELS, report)}
    assert (films["1"].warnings, films["1"].problems) == (("mirrored", "joints_unsure"), ())
    assert (films["3"].warnings, films["3"].problems) == ((), ("not_a_hand",))


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
