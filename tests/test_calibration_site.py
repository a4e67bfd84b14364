"""How an age and its interval are moved."""

from __future__ import annotations

import pytest
from calibrations import shifted_by

from boneage.calibration.site import Correction, RouteCalibration


def route(correction: Correction, scale: float = 1.0) -> RouteCalibration:
    return RouteCalibration({"M": correction, "F": Correction(films=3)}, scale)


def test_an_offset_moves_age_and_interval_together() -> None:
    assert route(shifted_by(-5.0)).correct("M", 100.0, (80.0, 110.0)) == (95.0, (75.0, 105.0))


def test_a_line_moves_by_the_distance_from_its_centre() -> None:
    line = shifted_by(2.0, kept="line", slope=1.1, centre_months=120.0)
    assert line.shift(150.0) == pytest.approx(5.0)
    assert line.shift(90.0) == pytest.approx(-1.0)


@pytest.mark.parametrize(("months", "at_end"), [(20.0, 40.0), (230.0, 200.0)])
def test_beyond_the_fitted_ages_the_shift_is_that_of_the_end(months: float, at_end: float) -> None:
    line = shifted_by(2.0, kept="line", slope=1.1, centre_months=120.0)
    assert line.shift(months) == line.shift(at_end)
    assert not line.holds(months)
    assert line.holds(at_end)


@pytest.mark.parametrize("slope", [0.9, 1.0, 1.1])
@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_no_interval_gets_narrower(slope: float, scale: float) -> None:
    line = shifted_by(3.0, kept="line", slope=slope, centre_months=120.0)
    months, (low, high) = route(line, scale).correct("M", 100.0, (85.0, 110.0))
    assert months - low == pytest.approx(15.0 * scale * max(1.0, slope))
    assert high - months == pytest.approx(10.0 * scale * max(1.0, slope))


def test_a_half_that_was_cut_at_birth_is_as_long_as_the_other() -> None:
    assert route(shifted_by(10.0)).correct("M", 5.0, (0.0, 20.0)) == (15.0, (0.0, 30.0))


def test_a_half_that_was_cut_at_the_top_is_as_long_as_the_other() -> None:
    assert route(shifted_by(-10.0)).correct("M", 235.0, (215.0, 240.0)) == (225.0, (205.0, 240.0))


def test_ages_stay_within_birth_and_twenty_years() -> None:
    assert route(shifted_by(-10.0)).correct("M", 4.0, (1.0, 9.0)) == (0.0, (0.0, 0.0 + 5.0))
    assert route(shifted_by(10.0)).correct("M", 236.0, (230.0, 239.0))[0] == 240.0


def test_a_sex_with_few_films_keeps_every_number() -> None:
    assert route(shifted_by(5.0), 1.5).correct("F", 100.0, (0.0, 240.0)) == (100.0, (0.0, 240.0))
