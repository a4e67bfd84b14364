"""Several regression networks, one answer."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from boneage.errors import WeightsError
from boneage.regression import ensemble
from boneage.regression.ensemble import Ensemble, load_member, member_names
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import KNUCKLES, SMALL_JOINTS, WRIST_SIZE, Regions
from boneage.segmentation.sites import KNUCKLE_SIZE, SMALL_SIZE

FEATURES = (2, 2, 2, 2, 2)


def networks(count: int) -> list[RegionalNetwork]:
    made = []
    for seed in range(count):
        torch.manual_seed(seed)
        net = RegionalNetwork(FEATURES, FEATURES)
        for parameter in net.parameters():
            torch.nn.init.normal_(parameter, 0, 0.2)
        made.append(net.eval())
    return made


def regions() -> Regions:
    random = torch.Generator().manual_seed(5)
    return Regions(
        torch.rand(3, len(KNUCKLES), 1, KNUCKLE_SIZE, KNUCKLE_SIZE, generator=random),
        torch.rand(3, len(SMALL_JOINTS), 1, SMALL_SIZE, SMALL_SIZE, generator=random),
        torch.rand(3, 1, WRIST_SIZE, WRIST_SIZE, generator=random),
    )


def test_the_answer_is_the_weighted_mean_of_the_networks() -> None:
    members = networks(3)
    codes = torch.tensor([0, 1, 2])
    with torch.inference_mode():
        alone = torch.stack([member(regions(), codes) for member in members])
        together = Ensemble(members, [2, 1, 1]).eval()(regions(), codes)
    assert float(alone.std(dim=0).min()) > 0
    torch.testing.assert_close(together, 0.5 * alone[0] + 0.25 * alone[1] + 0.25 * alone[2])


def test_the_weight_is_that_of_the_passport(monkeypatch: pytest.MonkeyPatch) -> None:
    entries: list[dict[str, Any]] = [{"name": "regression"}, {"name": "regression_2", "weight": 2.5}]
    monkeypatch.setattr(ensemble, "manifest_entries", lambda: tuple(entries))
    assert (ensemble.weight_of("regression"), ensemble.weight_of("regression_2")) == (1.0, 2.5)


def test_the_members_are_those_of_the_manifest_the_first_one_first(monkeypatch: pytest.MonkeyPatch) -> None:
    entries: list[dict[str, Any]] = [{"name": name} for name in ("wrist", "regression_2", "regression", "locator")]
    monkeypatch.setattr(ensemble, "manifest_entries", lambda: tuple(entries))
    assert member_names() == ("regression", "regression_2")


def test_every_shipped_member_opens_and_reads() -> None:
    names = member_names()
    assert names[0] == "regression"
    with torch.inference_mode():
        for name in names:
            assert torch.isfinite(load_member(name)(regions(), torch.tensor([0, 1, 2]))).all()


def test_a_member_that_is_not_installed_is_named() -> None:
    with pytest.raises(WeightsError, match="regression_99"):
        load_member("regression_99")


@pytest.mark.parametrize("distribution", [False, True])
def test_a_network_answers_as_its_passport_says(monkeypatch: pytest.MonkeyPatch, distribution: bool) -> None:
    tensors = RegionalNetwork(FEATURES, FEATURES, distribution=distribution).state_dict()
    entry = {"joint_features": FEATURES, "wrist_features": FEATURES} | ({"distribution": True} if distribution else {})
    monkeypatch.setattr(ensemble, "load_weights", lambda name: (tensors, entry))
    assert load_member("regression").distribution == distribution
