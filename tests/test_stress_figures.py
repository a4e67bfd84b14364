"""The figures of shifts that are known, and the report and CSVs made of them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from boneage.reference.standards import skeletal_age_sds
from boneage.stress.figures import Film, films_of, stress_figures, worst_shifts
from boneage.stress.reading import UNCHANGED, StressReading
from boneage.stress.registry import find_changes
from boneage.stress.report import About, figures_csv, shifts_csv, summary, to_markdown

UNSEEN, SAME, LOSS = find_changes(["turned_2", "mirrored", "jpeg_20"])
ABOUT = About("boneage stress x", "2026-01-02", "of the tests", ("z",))


def reading(film: str, change: str, answer: float, measured: float | None = None, sex: str = "M") -> StressReading:
    ages = {"answer": answer, "measurement": answer if measured is None else measured}
    return StressReading(film, change, "ok", "", {sex: ages})


def refused(film: str, change: str, reason: str = "no_hand") -> StressReading:
    return StressReading(film, change, "refused", reason)


READINGS = [
    reading("a", UNCHANGED, 100.0),
    reading("a", UNSEEN.name, 102.0, 101.0),
    reading("a", SAME.name, 114.0),
    reading("a", LOSS.name, 70.0),
    reading("b", UNCHANGED, 150.0),
    reading("b", UNSEEN.name, 149.0, 153.0),
    refused("b", SAME.name),
    refused("b", LOSS.name, "too_blurred"),
    refused("c", UNCHANGED),
]
FILMS, LEFT_OUT = films_of(READINGS, {})
CHANGES = (UNSEEN, SAME, LOSS)


def test_films_that_are_not_answered_as_they_are_are_left_out() -> None:
    assert [film.name for film in FILMS] == ["a", "b"]
    assert LEFT_OUT == ("c",)
    assert films_of([reading("x", SAME.name, 1.0)], {}) == ((), ("x",))


def test_the_shifts_of_one_change_are_averaged_over_films() -> None:
    found = stress_figures(FILMS, [UNSEEN])
    assert found.films == 2
    assert found.routes["answer"].films == 2
    assert found.routes["answer"].mean.value == pytest.approx(0.5)
    assert found.routes["answer"].mean_absolute.value == pytest.approx(1.5)
    assert (found.routes["answer"].mean_absolute.low, found.routes["answer"].mean_absolute.high) == (1.0, 2.0)
    assert found.routes["measurement"].mean_absolute.value == pytest.approx(2.0)
    assert found.routes["regression"].films == 0
    assert np.isnan(found.routes["regression"].mean.value)
    assert found.refused.value == 0


def test_refusals_count_in_their_share_and_in_no_shift() -> None:
    found = stress_figures(FILMS, [SAME])
    assert found.refused.value == 50
    assert found.reasons == {"no_hand": 1}
    assert found.routes["answer"].films == 1
    assert found.routes["answer"].mean.value == 14
    assert found.routes["answer"].significant.value == 100


def test_a_film_counts_once_over_several_changes() -> None:
    found = stress_figures(FILMS, CHANGES)
    # a: 2, 14, -30; b: -1 and two refusals.
    assert found.routes["answer"].mean_absolute.value == pytest.approx((46 / 3 + 1) / 2)
    assert found.routes["answer"].mean.value == pytest.approx((-14 / 3 - 1) / 2)
    assert found.routes["answer"].significant.value == pytest.approx((200 / 3 + 0) / 2)
    assert found.refused.value == pytest.approx((0 + 200 / 3) / 2)
    assert found.reasons == {"no_hand": 1, "too_blurred": 1}


def test_a_change_that_no_film_was_read_under_has_no_figures() -> None:
    found = stress_figures(FILMS, find_changes(["inverted"]))
    assert found.films == 0
    assert np.isnan(found.refused.value)


def verdict_change(before: float, after: float, *, own: float | None, label: float | None = None) -> bool | None:
    first = StressReading("a", UNCHANGED, "ok", "", {"M": {"answer": before}}, own)
    (film,), _ = films_of([first, reading("a", SAME.name, after)], {} if label is None else {"a": label})
    shift = film.shift(SAME.name, "answer")
    assert shift is not None
    return shift.verdict_changed


def test_the_verdict_is_held_against_the_best_age_that_is_known() -> None:
    sds = skeletal_age_sds(123.0, 100.0, "M").sds
    assert sds is not None
    assert sds > 2
    assert verdict_change(100.0, 123.0, own=None) is True
    assert verdict_change(100.0, 123.0, own=None, label=115.0) is False
    assert verdict_change(100.0, 123.0, own=100.0, label=115.0) is True
    assert verdict_change(123.0, 100.0, own=100.0) is True
    assert verdict_change(123.0, 124.0, own=100.0) is False
    assert verdict_change(70.0, 123.0, own=100.0) is True  # from delayed to advanced


def test_there_is_no_verdict_beyond_the_standard() -> None:
    assert verdict_change(230.0, 240.0, own=None) is None
    first = reading("a", UNCHANGED, 230.0)
    films, _ = films_of([first, reading("a", SAME.name, 240.0)], {})
    assert np.isnan(stress_figures(films, [SAME]).routes["answer"].verdict_changed.value)


def test_of_an_unknown_sex_the_answer_that_moves_further_counts_in_every_route() -> None:
    ages = ({"M": 100.0, "F": 80.0}, {"M": 101.0, "F": 77.0})
    first, second = ({sex: {"answer": age, "regression": age + 50} for sex, age in one.items()} for one in ages)
    film = Film("a", StressReading("a", UNCHANGED, "ok", "", first), {"x": StressReading("a", "x", "ok", "", second)})
    answer, regression = film.shift("x", "answer"), film.shift("x", "regression")
    assert answer is not None
    assert regression is not None
    assert (answer.before, answer.after) == (80.0, 77.0)
    assert regression.before == 130.0
    assert film.shift("x", "measurement") is None
    assert film.shift("y", "answer") is None


def test_the_worst_come_first() -> None:
    worst = worst_shifts(FILMS, CHANGES, route="answer", number=2)
    assert [(one.film, one.change, one.months) for one in worst] == [("a", LOSS.name, -30.0), ("a", SAME.name, 14.0)]


def test_the_summary_says_whether_the_targets_are_met() -> None:
    text = "\n".join(summary(FILMS, CHANGES))
    assert "mean absolute shift of the answer 1.50 (1.00–2.00) months, missed (target: below 1)" in text
    assert "wrongly refused 0.0 (0.0–0.0) %, met (target: at most 2 %)" in text
    assert "more than 2 % are refused: `mirrored` 50.0 %." in text
    small, _ = films_of([reading("a", UNCHANGED, 100.0), reading("a", UNSEEN.name, 100.4)], {})
    assert "0.40 (–) months, met" in "\n".join(summary(small, CHANGES))
    assert "more than 2 % are refused: none." in "\n".join(summary(small, CHANGES))
    bad, _ = films_of([reading("a", UNCHANGED, 100.0), refused("a", UNSEEN.name)], {})
    assert "wrongly refused 100.0 (–) %, missed" in "\n".join(summary(bad, CHANGES))


def test_the_groups_of_the_summary_hold_the_changes_they_say() -> None:
    rows = [line.split(" | ") for line in summary(FILMS, CHANGES) if line.startswith("| ") and " answer " in line]
    assert [(row[0], row[1], row[6]) for row in rows] == [
        ("| a reader would not notice them", "1", "1.50 (1.00–2.00)"),
        ("| a reader would give the same age", "2", "4.50 (1.00–8.00)"),
        ("| something may be lost", "1", "30.00 (–)"),
    ]


def test_the_report_says_where_it_comes_from_and_shows_every_change() -> None:
    text = "\n".join(to_markdown(FILMS, CHANGES, ABOUT))
    assert text.startswith("`boneage stress x`, 2026-01-02: 2 films (of the tests) under 3 changes.\n")
    assert "not answered as they are: 1 (z)." in text
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [change.name for change in CHANGES]
    assert rows[1].endswith("| 100.0 | 0.0 | 50.0 | no_hand 1 |")
    assert "| a | `mirrored` | 100.0 → 114.0 | 100.0 → 114.0 | – |" in text
    assert "| a | `jpeg_20` |" not in text  # what may be lost is no fault of the tool


def test_the_csvs_have_every_figure_and_every_reading() -> None:
    rows = list(csv.DictReader(io.StringIO(figures_csv(FILMS, CHANGES))))
    assert [(row["change"], row["route"]) for row in rows[:2]] == [
        (UNSEEN.name, "answer"),
        (UNSEEN.name, "measurement"),
    ]
    assert len(rows) == 9
    assert rows[0]["mean_absolute"] == "1.5"
    assert rows[0]["effect"] == "unseen"
    assert rows[2]["mean_absolute"] == ""
    assert (rows[3]["films"], rows[3]["answered"], rows[3]["refused"]) == ("2", "1", "50")
    films, _ = films_of(READINGS, {"a": 98.0})
    shifts = list(csv.DictReader(io.StringIO(shifts_csv(films, CHANGES))))
    assert len(shifts) == 6
    assert (shifts[0]["film"], shifts[0]["chronological_months"]) == ("a", "98")
    assert (shifts[0]["answer_unchanged"], shifts[0]["answer_changed"]) == ("100", "102")
    assert [row["verdict_changed"] for row in shifts] == ["0", "0", "1", "0", "", ""]
    assert (shifts[4]["status"], shifts[4]["reason"], shifts[4]["answer_changed"]) == ("refused", "no_hand", "")
    assert shifts[3]["chronological_months"] == ""
