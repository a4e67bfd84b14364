"""Which bone ages are usual for a child's own age."""

from __future__ import annotations

import pytest

from boneage.reference.standards import load_standard, skeletal_age_sds
from boneage.report.usual_range import usual_range
from boneage.result import Chronological

BRUSH = load_standard().name


@pytest.mark.parametrize("sex", ["M", "F"])
def test_its_ends_score_two(sex: str) -> None:
    found = usual_range(Chronological(120.0, 5.0, 0.5, BRUSH), sex)
    assert found is not None
    scores = [skeletal_age_sds(end, 120.0, sex).sds for end in found]  # type: ignore[arg-type]
    assert scores == pytest.approx([-2.0, 2.0])


def test_none_without_a_score_a_sex_or_the_same_standard() -> None:
    assert usual_range(None, "M") is None
    assert usual_range(Chronological(120.0), "M") is None
    assert usual_range(Chronological(120.0, 5.0, 0.5, BRUSH), None) is None
    assert usual_range(Chronological(120.0, 5.0, 0.5, "another standard"), "M") is None
