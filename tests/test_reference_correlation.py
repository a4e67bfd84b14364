"""Correlation by age from films with missing measurements."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.reference.correlation import correlation_by_age, positive_definite, presence_weights


def test_a_correlation_that_changes_with_age_is_followed():
    rng = np.random.default_rng(1)
    ages = rng.uniform(0, 228, 6000)
    r = np.where(ages < 114, 0.8, 0.2)
    a = rng.standard_normal(ages.size)
    z = np.column_stack([a, r * a + np.sqrt(1 - r**2) * rng.standard_normal(ages.size)])
    z[rng.random(z.shape) < 0.2] = np.nan
    young, old = correlation_by_age(z, ages, np.array([40.0, 190.0]))
    assert young[0, 1] == pytest.approx(0.8, abs=0.08)
    assert old[0, 1] == pytest.approx(0.2, abs=0.1)
    assert np.allclose(np.diag(young), 1) and np.allclose(young, young.T)


def test_noise_is_drawn_to_zero_and_stays_positive_definite():
    rng = np.random.default_rng(2)
    z = rng.standard_normal((120, 40))
    z[rng.random(z.shape) < 0.4] = np.nan
    matrix = correlation_by_age(z, rng.uniform(0, 228, 120), np.array([100.0]))[0]
    off = matrix[~np.eye(40, dtype=bool)]
    assert np.abs(off).mean() < 0.03
    assert np.linalg.eigvalsh(matrix)[0] > 0


def test_measurements_never_seen_together_are_taken_as_uncorrelated():
    rng = np.random.default_rng(3)
    z = rng.standard_normal((400, 2))
    z[:200, 0] = np.nan
    z[200:, 1] = np.nan
    assert correlation_by_age(z, np.full(400, 100.0), np.array([100.0]))[0, 0, 1] == 0


def test_an_impossible_matrix_becomes_possible():
    impossible = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1.0]])
    assert np.linalg.eigvalsh(impossible)[0] < 0
    mended = positive_definite(impossible)
    assert np.linalg.eigvalsh(mended)[0] > 0
    assert np.allclose(np.diag(mended), 1)


def test_measurements_that_go_missing_together_share_one_vote():
    rng = np.random.default_rng(4)
    shared = rng.random(2000) < 0.5
    alone = rng.random(2000) < 0.5
    present = np.column_stack([shared, shared, shared, alone]).astype(float)
    weights = presence_weights(present, np.full(present.shape, 0.5))
    assert weights[:3].sum() == pytest.approx(1.0, abs=0.05)
    assert weights[3] == pytest.approx(1.0, abs=0.05)
