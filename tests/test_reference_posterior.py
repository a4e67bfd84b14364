"""The posterior as a curve to draw."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.reference.posterior import CURVE_POINTS, AgePosterior


def posterior(ages: np.ndarray, sd: float = 10.0) -> AgePosterior:
    """A normal posterior about 100 months."""
    density = np.exp(-0.5 * ((ages - 100) / sd) ** 2) * np.gradient(ages)
    return AgePosterior(ages, density / density.sum(), 100.0, (80.0, 120.0), (), "table")


@pytest.mark.parametrize("ages", [np.arange(0.0, 230.0), np.linspace(0, 15.1, 229) ** 2])
def test_curve_holds_nearly_all_of_the_probability_in_few_points(ages: np.ndarray) -> None:
    months, density = posterior(ages).curve()
    assert len(months) == len(density) <= CURVE_POINTS
    assert list(months) == sorted(months)
    assert np.trapezoid(density, months) == pytest.approx(1.0, abs=0.01)
    assert months[int(np.argmax(density))] == pytest.approx(100.0, abs=2.0)


def test_curve_of_a_sure_posterior_has_no_more_points_than_the_grid() -> None:
    months, density = posterior(np.arange(0.0, 230.0), sd=1.0).curve()
    assert len(months) <= 9
    assert max(density) > 0.3
