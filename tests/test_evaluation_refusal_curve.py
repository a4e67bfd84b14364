"""Error against refusal on films whose order is known."""

from __future__ import annotations

import numpy as np
import pytest
from labelled_films import labelled

from boneage.evaluation.refusal_curve import APART, WIDTH, best_possible, ranked, rankings


def test_a_sign_that_knows_the_error_lowers_it_with_every_refusal() -> None:
    order = ranked(np.array([1.0, 9.0, 4.0, 2.0]), np.array([10.0, 90.0, 40.0, 20.0]))
    assert order.uncertainty.tolist() == [10, 20, 40, 90]
    assert order.curve().tolist() == pytest.approx([16 / 4, 7 / 3, 3 / 2, 1])
    assert (np.diff(order.curve()) < 0).all()


def test_a_sign_that_is_wrong_raises_it() -> None:
    order = ranked(np.array([1.0, 9.0, 4.0, 2.0]), -np.array([10.0, 90.0, 40.0, 20.0]))
    assert order.curve().tolist() == pytest.approx([4, 5, 6.5, 9])


def test_a_sign_that_says_nothing_leaves_it_as_it_is() -> None:
    """Equally uncertain films share their mean, whatever their order."""
    assert ranked(np.array([1.0, 9.0, 5.0]), np.full(3, 7.0)).curve().tolist() == pytest.approx([5, 5, 5])


def test_what_is_left_at_a_percentage() -> None:
    order = ranked(np.arange(10.0), np.arange(10.0) * 3)
    figure, limit, kept = order.at(20)
    assert (figure.value, limit, kept) == (3.5, 21, 8)
    assert order.at(0)[0].value == 4.5
    assert order.at(100)[2] == 0


def test_the_signs_of_answered_films() -> None:
    films = (
        labelled("1", 100, 103, half=10, routes=(110, 100)),
        labelled("2", 100, 95, half=30, routes=(96, 94)),
        labelled("3", 100, None, routes=(50, 150)),
    )
    found = rankings(films)
    assert set(found) == {WIDTH, APART}
    assert found[WIDTH].uncertainty.tolist() == [20, 60]
    assert found[WIDTH].distance.tolist() == [3, 5]
    assert found[APART].uncertainty.tolist() == [2, 10]
    assert found[APART].distance.tolist() == [5, 3]
    assert best_possible(films).distance.tolist() == [3, 5]


def test_a_sign_that_a_film_lacks_is_none() -> None:
    assert set(rankings((labelled("1", 100, 103, half=None, routes=(1, 2)), labelled("2", 100, 103, half=3)))) == set()
    assert rankings(()) == {}
