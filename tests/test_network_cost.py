"""The networks' own cost: operations counted on layers whose count is known."""

from __future__ import annotations

import torch
from torch import nn

from boneage.network_cost import _multiplications, network_costs
from boneage.software import manifest_entries


def test_multiplications_of_known_layers() -> None:
    net = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ConvTranspose2d(4, 2, 2, stride=2), nn.Flatten())
    assert _multiplications(net, [(torch.zeros(3, 1, 10, 8),)]) == 3 * 80 * (9 * 4 + 4 * 2 * 4)
    assert _multiplications(nn.Linear(7, 5), [(torch.zeros(2, 7),), (torch.zeros(1, 7),)]) == 3 * 35


def test_every_shipped_network_has_its_cost() -> None:
    costs = network_costs(repeats=1)
    assert {cost.name for cost in costs} == {str(entry["name"]) for entry in manifest_entries()}
    for cost in costs:
        assert cost.multiplications > 1e8
        assert cost.least_seconds > 0
        assert cost.seconds > 0
