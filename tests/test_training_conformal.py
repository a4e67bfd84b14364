"""Windows of age and conformal quantiles, on numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.training.conformal import conformal_quantile, near


@pytest.mark.parametrize(
    ("count", "level", "found"), [(99, 0.95, 95), (19, 0.95, 19), (10, 0.95, 10), (199, 0.975, 195)]
)
def test_the_rank_counts_one_film_more(count: int, level: float, found: int) -> None:
    scores = np.random.default_rng(0).permutation(np.arange(1.0, count + 1))
    assert conformal_quantile(scores, level) == found


def test_a_window_holds_what_is_within_18_months() -> None:
    ages = np.arange(0.0, 240.0, 0.5)
    close = ages[near(ages, 100.0)]
    assert (close.min(), close.max()) == (82.0, 118.0)


def test_where_films_are_few_the_nearest_sixty_count() -> None:
    ages = np.arange(0.0, 240.0, 2.0)
    close = ages[near(ages, 0.0)]
    assert len(close) == 60
    assert close.max() == 118.0
