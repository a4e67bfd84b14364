"""A bone age against the child's own age by any standard; of a grown hand by its bound."""

from __future__ import annotations

import pytest

from boneage.errors import TableError
from boneage.held_against import held_against_standard
from boneage.reference.standards import BRUSH, GREULICH_PYLE_1959, load_standard, skeletal_age_sds
from boneage.result import BoneAge

AGE = BoneAge(142.0, (130.0, 154.0), "combined")


@pytest.mark.parametrize("standard", [BRUSH, GREULICH_PYLE_1959])
def test_score_is_that_of_the_standard_asked_for(standard: str) -> None:
    held = held_against_standard(AGE, 120.0, "F", standard)
    expected = skeletal_age_sds(142.0, 120.0, "F", standard=standard)
    assert held.chronological.sds == expected.sds
    assert held.chronological.difference_months == 22.0
    assert held.chronological.reference == load_standard(standard).name
    assert held.reason == ""


def test_the_standards_differ() -> None:
    scores = {held_against_standard(AGE, 120.0, "F", name).chronological.sds for name in (BRUSH, GREULICH_PYLE_1959)}
    assert len(scores) == 2


def test_beyond_a_standard_there_is_a_difference_and_the_reason_why_no_score() -> None:
    held = held_against_standard(AGE, 200.0, "F", BRUSH)
    assert held.chronological.sds is None
    assert held.chronological.difference_months == -58.0
    assert "outside the table" in held.reason


def test_a_grown_hand_is_held_by_its_bound() -> None:
    grown = BoneAge(214.0, (200.0, 228.0), "combined", bound="at_or_above", bound_months=180.0)
    held = held_against_standard(grown, 150.0, "F", BRUSH).chronological
    assert held.at_least
    assert held.difference_months == 30.0
    older = held_against_standard(grown, 181.0, "F", BRUSH).chronological
    assert (older.at_least, older.difference_months, older.sds) == (True, None, None)


def test_a_standard_that_is_not_known_is_an_error() -> None:
    with pytest.raises(TableError, match="unknown standard"):
        held_against_standard(AGE, 120.0, "F", "another")
