"""Finds the hand: 21 joints on the whole film, and from them the hand frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from boneage.anatomy import JOINTS
from boneage.network_weights import load_weights
from boneage.segmentation.joints import heat_map_points
from boneage.segmentation.resample import normalise, warp
from boneage.segmentation.unet import FoldedUNet

LOCATOR_SIZE: Final = 192
"""Height and width of the square that the whole film is laid into."""


@dataclass(frozen=True, eq=False)
class Located:
    """Joints of one film in the order of `JOINTS`: ``points`` (21, 2), film pixels ``[x, y]``, ``confidence`` (21,)."""

    points: NDArray[np.float64]
    confidence: NDArray[np.float64]


def letterbox_matrix(height: int, width: int, size: int = LOCATOR_SIZE) -> NDArray[np.float64]:
    """Return the (3, 3) map from the square to film pixels: the film centred, its long side filling the square."""
    scale = max(height, width) / size
    matrix = np.diag([scale, scale, 1.0])
    matrix[:2, 2] = np.array([(width - 1) / 2, (height - 1) / 2]) - scale * (size - 1) / 2
    return matrix


def load_unet(name: str) -> FoldedUNet:
    """Return a shipped U-Net, ready to read with; raises `WeightsError`."""
    tensors, entry = load_weights(name)
    net = FoldedUNet(int(entry["inputs"]), int(entry["outputs"]), tuple(entry["features"]))
    net.load_state_dict(tensors)
    return net.eval().to(memory_format=torch.channels_last)


class Locator:
    """The shipped locator network."""

    def __init__(self, net: FoldedUNet | None = None) -> None:
        self._net = net or load_unet("locator")

    def heat_maps(self, images: Tensor) -> Tensor:
        """Return heat-map logits (n, 21, size, size) of normalised squares (n, 1, size, size)."""
        with torch.inference_mode():
            answer: Tensor = self._net(images.to(memory_format=torch.channels_last))
        return answer.float()

    def locate(self, pixels: NDArray[np.float32]) -> Located:
        """Find the joints on a film of shape (rows, columns), bone bright."""
        matrix = letterbox_matrix(*pixels.shape)
        image, inside = warp(pixels, matrix[:2], (LOCATOR_SIZE, LOCATOR_SIZE))
        points, confidence = heat_map_points(self.heat_maps(normalise(image, inside)))
        film = points[0].double().numpy() @ matrix[:2, :2].T + matrix[:2, 2]
        return Located(film, confidence[0].double().numpy())


def joints_of(points: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    """Name an array of points (21, 2) by joint."""
    return {name: (float(x), float(y)) for name, (x, y) in zip(JOINTS, points, strict=True)}
