"""Fitting a correction to films with a known relation of answer and reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibrations import made_films

from boneage.calibration import fit
from boneage.calibration.fit import FEWEST_FILMS, MOST_SLOPE, RouteFilms, fit_correction, fit_route


@pytest.mark.parametrize("offset", [-7.0, 5.0])
def test_a_known_offset_is_recovered(offset: float) -> None:
    fitted = fit_route(made_films(200, offset=offset, noise=3.0))
    for sex in ("M", "F"):
        assert fitted.by_sex[sex].kept == "offset"
        assert fitted.by_sex[sex].offset_months == pytest.approx(offset, abs=1.0)
        assert fitted.by_sex[sex].slope == 1.0
        assert fitted.by_sex[sex].films == 100


def test_a_known_line_is_recovered() -> None:
    fitted = fit_route(made_films(300, offset=4.0, slope=0.93, noise=3.0))
    for correction in fitted.by_sex.values():
        assert correction.kept == "line"
        assert correction.slope == pytest.approx(0.93, abs=0.02)
        for months in (60.0, 120.0, 180.0):
            assert correction.shift(months) == pytest.approx(4.0 - 0.07 * (months - 120), abs=1.5)


def test_the_level_of_a_line_is_that_of_the_answers() -> None:
    fitted = fit_route(made_films(800, offset=10.0, slope=0.92, noise=1.0))
    for correction in fitted.by_sex.values():
        assert correction.kept == "line"
        assert correction.shift(120.0) == pytest.approx(10.0, abs=0.2)


def test_each_sex_has_its_own() -> None:
    films = made_films(200, offset=6.0, noise=3.0)
    girls = films.sexes == "F"
    fitted = fit_route(replace(films, readings=np.where(girls, films.readings - 12.0, films.readings)))
    assert fitted.by_sex["M"].offset_months == pytest.approx(6.0, abs=1.0)
    assert fitted.by_sex["F"].offset_months == pytest.approx(-6.0, abs=1.0)


def test_five_films_of_a_sex_change_nothing() -> None:
    fitted = fit_route(made_films(10, offset=20.0, noise=0.1))
    for sex in ("M", "F"):
        assert (fitted.by_sex[sex].kept, fitted.by_sex[sex].films) == ("few_films", 5)
        assert fitted.correct(sex, 100.0, (90.0, 110.0)) == (100.0, (90.0, 110.0))


def test_one_film_more_than_too_few_is_enough() -> None:
    films = made_films(2 * FEWEST_FILMS, offset=8.0, noise=3.0)
    boys = films.take(films.sexes == "M")
    assert fit_correction(boys).kept == "offset"
    assert fit_correction(boys.take(np.arange(FEWEST_FILMS - 1))).kept == "few_films"


def test_noise_alone_gives_no_correction_in_nine_of_ten_sites() -> None:
    kept = [fit_route(made_films(100, seed=seed)).by_sex["M"].kept for seed in range(40)]
    assert kept.count("none") >= 34


def test_an_offset_from_noisy_films_is_drawn_towards_none(monkeypatch: pytest.MonkeyPatch) -> None:
    films = made_films(60, offset=9.0, noise=12.0, seed=3)
    boys = films.take(films.sexes == "M")
    shrunk = fit_correction(boys)
    monkeypatch.setattr(fit, "TAU_OFFSET_MONTHS", 1e6)
    assert shrunk.kept == "offset"
    assert 0.6 < shrunk.offset_months / fit_correction(boys).offset_months < 0.95


def test_a_few_wrong_readings_count_little() -> None:
    films = made_films(120, offset=5.0, noise=3.0)
    readings = films.readings.copy()
    readings[:8] += 90.0
    fitted = fit_route(replace(films, readings=readings))
    assert fitted.by_sex["M"].offset_months == pytest.approx(5.0, abs=1.5)


def test_scatter_of_the_answers_alone_gives_no_slope() -> None:
    """A regression of the reading on the answer would find 0.8 here, and pull each child to the site's mean age."""
    films = made_films(2000, noise=15.0, ages=(80.0, 180.0))
    naive = np.polyfit(films.answers, films.readings, 1)[0]
    assert naive < 0.85
    for correction in fit_route(films).by_sex.values():
        assert correction.slope == pytest.approx(1.0, abs=0.04)


def test_no_slope_from_films_of_one_age() -> None:
    films = made_films(400, slope=0.7, noise=2.0, ages=(100.0, 140.0))
    assert all(correction.slope == 1.0 for correction in fit_route(films).by_sex.values())


def test_a_steep_slope_is_cut() -> None:
    fitted = fit_route(made_films(400, slope=0.7, noise=2.0))
    assert fitted.by_sex["M"].slope == pytest.approx(1 - MOST_SLOPE)


def test_the_fitted_ages_are_those_of_the_answers() -> None:
    films = made_films(100)
    boys = films.take(films.sexes == "M")
    assert fit_correction(boys).range_months == (boys.answers.min(), boys.answers.max())


def test_intervals_that_hold_the_readings_stay_as_wide() -> None:
    assert fit_route(made_films(100, half=60.0)).interval_scale == 1.0


def test_intervals_that_miss_readings_are_widened_to_hold_95_of_100() -> None:
    films = made_films(150, half=6.0)
    fitted = fit_route(films)
    assert fitted.interval_scale > 1.5
    inside = 0
    for sex, answer, reading, low, high in zip(
        films.sexes, films.answers, films.readings, films.low, films.high, strict=True
    ):
        _, (lower, upper) = fitted.correct(str(sex), float(answer), (float(low), float(high)))
        inside += lower <= reading <= upper
    assert inside >= 0.95 * films.answers.size


def test_without_intervals_there_is_no_factor() -> None:
    films = made_films(100, half=1.0)
    unknown = np.full(100, np.nan)
    bare = RouteFilms(films.answers, films.readings, unknown, unknown, films.sexes)
    assert fit_route(bare).interval_scale == 1.0
