"""Crossings of curves whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.experiments.crossing import Line, compared_range, crossings, summary

LABELS = np.array([10.0, 100.0, 1000.0])


def line(errors: list[float], labels: np.ndarray = LABELS) -> Line:
    return Line(labels, np.array([errors]))


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([12.0, 8.0, 4.0], 10**1.5),  # halfway between 10 and 100 on the logarithm
        ([13.0, 9.0, 4.0], 10**1.75),
        ([20.0, 12.0, 8.0], 10**2.5),
        ([20.0, 10.0, 9.0], 100.0),  # equal at 100, below from there on
        ([9.0, 20.0, 5.0], 0.0),  # below at once
        ([12.0, 11.0, 10.5], float("inf")),
        ([10.0, 10.0, 10.0], float("inf")),  # equal is not below
    ],
)
def test_the_crossing_lies_where_the_straight_lines_meet(second: list[float], expected: float) -> None:
    assert crossings(line([10.0, 10.0, 10.0]), line(second))[0] == pytest.approx(expected)


def test_curves_with_different_labels_are_compared_where_both_are_known() -> None:
    first = line([10.0, 10.0], np.array([100.0, 10000.0]))
    second = line([30.0, 6.0], np.array([10.0, 1000.0]))
    assert compared_range(first, second) == (100.0, 1000.0)
    # The second falls by 12 a decade: 18 at 100, 10 at 10 ** (1 + 20 / 12).
    assert crossings(first, second)[0] == pytest.approx(10 ** (1 + 20 / 12))
    with pytest.raises(ValueError, match="no number of labels in common"):
        crossings(first, line([3.0, 2.0], np.array([1.0, 10.0])))


def test_the_summary_counts_samples_that_never_cross() -> None:
    first = Line(LABELS, np.array([10.0, 10.0, 10.0]))
    second = Line(LABELS, np.array([12.0, 8.0, 4.0]))
    rows = np.array([[12.0, 8.0, 4.0]] * 90 + [[12.0, 12.0, 12.0]] * 10)
    drawn = Line(LABELS, np.full((100, 3), 10.0)), Line(LABELS, rows)
    found = summary(first, second, drawn)
    assert (found.labels, found.low) == (pytest.approx(10**1.5), pytest.approx(10**1.5))
    assert np.isinf(found.high) and found.never == pytest.approx(0.1)
    assert found.said("the other") == (
        "the other is below from 32 on (95 % bootstrap interval 32 to beyond 1,000; no crossing in 10 % of the samples)"
    )


def test_no_crossing_is_said_so() -> None:
    first, second = Line(LABELS, np.array([3.0, 2.0, 1.0])), Line(LABELS, np.array([4.0, 3.0, 2.0]))
    drawn = tuple(Line(LABELS, np.tile(one.errors, (20, 1))) for one in (first, second))
    words = summary(first, second, (drawn[0], drawn[1])).said("it")
    assert words.startswith("they do not cross within 1,000 (95 % bootstrap interval beyond 1,000 to beyond 1,000")
    swapped = summary(second, first, (drawn[1], drawn[0])).said("it")
    assert swapped.startswith("it is below from the least number compared on (10) (95 % bootstrap interval below 10")
