"""Limits of agreement whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from boneage.evaluation.agreement import limits_of_agreement


def test_limits_of_four_differences() -> None:
    """-2, 0, 2, 4: mean 1, SD sqrt(20/3); t of 3 degrees of freedom is 3.1824."""
    agreement = limits_of_agreement(np.array([-2.0, 0.0, 2.0, 4.0]))
    sd = math.sqrt(20 / 3)
    assert agreement.films == 4
    assert agreement.bias.value == pytest.approx(1)
    assert agreement.lower.value == pytest.approx(1 - 1.96 * sd, abs=1e-3)
    assert agreement.upper.value == pytest.approx(1 + 1.96 * sd, abs=1e-3)
    assert agreement.bias.high == pytest.approx(1 + 3.1824 * sd / 2, abs=1e-3)
    error = sd * math.sqrt(1 / 4 + 1.96**2 / 6)
    assert agreement.upper.high - agreement.upper.value == pytest.approx(3.1824 * error, abs=1e-3)
    assert agreement.lower.value - agreement.lower.low == pytest.approx(3.1824 * error, abs=1e-3)


def test_of_many_normal_differences_95_percent_lie_between() -> None:
    differences = np.random.default_rng(0).normal(3, 10, 20000)
    agreement = limits_of_agreement(differences)
    inside = np.mean((differences > agreement.lower.value) & (differences < agreement.upper.value))
    assert inside == pytest.approx(0.95, abs=0.005)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_films_have_no_limits(count: int) -> None:
    assert math.isnan(limits_of_agreement(np.zeros(count)).upper.value)
