"""The direct-regression network: a compact residual network from the hand frame and the sex to a distribution of age.

The answer is one number in units of `AGE_SD` about `AGE_MEAN`. (A distribution over 241 months was tried first: it had
not learned more than the mean age after two epochs.)
"""

from __future__ import annotations

import math
from typing import Final

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

AGE_MEAN: Final = 127.0
"""Mean bone age of the training films in months."""

AGE_SD: Final = 41.0
"""Standard deviation of the bone age of the training films in months."""

INPUT_SHAPE: Final = (208, 176)
"""Rows and columns of the picture, the hand frame shrunk."""

SEX_CODES: Final = {"F": 0, "M": 1, None: 2}
"""Code of the sex; the network knows the unknown one too."""


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions with normalisation and a shortcut; the last normalisation starts at zero."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        nn.init.zeros_(self.norm2.weight)
        self.short = (
            nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
            if inputs != outputs
            else nn.Identity()
        )
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Return features (n, outputs, h / stride, w / stride)."""
        short = functional.avg_pool2d(x, self.stride, ceil_mode=True) if self.stride > 1 else x
        y = functional.relu(self.norm1(self.conv1(x)), inplace=True)
        return functional.relu(self.norm2(self.conv2(y)) + self.short(short), inplace=True)


class AgeNetwork(nn.Module):
    """Residual network of four stages.

    Every hand lies alike in its frame, so what is seen *where* is kept (as in the networks that compare aligned faces),
    beside the mean over all places. The sex scales and shifts the hidden features before the answer.
    """

    def __init__(
        self, widths: tuple[int, ...] = (32, 64, 128, 256, 384), blocks: tuple[int, ...] = (1, 2, 2, 2)
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(inplace=True),
        )
        stages: list[nn.Module] = []
        inputs = widths[0]
        for width, count in zip(widths[1:], blocks, strict=True):
            for number in range(count):
                stages.append(ResidualBlock(inputs, width, 2 if number == 0 else 1))
                inputs = width
        self.stages = nn.Sequential(*stages)
        self.narrow = nn.Sequential(nn.Conv2d(inputs, 48, 1, bias=False), nn.BatchNorm2d(48), nn.ReLU(inplace=True))
        places = math.prod(-(-side // 2 ** len(widths)) for side in INPUT_SHAPE)
        self.hidden = nn.Linear(inputs + 48 * places, 128)
        self.sex = nn.Embedding(3, 2 * 128)
        nn.init.zeros_(self.sex.weight)
        self.answer = nn.Linear(128, 1)

    def forward(self, pictures: Tensor, sexes: Tensor) -> Tensor:
        """Return ages (n,) in months for pictures (n, 1, rows, columns) and sex codes (n,)."""
        features = self.stages(self.stem(pictures.contiguous(memory_format=torch.channels_last)))
        described = torch.cat([features.mean(dim=(2, 3)), self.narrow(features).flatten(1)], dim=1)
        scale, shift = self.sex(sexes).chunk(2, dim=1)
        hidden = functional.relu(self.hidden(described) * (1 + scale) + shift)
        answer: Tensor = self.answer(hidden)[:, 0].float()
        return AGE_MEAN + AGE_SD * answer
