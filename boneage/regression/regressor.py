"""The age straight from the picture: the shipped regression networks and their calibrated interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from boneage.combination import OLDEST_MONTHS, YOUNGEST_MONTHS, belt_interval
from boneage.network_weights import load_weights
from boneage.radiograph.radiograph import Sex
from boneage.regression.ensemble import FIRST, load_ensemble
from boneage.regression.network import SEX_CODES
from boneage.regression.occlusion import REGIONS, RegionEffect, hide_each, region_corners
from boneage.regression.regions import Regions, as_fine_as_learned, cut_regions
from boneage.segmentation.bone_map import BoneMap
from boneage.segmentation.sites import FINE_PALM, Point


@dataclass(frozen=True)
class RegressionEstimate:
    """Bone age in months and its 95 % interval."""

    months: float
    interval_95: tuple[float, float]


class Regressor:
    """The shipped regression networks, loaded once."""

    def __init__(self) -> None:
        self._net = load_ensemble()
        self._interval: dict[str, Any] = load_weights(FIRST)[1]["interval_95"]

    def regress(self, bone_map: BoneMap, sex: Sex) -> RegressionEstimate:
        """Read the age of one hand.

        Parameters
        ----------
        bone_map:
            The hand on the fine grid: its picture and its joints.
        sex:
            ``M`` or ``F``.

        Returns
        -------
        RegressionEstimate
            The interval holds the ages between whose bounds the answer lies: by sex, shaped by held-out ages of `train`
            films and wide enough for 95 % of the `tune` films.
        """
        months = min(max(self.months(bone_map, sex), YOUNGEST_MONTHS), OLDEST_MONTHS)
        bounds = self._interval
        low, high = belt_interval(months, 1.0, ages=bounds["ages"], low=bounds["low"][sex], high=bounds["high"][sex])
        return RegressionEstimate(months, (max(low, YOUNGEST_MONTHS), min(high, OLDEST_MONTHS)))

    def months(self, bone_map: BoneMap, sex: Sex | None) -> float:
        """Return the age in months alone; the sex may be unknown."""
        return ages_of(self._net, _regions(bone_map), sex)[0]

    def effects(self, bone_map: BoneMap, sex: Sex) -> tuple[RegionEffect, ...]:
        """Return what each region of a hand contributes to its age, by hiding it (see `boneage.regression.occlusion`).

        Costs about seventeen readings.
        """
        corners = region_corners(_joints(bone_map))
        whole, *hidden = ages_of(self._net, hide_each(_regions(bone_map)), sex)
        return tuple(
            RegionEffect(region, whole - age, corners[region]) for region, age in zip(REGIONS, hidden, strict=True)
        )


def ages_of(net: nn.Module, regions: Regions, sex: Sex | None) -> list[float]:
    """Return the ages in months of n hands of one sex (``None``: unknown)."""
    codes = torch.full((len(regions.wrist),), SEX_CODES[sex])
    with torch.inference_mode():
        ages: list[float] = net(regions, codes).tolist()
    return ages


def _joints(bone_map: BoneMap) -> dict[str, Point]:
    return {name: np.asarray(place) for name, place in bone_map.joints.items()}


def _regions(bone_map: BoneMap) -> Regions:
    picture = as_fine_as_learned(torch.from_numpy(bone_map.pixels)[None, None], FINE_PALM * bone_map.frame.scale)
    return cut_regions(picture, _joints(bone_map))
