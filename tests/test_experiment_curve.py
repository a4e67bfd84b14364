"""The learning curve's figures and report, on points whose errors are drawn from known spreads."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest

from boneage.experiments.curve import Curve, current_points, learning_curve
from boneage.experiments.curve_report import COLUMNS, to_csv, to_markdown, to_svg
from boneage.experiments.points import Point, PointKey, Route

FILMS = [str(n) for n in range(400)]
AGES = dict(zip(FILMS, np.random.default_rng(0).uniform(24, 220, 400).tolist(), strict=True))
MADS: dict[Route, dict[int, float]] = {
    "measurement": {50: 14.0, 500: 10.0, 5000: 9.0},
    "regression": {50: 30.0, 500: 15.0, 5000: 6.0},
}
EXTRA: dict[Route, int] = {"measurement": 1000, "regression": 400, "regions": 1000}


def point(route: Route, n: int, seed: int, mad: float, **changes: Any) -> Point:
    """Errors with random signs and a spread of 0.4 of their mean; the film's own part is shared by all points."""
    own = np.random.default_rng(9).normal(0, 0.3, 400)
    part = np.random.default_rng([n, seed, len(route)])
    size = np.abs(mad * (1 + own + part.normal(0, 0.26, 400)))
    signs = np.where(part.random(400) < 0.5, -1, 1)
    answers = {film: AGES[film] + float(e) for film, e in zip(FILMS, size * signs, strict=True)}
    values: dict[str, Any] = {
        "fitted_films": n, "answers": answers, "unanswered": 0, "date": f"2026-01-0{seed + 1}T00:00:00+00:00",
        "steps": 300 if route == "regression" else None, "seconds": 12.5, "how": "drawn", **changes,
    }  # fmt: skip
    return Point(PointKey(route, n, seed), "x", **values)


def points(seeds: int = 2) -> list[Point]:
    return [
        point(route, n, seed, mad + seed)
        for route, sizes in MADS.items()
        for n, mad in sizes.items()
        for seed in range(seeds)
    ]


@pytest.fixture(scope="module")
def curve() -> Curve:
    return learning_curve(points(), AGES, EXTRA, resamples=400)


def test_points_and_sizes_have_the_known_error(curve: Curve) -> None:
    for made, mad in curve.points:
        assert mad.value == pytest.approx(MADS[made.key.route][made.key.n] + made.key.seed, rel=0.06)
        assert mad.low < mad.value < mad.high
        assert mad.high - mad.low < 0.15 * mad.value
    for size in curve.sizes:
        assert size.seeds == (0, 1)
        assert size.mad.value == pytest.approx(MADS[size.route][size.n] + 0.5, rel=0.06)
        singles = [mad.value for made, mad in curve.points if (made.key.route, made.key.n) == (size.route, size.n)]
        assert size.mad.value == pytest.approx(np.mean(singles))
        assert size.mad.low < min(singles) and size.mad.high > max(singles)  # seeds are drawn anew as well


def test_differences_are_of_the_same_films(curve: Curve) -> None:
    assert curve.differences["regression", 500].value == pytest.approx(5.0, abs=0.8)
    assert curve.differences["regression", 5000].value == pytest.approx(-3.0, abs=0.8)
    one = learning_curve(points(1), AGES, EXTRA, resamples=400)
    widths = [f.high - f.low for f in (one.sizes[1].mad, one.sizes[4].mad)]
    paired = one.differences["regression", 500].high - one.differences["regression", 500].low
    assert paired < 0.95 * np.hypot(*widths)  # the films' own part cancels in part


def test_the_crossing_is_where_the_drawn_errors_cross(curve: Curve) -> None:
    # Between 500 (15 against 10) and 5000 (6 against 9): 5 / 8 of the way on the logarithm.
    crossing, counted = curve.crossings["regression"], curve.crossings_all_labels["regression"]
    assert crossing.labels == pytest.approx(500 * 10 ** (5 / 8), rel=0.12)
    assert crossing.low < crossing.labels < crossing.high
    assert (counted.first, counted.last) == (1050, 5400)
    # At 1,500 labels in all: 10 against a regression of 1,100 age labels, about 11.9. At 5,400: 9 against 6.
    assert 1500 < counted.labels < 4000


