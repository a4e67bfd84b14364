"""The distance from the training films: drawn z scores with known middle and spread."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from boneage.errors import WeightsError
from boneage.quality.distance import KINDS, check_distance, features, fit_distance, load_distance

NAMES = [f"bone_{number}.{kind}" for kind in KINDS if kind for number in range(8)] + ["other_1", "other_2", "other_3"]


def scores(seed: int, *, spread: float = 1.0, shift: float = 0.0) -> dict[str, float]:
    random = np.random.default_rng(seed)
    return dict(zip(NAMES, (shift + spread * random.standard_normal(len(NAMES))).tolist(), strict=True))


@pytest.fixture(scope="module")
def model():  # type: ignore[no-untyped-def]
    return fit_distance(np.array([features(scores(seed)) for seed in range(1500)]), reference="drawn", fitted_on="")


def test_features_are_mean_and_size_of_each_kind() -> None:
    found = features({"a.length_ratio": 1.0, "b.length_ratio": 3.0, "c.gap_ratio": 2.0})
    assert found.shape == (2 * len(KINDS),)
    assert found[0] == pytest.approx(2.0)
    assert found[1] == pytest.approx(0.5 * math.log(5.05))
    assert np.isnan(found[2:]).all()  # one measurement makes no kind


def test_the_limit_holds_on_films_that_it_was_not_fitted_on(model) -> None:  # type: ignore[no-untyped-def]
    others = np.array([model.distance(scores(seed)) for seed in range(5000, 7000)])
    assert 0.003 < np.mean(others > model.limit) < 0.025
    assert np.mean(others > model.refusal) < 0.005
    assert 0.9 < np.median(others) < 1.1


def test_a_hand_whose_measurements_fall_apart_is_far(model) -> None:  # type: ignore[no-untyped-def]
    usual, wild, moved = (model.distance(scores(9, **change)) for change in ({}, {"spread": 4.0}, {"shift": 2.5}))
    assert usual < model.limit < model.refusal < min(wild, moved)
    assert model.share_nearer(usual) < 0.99
    assert model.share_nearer(wild) == 1.0


def test_missing_kinds_are_left_out(model) -> None:  # type: ignore[no-untyped-def]
    few = {name: score for name, score in scores(9).items() if name.endswith("length_ratio")}
    assert model.distance(few) < model.limit
    assert math.isnan(model.distance({}))


def test_the_shipped_model_judges_on_both_sides() -> None:
    shipped = load_distance()
    near = {f"bone_{number}.{kind}": 0.9 * (-1) ** number for kind in KINDS if kind for number in range(8)}
    (fine,) = check_distance(near, shipped.reference)
    (far,) = check_distance(dict.fromkeys(near, 8.0), shipped.reference)
    assert fine.verdict == "passed"
    assert (far.verdict, far.check.code) == ("refused", "unlike_training")
    assert "100.0 % of these" in far.message
    assert check_distance(near, "another_table") == ()


def test_the_shipped_limits_are_the_shares_that_they_claim() -> None:
    shipped = load_distance()
    assert dict(shipped.quantiles)[0.99] == shipped.limit
    assert dict(shipped.quantiles)[0.999] == shipped.refusal
    assert "train" in shipped.fitted_on


@pytest.mark.parametrize("change", ["missing", "text", "not a correlation"])
def test_a_damaged_model_is_an_error(tmp_path: Path, change: str) -> None:
    path = tmp_path / f"{change}.json"
    data = asdict(load_distance())
    if change == "text":
        path.write_text("{")
    elif change == "not a correlation":
        path.write_text(json.dumps({**data, "correlation": (-np.eye(2 * len(KINDS))).tolist()}))
    with pytest.raises(WeightsError) as caught:
        load_distance(path)
    assert caught.value.code == "quality_invalid"


def test_a_model_reads_back_as_it_was_written(tmp_path: Path, model) -> None:  # type: ignore[no-untyped-def]
    from boneage.training.quality_fit import ship_quality

    path = ship_quality(replace(model, fitted_on="drawn"), tmp_path / "quality.json")
    assert load_distance(path).distance(scores(3)) == pytest.approx(model.distance(scores(3)))
