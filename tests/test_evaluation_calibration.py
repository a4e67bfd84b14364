"""Coverage at several levels."""

from __future__ import annotations

import numpy as np
import pytest
from labelled_films import labelled

from boneage.evaluation.calibration import LEVELS, observed_coverage, scale_of
from boneage.evaluation.labelled import RouteAges, route_ages


def test_the_half_of_an_interval() -> None:
    """The middle half of a normal distribution is ± 0.6745 SD wide, the middle 95 % ± 1.96."""
    assert scale_of(50) == pytest.approx(0.6745 / 1.96, abs=1e-4)
    assert scale_of(95) == pytest.approx(1)


def test_errors_that_are_normal_are_calibrated_at_every_level() -> None:
    ages = np.random.default_rng(0).normal(100, 10, 20000)
    route = RouteAges(ages, np.full(20000, 100.0), ages - 19.6, ages + 19.6)
    for level in LEVELS:
        assert observed_coverage(route, level).value == pytest.approx(level, abs=1)


def test_each_half_is_scaled_by_itself() -> None:
    """40 below and 10 above: at 50 % 13.8 below and 3.4 above."""
    low, high = np.array([60.0] * 4), np.array([110.0] * 4)
    route = RouteAges(np.full(4, 100.0), np.array([87.0, 85.0, 103.0, 104.0]), low, high)
    assert observed_coverage(route, 50).value == 50
    assert observed_coverage(route, 95).value == 100


def test_the_told_interval_counts_its_ends_in() -> None:
    films = [labelled("1", 80, 100, half=20), labelled("2", 79, 100, half=20)]
    assert observed_coverage(route_ages(films, "answer"), 95).value == 50
