"""What the shipped networks say of themselves, and the interval of the regression."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from boneage.anatomy import JOINTS
from boneage.regression import ensemble
from boneage.segmentation.channels import CHANNELS
from boneage.segmentation.unet import FoldedUNet
from boneage.training import regression_answers, shipping
from boneage.training.locator import FEATURES as LOCATOR_FEATURES
from boneage.training.networks import build_unet
from boneage.training.regression_answers import TuneAnswers
from boneage.training.segmentation import FEATURES as SEGMENTATION_FEATURES


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[dict[str, torch.Tensor], dict[str, Any]]]:
    """What was given to `ship`, in place of writing it into the package."""
    given: dict[str, tuple[dict[str, torch.Tensor], dict[str, Any]]] = {}

    def ship(name: str, tensors: dict[str, torch.Tensor], passport: dict[str, Any]) -> str:
        given[name] = (tensors, passport)
        return "ab"

    monkeypatch.setattr(shipping, "ship", ship)
    return given


@pytest.mark.parametrize(
    ("name", "outputs", "features"),
    [("locator", len(JOINTS), LOCATOR_FEATURES), ("segmentation", CHANNELS, SEGMENTATION_FEATURES)],
)
def test_a_passport_is_enough_to_build_the_network(name: str, outputs: int, features: Any, shipped: Any) -> None:
    state = build_unet(outputs, features).state_dict()
    assert getattr(shipping, f"ship_{name}")(state) == "ab"
    tensors, passport = shipped[name]
    net = FoldedUNet(passport["inputs"], passport["outputs"], tuple(passport["features"]))
    net.load_state_dict(tensors)
    assert passport["outputs"] == outputs
    assert "non-commercial" in passport["terms"]
    assert passport["trained_on"]
    assert passport["intended_use"]


def test_the_half_width_is_the_conformal_rank() -> None:
    errors = np.arange(1.0, 100.0)  # 99 films: ceil(0.95 * 100) = 95th smallest
    predicted = np.full(99, 120.0)
    signs = np.where(np.arange(99) % 2, 1, -1)
    assert shipping.conformal_half_widths(predicted, predicted + signs * errors, (120.0,)) == [95.0]


def test_the_half_width_follows_the_age() -> None:
    random = np.random.default_rng(0)
    predicted = random.uniform(12, 228, 6000)
    known = predicted + random.normal(0, 1, 6000) * (4 + predicted / 30)
    ages = (24.0, 120.0, 216.0)
    found = shipping.conformal_half_widths(predicted, known, ages)
    assert_allclose(found, 1.96 * (4 + np.array(ages) / 30), rtol=0.12)


def test_ages_with_few_films_borrow_from_their_neighbours() -> None:
    predicted = np.concatenate([np.full(3, 12.0), np.full(200, 60.0)])
    known = predicted + np.concatenate([np.zeros(3), np.full(200, 7.0)])
    assert shipping.conformal_half_widths(predicted, known, (12.0,)) == [7.0]


def test_few_films_give_their_largest_error() -> None:
    predicted = np.full(5, 100.0)
    assert shipping.conformal_half_widths(predicted, predicted + np.array([1, -2, 3, -4, 9.04]), (100.0,)) == [9.0]


def test_a_regression_is_shipped_beside_the_others_and_the_interval_is_that_of_their_mean(
    shipped: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = np.linspace(20, 220, 400)
    found = TuneAnswers(np.stack([known + 8, known - 4]), known, np.arange(400) % 2 == 0)
    asked: list[Any] = []
    amended: dict[str, Any] = {}
    monkeypatch.setattr(ensemble, "member_names", lambda: ("regression", "regression_2"))
    monkeypatch.setattr(ensemble, "load_member", lambda name: f"shipped {name}")
    monkeypatch.setattr(regression_answers, "halved", lambda state: f"new {state['w']}")
    monkeypatch.setattr(regression_answers, "read_tune", lambda members, cache: asked.append((members, cache)) or found)
    monkeypatch.setattr(shipping, "amend", lambda name, said: amended.update({name: said}))
    assert shipping.ship_regression({"w": 1}, tmp_path, "regression_2", went_on=True) == "ab"  # type: ignore[dict-item]
    assert asked == [(["shipped regression", "new 1"], tmp_path)]
    assert list(shipped) == ["regression_2"]
    passport = shipped["regression_2"][1]
    assert passport["tune_mad_months"] == 4.0
    assert "first regression" in passport["trained_on"]
    (first,) = amended
    assert first == "regression"
    assert amended[first]["tune_mad_months_together"] == 2.0
    assert set(amended[first]["interval_95"]["M"]) == {2.0}
