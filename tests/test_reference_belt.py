"""The confidence belt holds the wished share of films at every age, whatever the bias there."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.reference.belt import Belt, fit_belt
from boneage.reference.smooth_window import near_weights

BANDS = ((0, 48), (48, 96), (96, 144), (144, 192), (192, 229))


def _lookups(count, seed):
    """Looked-up ages drawn to the middle, with an error that grows with age and a posterior SD that tells little."""
    rng = np.random.default_rng(seed)
    known = rng.uniform(0, 228, count)
    months = 110 + 0.8 * (known - 110) + rng.standard_normal(count) * (5 + 0.05 * known)
    return known, months, rng.uniform(5, 9, count)


def test_every_age_is_covered_though_looked_up_ages_are_drawn_to_the_middle():
    belt = fit_belt(*_lookups(5000, 1))
    known, months, spread = _lookups(5000, 2)
    held = np.array([belt.interval(m, s) for m, s in zip(months, spread, strict=True)])
    inside = (held[:, 0] <= known) & (known <= held[:, 1])
    for low, high in BANDS:
        chosen = (known >= low) & (known < high)
        assert 0.93 <= inside[chosen].mean() <= 0.97, (low, high)
    assert (held[:, 0] <= months).all() and (months <= held[:, 1]).all()


def test_an_age_drawn_to_the_middle_gets_a_lopsided_interval():
    belt = fit_belt(*_lookups(5000, 3))
    low, high = belt.interval(180.0, 7.0)
    assert high - 180 > 180 - low  # the truth lies further out
    low, high = belt.interval(40.0, 7.0)
    assert 40 - low > high - 40


def test_a_film_that_knows_less_has_a_wider_interval():
    belt = fit_belt(*_lookups(5000, 4))
    assert np.ptp(belt.interval(110.0, 30.0)) > 1.5 * np.ptp(belt.interval(110.0, 5.0))


def test_the_interval_inverts_the_bounds():
    belt = Belt(np.array([0.0, 228.0]), np.array([-2.0, -2.0]), np.array([1.0, 1.0]), 3.0)
    assert belt.interval(100.0, 4.0) == pytest.approx((95.0, 110.0))  # width 5: 100 - 1 * 5 to 100 + 2 * 5
    outside = Belt(np.array([0.0, 228.0]), np.array([4.0, 4.0]), np.array([5.0, 5.0]), 3.0)
    assert outside.interval(0.0, 4.0) == (0.0, 0.0)  # no age would be read so low: nothing but the age itself


def test_few_films_give_a_belt_from_all_of_them():
    covered = []
    for seed in range(30):
        belt = fit_belt(*_lookups(30, 100 + seed))
        known, months, spread = _lookups(100, 200 + seed)
        held = np.array([belt.interval(m, s) for m, s in zip(months, spread, strict=True)])
        covered.append(np.mean((held[:, 0] <= known) & (known <= held[:, 1])))
    assert np.mean(covered) > 0.88


def test_windows_grow_until_they_hold_enough_films():
    ages = np.concatenate([np.full(50, 10.0), np.full(1000, 120.0)])
    few, many = (near_weights(ages, 10.0, bandwidth=10.0, least=least) for least in (20, 300))
    assert few[60] < 1e-6 < many[60]
