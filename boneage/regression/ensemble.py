"""Several networks of the regions, trained apart, whose weighted mean is the answer."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from boneage.network_weights import load_weights
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import Regions
from boneage.software import manifest_entries

FIRST = "regression"
"""Name of the first network in the manifest, whose passport holds the interval; the others are called after it."""


class Ensemble(nn.Module):
    """The weighted mean of some networks.

    Parameters
    ----------
    members:
        At least one.
    weights:
        Of each, in the order of the members; they need not add up to one.
    """

    def __init__(self, members: Sequence[RegionalNetwork], weights: Sequence[float]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self._shares = [weight / sum(weights) for weight in weights]

    def forward(self, regions: Regions, sexes: Tensor) -> Tensor:
        """Return ages (n,) in months for the regions of n hands and sex codes (n,)."""
        ages = [share * net(regions, sexes) for share, net in zip(self._shares, self.members, strict=True)]
        return torch.stack(ages).sum(dim=0)


def load_ensemble() -> Ensemble:
    """Return the shipped networks with the weights of their passports, ready to read with.

    Raises
    ------
    WeightsError
        If the weights of one are not there or are not those of the manifest.
    """
    names = member_names() or (FIRST,)
    return Ensemble([load_member(name) for name in names], [weight_of(name) for name in names]).eval()


def weight_of(name: str) -> float:
    """Return the weight of a shipped network in the answer (1 where its passport says nothing)."""
    return next((float(entry.get("weight", 1)) for entry in manifest_entries() if entry["name"] == name), 1.0)


def member_names() -> tuple[str, ...]:
    """Return the names of the shipped regression networks, the first one first."""
    return tuple(sorted(str(entry["name"]) for entry in manifest_entries() if str(entry["name"]).startswith(FIRST)))


def load_member(name: str) -> RegionalNetwork:
    """Return one shipped network, ready to read with.

    Raises
    ------
    WeightsError
        If its weights are not there or are not those of the manifest.
    """
    tensors, entry = load_weights(name)
    features = tuple(entry["joint_features"]), tuple(entry["wrist_features"])
    return ready(RegionalNetwork(*features, distribution=bool(entry.get("distribution"))), tensors)


def ready(net: RegionalNetwork, tensors: dict[str, Tensor]) -> RegionalNetwork:
    """Return a network with its weights, in the state to read with."""
    net.load_state_dict(tensors)
    return net.eval().to(memory_format=torch.channels_last)
