"""What a check says on either side of its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from boneage.quality.checks import QualityCheck, box_place

CHECK = QualityCheck("size", "too_small", "pixels", "at least", 10.0, 5.0, "because", "do something")
PLACE = box_place((1.0, 2.0, 3.0, 5.0))


@pytest.mark.parametrize(
    ("value", "verdict"), [(10.0, "passed"), (9.99, "warning"), (5.0, "warning"), (4.99, "refused"), (11.0, "passed")]
)
def test_below_the_limits(value: float, verdict: str) -> None:
    assert CHECK.judge(value) == verdict


@pytest.mark.parametrize(("value", "verdict"), [(10.0, "passed"), (10.01, "warning"), (20.01, "refused")])
def test_above_the_limits(value: float, verdict: str) -> None:
    assert replace(CHECK, side="at most", refuse=20.0).judge(value) == verdict


def test_a_check_without_a_limit_never_goes_that_far() -> None:
    assert replace(CHECK, refuse=None).judge(-100.0) == "warning"
    assert replace(CHECK, warn=None).judge(7.0) == "passed"
    assert replace(CHECK, warn=None).judge(4.0) == "refused"


def test_what_could_not_be_had_passes() -> None:
    assert CHECK.judge(float("nan")) == "passed"


def test_the_limit_of_a_result_is_the_first_that_is_met() -> None:
    assert CHECK.limit == 10.0
    assert replace(CHECK, warn=None).limit == 5.0


def test_places_are_kept_where_the_check_failed() -> None:
    assert CHECK.found(7.0, "small", PLACE).places == (((1.0, 2.0), (3.0, 2.0), (3.0, 5.0), (1.0, 5.0)),)
    assert CHECK.found(12.0, "small", PLACE).places == ()
