"""Figures whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from boneage.evaluation.metrics import AGE_BANDS, Figure, age_band, age_figures, bootstrap, share, wilson


def test_figures_of_four_films() -> None:
    figures = age_figures([100, 110, 90, 130], [100, 104, 100, 100])
    assert figures.films == 4
    assert figures.mad.value == pytest.approx((0 + 6 + 10 + 30) / 4)
    assert figures.bias.value == pytest.approx((0 + 6 - 10 + 30) / 4)
    assert figures.rmse.value == pytest.approx(math.sqrt((36 + 100 + 900) / 4))
    assert (figures.within_6.value, figures.within_12.value, figures.within_24.value) == (50, 75, 75)
    assert math.isnan(figures.coverage.value)


def test_coverage_counts_the_ends_in() -> None:
    figures = age_figures([100, 100, 100, 100], [100, 110, 111, 89], [(90, 110)] * 4)
    assert figures.coverage.value == 50


def test_width_is_the_mean_of_the_intervals() -> None:
    figures = age_figures([100, 100], [100, 100], [(90, 110), (60, 100)])
    assert figures.width.value == 30
    assert math.isnan(age_figures([100], [100]).width.value)


def test_wilson_interval_of_known_counts() -> None:
    figure = wilson(95, 100)
    assert (figure.value, figure.low, figure.high) == pytest.approx((95.0, 88.82, 97.85), abs=0.01)
    assert wilson(10, 10).high == pytest.approx(100)
    assert wilson(10, 10).low == pytest.approx(72.25, abs=0.01)
    assert wilson(0, 10).low == pytest.approx(0)
    assert math.isnan(wilson(0, 0).value)


def test_shares_have_wilson_intervals() -> None:
    """Where all films are counted, a bootstrap interval would have no width."""
    assert share(np.array([True, True, False, True])) == wilson(3, 4)
    assert age_figures([100] * 10, [100] * 10).within_6 == wilson(10, 10)


def test_one_film_has_no_interval() -> None:
    figure = bootstrap(np.array([3.0]))
    assert figure.value == 3
    assert math.isnan(figure.low)
    assert str(figure) == "3.0 (–)"


def test_bootstrap_interval_is_that_of_the_mean() -> None:
    """For many values the interval approaches mean ± 1.96 standard errors."""
    values = np.random.default_rng(1).normal(10, 4, 900)
    figure = bootstrap(values)
    half = 1.96 * values.std() / math.sqrt(900)
    assert figure.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert figure.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_bootstrap_is_seeded() -> None:
    values = np.arange(20.0)
    assert bootstrap(values) == bootstrap(values)
    assert bootstrap(values) != bootstrap(values, seed=1)


def test_no_film_no_figure() -> None:
    figures = age_figures([], [])
    assert figures.films == 0
    assert str(figures.mad) == "–"


def test_a_figure_reads_well() -> None:
    assert str(Figure(8.06, 7.55, 8.61)) == "8.1 (7.5–8.6)"


def test_a_missing_age_is_no_difference() -> None:
    with pytest.raises(ValueError, match="finite"):
        age_figures([math.nan], [100])


@pytest.mark.parametrize(
    ("months", "band"), [(0, "under 4 y"), (47.9, "under 4 y"), (48, "4 to 8 y"), (228, "16 y and over")]
)
def test_bands(months: float, band: str) -> None:
    assert age_band(months) == band
    assert band in AGE_BANDS