def test_a_third_route_has_its_own_crossing_and_columns() -> None:
    third = [point("regions", n, 0, mad) for n, mad in ((50, 18.0), (500, 9.0), (5000, 5.0))]
    both = learning_curve([*points(1), *third], AGES, EXTRA, resamples=100)
    assert set(both.crossings) == {"regression", "regions"}
    # Between 50 (18 against 14) and 500 (9 against 10) films: 4/5 of the way on the logarithm.
    assert both.crossings["regions"].labels == pytest.approx(50 * 10**0.8, rel=0.25)
    assert both.crossings["regions"].labels < both.crossings["regression"].labels
    text = to_markdown(both, command="c", date="2026-01-01", split="devtest")
    assert "regression of the regions − measured" in text
    assert "regression of the regions, all labels counted: the regression is below from" in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert len(widths) == 1
    assert b"regression of the regions" in to_svg(both, split="devtest")


def test_one_route_alone_has_no_crossing() -> None:
    alone = learning_curve([p for p in points(1) if p.key.route == "regression"], AGES, EXTRA, resamples=50)
    assert not alone.crossings and not alone.crossings_all_labels and not alone.differences
    text = to_markdown(alone, command="c", date="2026-01-01", split="devtest")
    assert "not both routes are there yet" in text
    assert b"<svg" in to_svg(alone, split="devtest")


def test_only_films_that_every_point_answers_count() -> None:
    short = point("regression", 50, 0, 5.0)
    kept = dict(list(short.answers.items())[:300])
    kept["not labelled"] = 3.0
    curve = learning_curve(
        [point("regression", 50, 0, 5.0, answers=kept), point("measurement", 50, 0, 5.0)], AGES, EXTRA
    )
    assert (curve.films, curve.left_out) == (300, 101)


def test_points_of_older_rows_are_left_out() -> None:
    old = point("measurement", 50, 0, 5.0, source="old")
    new = point("measurement", 500, 1, 5.0, source="new")
    trained = point("regression", 50, 0, 5.0)
    assert current_points([old, new, trained]) == [new, trained]


def test_equal_points_give_equal_figures() -> None:
    first, again = (learning_curve(points(), AGES, EXTRA, resamples=50) for _ in range(2))
    assert first == again
    assert to_svg(first, split="devtest") == to_svg(again, split="devtest")


def test_the_csv_has_a_row_for_each_point(curve: Curve) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(curve))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 12
    last = rows[-1]
    assert (last["route"], last["n"], last["seed"], last["labels_counted"]) == ("regression", "5000", "1", "5400")
    assert (last["films"], last["date"], last["steps"], last["seconds"]) == ("400", "2026-01-02", "300", "12.5")
    assert float(last["low"]) < float(last["mad"]) < float(last["high"])
    assert rows[0]["steps"] == "" and rows[0]["labels_counted"] == "1050"


def test_the_markdown_says_command_split_labels_and_crossing(curve: Curve) -> None:
    text = to_markdown(curve, command="boneage experiment x", date="2026-02-03", split="devtest")
    for said in ("`boneage experiment x`", "2026-02-03, `devtest`, n = 400", "1,000 annotated films", "the 400 films"):
        assert said in text
    row = next(line for line in text.splitlines() if line.startswith("| 500 |"))
    assert (
        "2 seeds" in row
        and "| 1,500 |" in row
        and "| 900 |" in row
        and str(curve.differences["regression", 500]) in row
    )
    assert f"age labels alone: {curve.crossings['regression'].said('the regression')}." in text
    assert "all labels counted: the regression is below from" in text
    assert "300 steps" in text


def test_the_plot_shows_both_routes_on_a_logarithmic_axis(curve: Curve) -> None:
    drawn = to_svg(curve, split="devtest").decode()
    for said in ("measured bones", "regression of the whole hand", "5,000", "labelled films", "months", "n = 400"):
        assert said in drawn
