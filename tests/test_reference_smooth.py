"""Smooth mean, SD and presence recover known curves, also among gross errors."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.reference.smooth import basis as splines
from boneage.reference.smooth import curve_at, fit_mean_sd, fit_presence, huber_weights, penalised_fit

GRID = np.arange(12.0, 217, 12)


def _mean(age):
    return 1.0 + 2.0 / (1 + np.exp(-(age - 110) / 20))


def _sd(age):
    return 0.05 + 0.001 * age


def _draw(count, seed):
    rng = np.random.default_rng(seed)
    ages = np.round(rng.uniform(0, 228, count))
    return ages, _mean(ages) + _sd(ages) * rng.standard_normal(count), rng


def test_mean_and_sd_are_recovered():
    ages, values, _ = _draw(3000, 1)
    fitted = fit_mean_sd(ages, values)
    assert np.abs((fitted.mean(GRID) - _mean(GRID)) / _sd(GRID)).max() < 0.25
    assert np.abs(fitted.sd(GRID) / _sd(GRID) - 1).max() < 0.12


def test_gross_errors_hardly_move_them():
    ages, values, rng = _draw(3000, 2)
    wrong = rng.random(values.size) < 0.03
    values[wrong] = rng.uniform(0, 12, wrong.sum())
    fitted = fit_mean_sd(ages, values)
    assert np.abs((fitted.mean(GRID) - _mean(GRID)) / _sd(GRID)).max() < 0.3
    assert np.abs(fitted.sd(GRID) / _sd(GRID) - 1).max() < 0.25


def test_counts_keep_an_sd_where_all_agree():
    ages = np.repeat(np.arange(0.0, 229, 2), 5)
    values = np.where(ages < 100, 0.0, 7.0)
    fitted = fit_mean_sd(ages, values, step=1.0)
    assert fitted.sd(GRID).min() >= 1 / np.sqrt(12) - 1e-12


def test_a_straight_line_stays_straight():
    ages = np.linspace(0, 228, 400)
    rng = np.random.default_rng(3)
    coefficients = penalised_fit(splines(ages), 0.02 * ages + rng.normal(0, 0.5, 400), np.ones(400))
    bend = np.diff(splines(GRID) @ coefficients, 2)
    assert np.abs(bend).max() < 0.02


@pytest.mark.parametrize(("z", "weight"), [(0.0, 1.0), (-2.0, 1.0), (4.0, 0.5), (7.0, 0.0)])
def test_weights(z, weight):
    assert huber_weights(np.array([z]))[0] == pytest.approx(weight)


def test_presence_follows_the_age_at_which_a_centre_appears():
    rng = np.random.default_rng(4)
    ages = np.round(rng.uniform(0, 228, 2000))
    present = rng.random(2000) < 1 / (1 + np.exp(-(ages - 60) / 8))
    rate = 1 / (1 + np.exp(-splines(np.array([20.0, 60.0, 100.0, 200.0])) @ fit_presence(ages, present)))
    assert rate[0] < 0.05 and 0.35 < rate[1] < 0.65 and rate[2] > 0.95 and rate[3] > 0.97


@pytest.mark.parametrize("always", [True, False])
def test_presence_that_never_changes_stays_finite(always):
    ages = np.tile(np.arange(0.0, 229, 12), 10)
    logit = curve_at(GRID, fit_presence(ages, np.full(ages.size, always)))
    assert np.isfinite(logit).all()
    assert (logit > 2).all() if always else (logit < -2).all()
