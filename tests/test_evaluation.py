"""The figures of a set of films."""

from __future__ import annotations

from dataclasses import replace

import pytest
from labelled_films import labelled

from boneage.evaluation.evaluate import Evaluation, certainty_group, evaluate_films
from boneage.evaluation.labels import Label
from boneage.evaluation.metrics import wilson

FILMS = (
    labelled("1", 100, 106, half=10, routes=(110, 104)),
    labelled("2", 60, 56, sex="F", half=3, routes=(50, 62), warnings=("mirrored",)),
    labelled("3", 200, None, routes=(150, 230), problems=("routes_disagree", "hand_turned")),
    labelled("5", 30, None, status="error", problems=("file_empty",)),
)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate_films(FILMS, resamples=50)


def _value(evaluation: Evaluation, route: str, group: str, metric: str) -> float:
    row = evaluation.at(route, group, metric)
    assert row is not None
    return row.figure.value


@pytest.mark.parametrize(
    ("route", "group", "mad"),
    [
        ("answer", "all", 5),
        ("measurement", "all", 10),
        ("regression", "all", 3),
        ("answer", "boys", 6),
        ("answer", "girls", 4),
        ("answer", "8 to 12 y", 6),
        ("answer", "boys, 8 to 12 y", 6),
        ("answer", "no quality warning", 6),
        ("answer", "any quality warning", 4),
        ("answer", "warning mirrored", 4),
    ],
)
def test_mad_by_route_and_group(evaluation: Evaluation, route: str, group: str, mad: float) -> None:
    assert _value(evaluation, route, group, "mad") == pytest.approx(mad)


def test_groups_without_an_answer_have_no_differences(evaluation: Evaluation) -> None:
    assert evaluation.at("answer", "16 y and over", "mad") is None


def test_intervals_of_every_route_are_judged(evaluation: Evaluation) -> None:
    """± 10 around 106 holds 100, ± 3 around 56 does not hold 60; 110 ± 10 and 62 ± 3 hold theirs."""
    assert _value(evaluation, "answer", "all", "coverage") == 50
    assert _value(evaluation, "measurement", "boys", "coverage") == 100
    assert _value(evaluation, "regression", "girls", "coverage") == 100
    assert _value(evaluation, "answer", "all", "width") == 13
    assert _value(evaluation, "answer", "all", "coverage_of_95") == 50


def test_a_route_without_all_intervals_has_no_coverage() -> None:
    found = evaluate_films([FILMS[0], replace(FILMS[1], intervals={})], resamples=10)
    assert found.at("answer", "all", "coverage") is None
    assert found.at("answer", "all", "coverage_of_50") is None


def test_routes_beside_the_answer(evaluation: Evaluation) -> None:
    """The measurement lies 4 and 6 months further off, the regression 2 and 2 months closer."""
    assert _value(evaluation, "measurement", "all", "mad_beyond_answer") == 5
    assert _value(evaluation, "regression", "all", "mad_beyond_answer") == -2
    assert evaluation.at("answer", "all", "mad_beyond_answer") is None


def test_refusals_are_counted_among_all_films_of_a_group(evaluation: Evaluation) -> None:
    assert evaluation.statuses == {"ok": 2, "refused": 1, "error": 1}
    assert evaluation.reasons == {"routes_disagree": 1, "hand_turned": 1, "file_empty": 1}
    row = evaluation.at("answer", "boys", "refused")
    assert row is not None
    assert (row.figure, row.n) == (wilson(1, 3), 3)
    assert _value(evaluation, "answer", "16 y and over", "refused") == 100
    assert _value(evaluation, "answer", "all", "error") == 25
    assert _value(evaluation, "answer", "all", "no answer: hand_turned") == 25


def test_refused_films_are_judged_apart(evaluation: Evaluation) -> None:
    assert _value(evaluation, "measurement", "refused", "mad") == 50
    assert _value(evaluation, "regression", "refused", "mad") == 30
    assert evaluation.at("answer", "refused", "mad") is None


def test_two_answers_are_no_difference() -> None:
    film = labelled("1", 100, 100, months={}, sex="")
    found = evaluate_films([film, FILMS[0]], resamples=10)
    assert found.two_answers == 1
    row = found.at("answer", "all", "mad")
    assert row is not None
    assert row.n == 1


def test_between_the_routes() -> None:
    """Measurement minus regression: 6, 2, 4. Errors (8, 4, 6) and (2, 2, 2) + their own order: fully correlated."""
    pairs = ((108.0, 102.0), (104.0, 102.0), (106.0, 102.0))
    films = [labelled(str(i), 100, 104, routes=pair) for i, pair in enumerate(pairs)]
    found = evaluate_films(films, resamples=20)
    assert _value(found, "measurement - regression", "all", "mad") == pytest.approx(4)
    assert _value(found, "measurement - regression", "all", "bias") == pytest.approx(4)
    same = [labelled(str(i), 100, 104, routes=(100 + error, 100 + 2 * error)) for i, error in enumerate((-3, 1, 7))]
    assert _value(
        evaluate_films(same, resamples=20), "measurement - regression", "all", "error_correlation"
    ) == pytest.approx(1)
    opposite = [labelled(str(i), 100, 104, routes=(100 + error, 100 - error)) for i, error in enumerate((-3, 1, 7))]
    assert _value(
        evaluate_films(opposite, resamples=20), "measurement - regression", "all", "error_correlation"
    ) == pytest.approx(-1)


def test_error_when_more_is_refused() -> None:
    """Ten films; the wider the interval, the larger the error."""
    films = [labelled(str(i), 100, 100 + i, half=10 + i) for i in range(10)]
    found = evaluate_films(films, resamples=20)
    assert _value(found, "answer", certainty_group("interval width", 0), "mad") == 4.5
    assert _value(found, "answer", certainty_group("interval width", 50), "mad") == 2
    assert found.at("answer", certainty_group("routes' difference", 0), "mad") is None


def test_readers_are_judged_beside_the_tool() -> None:
    film = replace(FILMS[0], label=Label("1", 100, "M", readers={"reader_1": 98, "reader_2": 102}))
    found = evaluate_films([film], resamples=10)
    assert _value(found, "reader_1", "all", "mad") == 4


def test_no_figure_is_given_twice(evaluation: Evaluation) -> None:
    keys = [(row.route, row.group, row.metric) for row in evaluation.rows]
    assert len(keys) == len(set(keys))
