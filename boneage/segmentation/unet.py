"""The U-Net as it is read with: MONAI's `BasicUNet` with its normalisation folded into the convolutions.

Training uses MONAI's own network; `boneage.training.export.fold` turns its weights into those of this one, which gives
the same answer (tested) without importing MONAI, which takes seconds, and without the normalisation's cost.
"""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

LEAK = 0.1
"""Slope of the leaky rectifier below zero."""


def _pair(inputs: int, outputs: int) -> nn.ModuleList:
    return nn.ModuleList([nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)])


class FoldedUNet(nn.Module):
    """A U-Net of depth 4 with two convolutions a level, max pooling down and transposed convolutions up.

    Parameters
    ----------
    inputs, outputs:
        Channels of the picture and of the answer.
    features:
        Channels of the five levels, and of the last one on the way up, as in MONAI's `BasicUNet`.
    """

    def __init__(self, inputs: int, outputs: int, features: tuple[int, int, int, int, int, int]) -> None:
        super().__init__()
        f = features
        self.down = nn.ModuleList([_pair(inputs, f[0]), *(_pair(f[i], f[i + 1]) for i in range(4))])
        up_outputs = (f[3], f[2], f[1], f[5])
        below = (f[4], f[3], f[2], f[1])
        halves = (f[4] // 2, f[3] // 2, f[2] // 2, f[1])
        skips = (f[3], f[2], f[1], f[0])
        self.raise_ = nn.ModuleList([nn.ConvTranspose2d(b, h, 2, stride=2) for b, h in zip(below, halves, strict=True)])
        self.up = nn.ModuleList([_pair(s + h, o) for s, h, o in zip(skips, halves, up_outputs, strict=True)])
        self.last = nn.Conv2d(f[5], outputs, 1)

    @staticmethod
    def _twice(pair: nn.Module, x: Tensor) -> Tensor:
        for convolution in pair.children():
            x = functional.leaky_relu(convolution(x), LEAK, inplace=True)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Return the answer (n, outputs, h, w) for pictures (n, inputs, h, w); h and w must be multiples of 16."""
        skips: list[Tensor] = []
        for level, pair in enumerate(self.down):
            x = self._twice(pair, functional.max_pool2d(x, 2) if level else x)
            skips.append(x)
        skips.pop()
        for raise_, pair in zip(self.raise_, self.up, strict=True):
            x = self._twice(pair, torch.cat([skips.pop(), raise_(x)], dim=1))
        return self.last(x)
