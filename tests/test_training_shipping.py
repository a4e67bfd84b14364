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


def test_a_regression_is_shipped_beside_the_others_and_the_interval_is_that_of_their_mean(
    shipped: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = np.linspace(20, 220, 400)
    error = np.random.default_rng(0).normal(0, 5, 400)
    found = TuneAnswers(np.stack([known + 8 + error, known - 4 + error]), known, np.arange(400) % 2 == 0, (1.0, 3.0))
    asked: list[Any] = []
    amended: dict[str, Any] = {}
    monkeypatch.setattr(ensemble, "member_names", lambda: ("regression", "regression_2"))
    monkeypatch.setattr(ensemble, "weight_of", lambda name: 1.0)
    monkeypatch.setattr(ensemble, "load_member", lambda name: f"shipped {name}")
    monkeypatch.setattr(regression_answers, "halved", lambda state: f"new {state['w']}")
    monkeypatch.setattr(regression_answers, "read_tune", lambda *given: asked.append(given) or found)
    monkeypatch.setattr(shipping, "amend", lambda name, said: amended.setdefault(name, {}).update(said))
    state: Any = {"w": 1, "answer.bias": torch.zeros(81)}
    assert shipping.ship_regression(state, tmp_path, "regression_2", weight=3.0) == "ab"
    assert asked == [(["shipped regression", "new 1"], [1.0, 3.0], tmp_path)]
    assert list(shipped) == ["regression_2"]
    passport = shipped["regression_2"][1]
    assert passport["tune_mad_months"] == pytest.approx(np.abs(error - 4).mean(), abs=0.01)
    assert "fine segmentation" in passport["trained_on"]
    (first,) = amended
    assert first == "regression"
    assert amended[first]["tune_mad_months_together"] == pytest.approx(np.abs(error - 1).mean(), abs=0.01)
    interval = amended[first]["interval_95"]
    assert passport["weight"] == 3.0
    assert passport["distribution"]
    off = found.ages - known
    inner = slice(3, -3)  # the belt's ends lie beyond the ages of the films
    for sex, chosen in (("M", found.male), ("F", ~found.male)):
        low, high = np.quantile(off[chosen], [0.025, 0.975])
        assert_allclose(np.mean(interval["low"][sex][inner]), low, atol=2)
        assert_allclose(np.mean(interval["high"][sex][inner]), high, atol=2)
