"""Whether the two routes agree."""

from __future__ import annotations

import pytest

from boneage.report.agreement import agreement
from boneage.result import AgeByMeasurement, AgeByRegression, Estimates


@pytest.mark.parametrize(
    ("measured", "direct", "agree"),
    [(120.0, 126.0, True), (120.0, 140.0, False), (120.0, 132.0, False)],
)
def test_routes_agree_when_each_age_lies_in_the_others_interval(measured: float, direct: float, agree: bool) -> None:
    wide = AgeByMeasurement(measured, (measured - 15, measured + 15), "table")
    narrow = AgeByRegression(direct, (direct - 10, direct + 10))
    found = agreement(Estimates(wide, narrow))
    assert found is not None
    assert (found.apart_months, found.agree) == (direct - measured, agree)


def test_one_route_alone_agrees_with_nothing() -> None:
    assert agreement(Estimates(None, AgeByRegression(100.0, (90.0, 110.0)))) is None
