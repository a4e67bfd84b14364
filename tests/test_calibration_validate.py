"""Before and after by cross-validation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibrations import made_films

from boneage.calibration import validate
from boneage.calibration.fit import RouteFilms, fit_route
from boneage.calibration.site import RouteCalibration
from boneage.calibration.validate import BeforeAfter, cross_validate


def figures_of(films: RouteFilms, group: str = "all") -> BeforeAfter:
    return next(figure for figure in cross_validate("combined", films, repeats=2) if figure.group == group)


def test_before_is_the_answers_as_they_are() -> None:
    films = made_films(80, offset=5.0)
    figure = figures_of(films)
    assert figure.films == 80
    assert figure.mad[0].value == pytest.approx(np.abs(films.differences).mean())
    assert figure.rmse[0].value == pytest.approx(np.sqrt((films.differences**2).mean()))
    assert figure.bias[0].value == pytest.approx(films.differences.mean())


def test_a_shift_is_taken_out_and_said_to_help() -> None:
    figure = figures_of(made_films(120, offset=8.0, noise=4.0))
    assert figure.bias[0].value == pytest.approx(-8.0, abs=1.5)
    assert figure.bias[1].value == pytest.approx(0.0, abs=1.5)
    assert figure.mad[1].value < figure.mad[0].value
    assert figure.verdict == "helps"


def test_pure_noise_shows_no_improvement() -> None:
    verdicts = [figures_of(made_films(60, seed=seed)).verdict for seed in range(8)]
    assert "helps" not in verdicts


def test_no_film_is_seen_by_the_fit_that_corrects_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers name the films: every fit is asked which it saw, every correction which it corrects."""
    films = made_films(60)
    seen: list[set[float]] = []
    corrected: list[set[float]] = []

    def fit(part: RouteFilms, *, share: float) -> RouteCalibration:
        assert share == pytest.approx(0.8)
        seen.append(set(part.answers.tolist()))
        return fit_route(part, share=share)

    original = validate.correct_films

    def correct(route: RouteCalibration, part: RouteFilms) -> tuple[object, object, object]:
        corrected.append(set(part.answers.tolist()))
        return original(route, part)

    monkeypatch.setattr(validate, "fit_route", fit)
    monkeypatch.setattr(validate, "correct_films", correct)
    cross_validate("combined", films, repeats=2)
    assert len(seen) == len(corrected) == 10
    assert not any(one & other for one, other in zip(seen, corrected, strict=True))
    assert set().union(*corrected[:5]) == set(films.answers.tolist())


def test_a_memory_of_the_films_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fit that gave each film its own reading would look perfect on films it has seen; here it gains nothing."""
    films = made_films(60)
    known: dict[float, float] = {}

    def learn(part: RouteFilms, *, share: float) -> RouteCalibration:
        known.clear()
        known.update(zip(part.answers.tolist(), part.readings.tolist(), strict=True))
        return fit_route(part, share=share)

    def recall(route: RouteCalibration, part: RouteFilms) -> tuple[object, object, object]:
        return np.array([known.get(answer, answer) for answer in part.answers.tolist()]), part.low, part.high

    monkeypatch.setattr(validate, "fit_route", learn)
    monkeypatch.setattr(validate, "correct_films", recall)
    assert figures_of(films).mad_change.value == 0


def test_sexes_stand_apart() -> None:
    films = made_films(120, noise=4.0)
    girls = films.sexes == "F"
    films = replace(films, readings=np.where(girls, films.readings + 8.0, films.readings))
    assert figures_of(films, "F").verdict == "helps"
    assert abs(figures_of(films, "M").mad_change.value) < 0.5


def test_a_group_without_films_is_left_out() -> None:
    films = made_films(60)
    boys = films.take(films.sexes == "M")
    assert [figure.group for figure in cross_validate("combined", boys, repeats=1)] == ["all", "M"]


def test_equal_films_give_equal_figures() -> None:
    films = made_films(60, offset=3.0)
    assert cross_validate("combined", films, repeats=2) == cross_validate("combined", films, repeats=2)


def test_coverage_is_that_of_the_widened_intervals() -> None:
    figure = figures_of(made_films(120, half=8.0))
    assert figure.coverage[0].value < 75
    assert 90 <= figure.coverage[1].value <= 100
