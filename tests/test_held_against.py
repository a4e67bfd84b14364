"""A bone age against the child's own age by any standard; of a grown hand by its bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from boneage.errors import TableError
from boneage.held_against import held_against_standard
from boneage.reference.standards import BRUSH, GREULICH_PYLE_1959, load_standard, skeletal_age_sds
from boneage.report.wording import verdict
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


def test_beyond_the_limit_with_the_own_age_inside_the_interval_there_is_no_verdict() -> None:
    infant = BoneAge(19.0, (0.0, 24.5), "combined")
    own = held_against_standard(infant, 10.0, "M", BRUSH).chronological
    assert own.sds is not None
    assert own.sds > 2
    assert own.doubt == "interval"
    assert verdict(own) == "open"
    narrow = held_against_standard(replace(infant, interval_95=(12.0, 24.5)), 10.0, "M", BRUSH).chronological
    assert (narrow.doubt, verdict(narrow), narrow.sds) == (None, "advanced", own.sds)
    by_reader = held_against_standard(19.0, 10.0, "M", BRUSH).chronological
    assert verdict(by_reader) == "advanced"


def test_within_the_limit_the_interval_raises_no_doubt() -> None:
    own = held_against_standard(AGE, 135.0, "F", BRUSH).chronological
    assert (own.doubt, verdict(own)) == (None, "usual")


@pytest.mark.parametrize(
    ("bone_age", "doubt", "expected"),
    [(160.0, None, "advanced"), (144.0, "whole_years", "open"), (126.0, None, "usual"), (104.0, "whole_years", "open")],
)
def test_of_an_age_in_whole_years_the_verdict_must_hold_for_the_whole_year(
    bone_age: float, doubt: str | None, expected: str
) -> None:
    age = BoneAge(bone_age, (bone_age - 10, bone_age + 10), "combined")
    own = held_against_standard(age, 120.0, "M", BRUSH, in_whole_years=True).chronological
    assert own.in_whole_years
    assert (own.doubt, verdict(own)) == (doubt, expected)
    assert held_against_standard(age, 120.0, "M", BRUSH).chronological.doubt is None


def test_a_standard_that_is_not_known_is_an_error() -> None:
    with pytest.raises(TableError, match="unknown standard"):
        held_against_standard(AGE, 120.0, "F", "another")
