"""The age straight from the picture: the shipped regression network and its calibrated interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from boneage.network_weights import load_weights
from boneage.radiograph.radiograph import Sex
from boneage.regression.network import INPUT_SHAPE, SEX_CODES, AgeNetwork
from boneage.segmentation.resample import overview


@dataclass(frozen=True)
class RegressionEstimate:
    """Bone age in months and its 95 % interval."""

    months: float
    interval_95: tuple[float, float]


def shrink(pictures: Tensor) -> Tensor:
    """Shrink pictures in the hand frame (n, 1, rows, columns) to `INPUT_SHAPE`, sampled as in training."""
    return functional.interpolate(pictures, size=INPUT_SHAPE, mode="bilinear", align_corners=False)


class Regressor:
    """The shipped regression network, loaded once."""

    def __init__(self) -> None:
        tensors, entry = load_weights("regression")
        self._net = AgeNetwork(tuple(entry["widths"]), tuple(entry["blocks"]))
        self._net.load_state_dict(tensors)
        self._net.eval().to(memory_format=torch.channels_last)
        self._interval: dict[str, Any] = entry["interval_95"]

    def regress(self, pixels: NDArray[np.float32], sex: Sex) -> RegressionEstimate:
        """Read the age from the picture of the hand on the fine grid.

        Parameters
        ----------
        pixels:
            ``float32`` of shape `boneage.segmentation.hand_frame.FINE_SHAPE`, normalised, bone bright.
        sex:
            ``M`` or ``F``.

        Returns
        -------
        RegressionEstimate
            The interval is split-conformal: its half width, by sex and age, holds 95 % of the `tune` films.
        """
        picture = shrink(overview(torch.from_numpy(pixels)[None, None]))
        with torch.inference_mode():
            age = self._net(picture.to(memory_format=torch.channels_last), torch.tensor([SEX_CODES[sex]]))
        months = float(age[0])
        half = float(np.interp(months, self._interval["ages"], self._interval[sex]))
        return RegressionEstimate(months, (max(0.0, months - half), months + half))
