"""The age straight from the picture: the shipped regression networks and their calibrated interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from boneage.network_weights import load_weights
from boneage.radiograph.radiograph import Sex
from boneage.regression.network import INPUT_SHAPE, SEX_CODES, AgeNetwork
from boneage.regression.occlusion import (
    REGIONS,
    RegionEffect,
    hide_each,
    hide_each_in_picture,
    region_corners,
)
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import cut_regions
from boneage.segmentation.bone_map import BoneMap
from boneage.segmentation.resample import overview
from boneage.segmentation.sites import Point


@dataclass(frozen=True)
class RegressionEstimate:
    """Bone age in months and its 95 % interval."""

    months: float
    interval_95: tuple[float, float]


def shrink(pictures: Tensor) -> Tensor:
    """Shrink pictures in the hand frame (n, 1, rows, columns) to `INPUT_SHAPE`, sampled as in training."""
    return functional.interpolate(pictures, size=INPUT_SHAPE, mode="bilinear", align_corners=False)


class Regressor:
    """The shipped regression networks, loaded once: one sees the whole hand, one its joints and wrist close up.

    The answer is their weighted mean; weight and interval were fitted on `tune`.
    """

    def __init__(self) -> None:
        tensors, entry = load_weights("regression")
        self._whole = ready(AgeNetwork(tuple(entry["widths"]), tuple(entry["blocks"])), tensors)
        tensors, entry = load_weights("regression_regions")
        self._regions = ready(RegionalNetwork(tuple(entry["joint_features"]), tuple(entry["wrist_features"])), tensors)
        self._share: float = entry["share"]
        self._interval: dict[str, Any] = entry["interval_95"]

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
            The interval is split-conformal: its half width, by sex and age, holds 95 % of the `tune` films.
        """
        months = self.months(bone_map, sex)
        half = float(np.interp(months, self._interval["ages"], self._interval[sex]))
        return RegressionEstimate(months, (max(0.0, months - half), months + half))

    def months(self, bone_map: BoneMap, sex: Sex | None) -> float:
        """Return the age in months alone; the sex may be unknown."""
        picture = torch.from_numpy(bone_map.pixels)[None, None]
        joints = {name: np.asarray(place) for name, place in bone_map.joints.items()}
        whole, regions = both_ages(self._whole, self._regions, picture, joints, sex)
        return self._share * regions + (1 - self._share) * whole

    def effects(self, bone_map: BoneMap, sex: Sex) -> tuple[RegionEffect, ...]:
        """Return what each region of a hand contributes to its age, by hiding it (see `boneage.regression.occlusion`).

        Costs about seventeen readings.
        """
        picture = torch.from_numpy(bone_map.pixels)[None, None]
        joints = {name: np.asarray(place) for name, place in bone_map.joints.items()}
        corners = region_corners(joints)
        small = shrink(overview(picture))
        hidden = hide_each_in_picture(small, corners, bone_map.pixels.shape[0] / small.shape[-2])
        codes = torch.full((len(hidden),), SEX_CODES[sex])
        with torch.inference_mode():
            whole = self._whole(hidden.contiguous(memory_format=torch.channels_last), codes)
            regions = self._regions(hide_each(cut_regions(picture, joints)), codes)
        ages = (self._share * regions + (1 - self._share) * whole).tolist()
        return tuple(
            RegionEffect(region, ages[0] - age, corners[region]) for region, age in zip(REGIONS, ages[1:], strict=True)
        )


def both_ages(
    whole: nn.Module, regions: nn.Module, picture: Tensor, joints: Mapping[str, Point], sex: Sex | None
) -> tuple[float, float]:
    """Return the ages in months that the two networks read from one hand.

    Parameters
    ----------
    whole, regions:
        An `AgeNetwork` and a `RegionalNetwork`, ready to read with.
    picture:
        (1, 1, rows, columns) on the fine grid, normalised.
    joints:
        The 21 joints, ``[x, y]`` on the fine grid.
    sex:
        ``None`` where it is not known.
    """
    code = torch.tensor([SEX_CODES[sex]])
    with torch.inference_mode():
        small = shrink(overview(picture)).to(memory_format=torch.channels_last)
        return float(whole(small, code)[0]), float(regions(cut_regions(picture, joints), code)[0])


def ready(net: nn.Module, tensors: dict[str, Tensor]) -> nn.Module:
    """Return a network with its weights, in the state to read with."""
    net.load_state_dict(tensors)
    return net.eval().to(memory_format=torch.channels_last)
