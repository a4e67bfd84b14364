"""Doubts widen the interval of the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from stand_ins import StandInRooms

from boneage.estimate import Estimator
from boneage.options import EstimateOptions, Method
from boneage.quality.registry import all_checks
from boneage.quality.widening import WIDENING, widening_of
from boneage.result import Check


def test_the_check_that_widens_most_counts() -> None:
    failed = [Check(name, False) for name in ("palm_contrast", "distance_from_training", "grown_boy")]
    assert widening_of(failed) == WIDENING["distance_from_training"]
    assert widening_of(failed[2:]) == 1.0
    assert widening_of([Check("distance_from_training", True)]) == 1.0
    assert widening_of([]) == 1.0


def test_every_widening_check_is_one_of_the_gate_and_widens() -> None:
    assert set(WIDENING) <= {check.name for check in all_checks()}
    assert min(WIDENING.values()) > 1


@pytest.mark.parametrize("method", ["auto", "measurement", "regression"])
def test_a_doubted_film_has_a_wider_interval(method: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = EstimateOptions(method=method)
    film = tmp_path / "film.png"
    film.write_bytes(b"film")
    plain = Estimator(options, rooms=StandInRooms()).estimate(film).result.bone_age
    monkeypatch.setattr("boneage.sex_answer.widening_of", lambda checks: 2.0)
    doubted = Estimator(options, rooms=StandInRooms()).estimate(film).result.bone_age
    assert plain is not None
    assert doubted is not None
    widths = [age.interval_95[1] - age.interval_95[0] for age in (plain, doubted)]
    assert widths[1] == pytest.approx(2 * widths[0])
    assert doubted.months == plain.months
