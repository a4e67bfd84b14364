"""The regional network: the age from fifteen finger joints and the wrist, each seen upright and close.

Its encoders are those of the fine segmentation networks, which have learned where growth plates, epiphyses and carpals
are, fitted on to the age; the first levels are kept as they were.
"""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from boneage.regression.network import AGE_MEAN, AGE_SD, ResidualBlock
from boneage.regression.regions import KNUCKLES, SMALL_JOINTS, WRIST_SIZE, Regions
from boneage.segmentation.unet import LEAK

Features = tuple[int, int, int, int, int]
KEPT_LEVELS: Final = 2
"""Levels of the encoders that training leaves as the segmentation has learned them."""

SITES: Final = len(KNUCKLES) + len(SMALL_JOINTS)

AGES: Final = tuple(range(0, 241, 3))
"""Ages in months over which a network that answers with a distribution spreads it."""


class Encoder(nn.Module):
    """The way down of `boneage.segmentation.unet.FoldedUNet`: five levels of two convolutions, max pooling between."""

    def __init__(self, features: Features) -> None:
        super().__init__()
        inputs = (1, *features[:-1])
        self.down = nn.ModuleList(
            nn.ModuleList([nn.Conv2d(i, o, 3, padding=1), nn.Conv2d(o, o, 3, padding=1)])
            for i, o in zip(inputs, features, strict=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return features (n, channels, h / 16, w / 16) of pictures (n, 1, h, w)."""
        last = len(self.down) - 1
        for level, (first, second) in enumerate(pair.children() for pair in self.down):
            learning = torch.is_grad_enabled() and level >= KEPT_LEVELS
            with torch.set_grad_enabled(learning):
                x = second(functional.leaky_relu(first(x), LEAK, inplace=True))
                x = functional.max_pool2d(x, 2) if level < last else x  # before the rectifier: the same, and faster
                x = functional.leaky_relu(x, LEAK, inplace=True)
        return x


class RegionalNetwork(nn.Module):
    """A short description of every region, put together to one age.

    Parameters
    ----------
    joint_features, wrist_features:
        Channels of the five levels of both encoders.
    distribution:
        Whether it answers with a distribution over `AGES`, whose mean is the age, in place of one number.
    """

    ages: Tensor

    def __init__(self, joint_features: Features, wrist_features: Features, *, distribution: bool = False) -> None:
        super().__init__()
        self.joints, self.wrist = Encoder(joint_features), Encoder(wrist_features)
        channels, narrow, places, token = joint_features[-1], 32, 4, 64
        self.joint_narrow = nn.Conv2d(channels, narrow, 1)
        described = narrow * places**2 + 2 * channels
        self.joint_norm = nn.BatchNorm1d(described)
        self.site_weight = nn.Parameter(torch.randn(SITES, described, token) * (2 / described) ** 0.5)
        self.site_bias = nn.Parameter(torch.zeros(SITES, 1, token))
        self.carpals = ResidualBlock(wrist_features[-1], 256, 2)
        self.carpal_narrow = nn.Conv2d(256, 48, 1)
        described = 48 * (WRIST_SIZE // 32) ** 2 + 2 * 256
        self.carpal_norm = nn.BatchNorm1d(described)
        self.carpal_token = nn.Linear(described, 256)
        self.drop = nn.Dropout(0.2)
        self.hidden = nn.Linear(SITES * token + 256, 256)
        self.sex = nn.Embedding(3, 2 * 256)
        nn.init.zeros_(self.sex.weight)
        self.answer = nn.Linear(256, len(AGES) if distribution else 1)
        self.distribution = distribution
        self.register_buffer("ages", torch.tensor(AGES, dtype=torch.float32), persistent=False)
        if distribution:  # begins as the ages of the training films are spread
            nn.init.zeros_(self.answer.weight)
            with torch.no_grad():
                self.answer.bias.copy_(-((self.ages - AGE_MEAN) ** 2) / (2 * AGE_SD**2))

    def _joint_descriptions(self, patches: Tensor) -> Tensor:
        """Return descriptions (n, sites, k) of patches (n, sites, 1, size, size)."""
        n, sites = patches.shape[:2]
        found = self.joints(patches.flatten(0, 1).contiguous(memory_format=torch.channels_last))
        narrow = functional.adaptive_avg_pool2d(functional.relu(self.joint_narrow(found)), 4)
        described = torch.cat([narrow.flatten(1), found.mean(dim=(2, 3)), found.amax(dim=(2, 3))], dim=1)
        return described.view(n, sites, -1)

    def forward(self, regions: Regions, sexes: Tensor) -> Tensor:
        """Return ages (n,) in months for the regions of n hands and sex codes (n,)."""
        said = self.said(regions, sexes)
        if self.distribution:
            return (said.softmax(dim=1) * self.ages).sum(dim=1)
        return AGE_MEAN + AGE_SD * said[:, 0]

    def said(self, regions: Regions, sexes: Tensor) -> Tensor:
        """Return what the age is made of: logits (n, `AGES`), or (n, 1) in units of `AGE_SD` about `AGE_MEAN`."""
        joints = torch.cat([self._joint_descriptions(part) for part in (regions.knuckles, regions.small_joints)], dim=1)
        n, sites, length = joints.shape
        joints = self.joint_norm(joints.reshape(n * sites, length).float()).view(n, sites, length).transpose(0, 1)
        tokens = torch.baddbmm(self.site_bias, joints.to(self.site_weight.dtype), self.site_weight)
        wrist = self.carpals(self.wrist(regions.wrist.contiguous(memory_format=torch.channels_last)))
        narrow = functional.relu(self.carpal_narrow(wrist)).flatten(1)
        described = torch.cat([narrow, wrist.mean(dim=(2, 3)), wrist.amax(dim=(2, 3))], dim=1)
        carpals = self.carpal_token(self.carpal_norm(described.float()))
        together = torch.cat([tokens.transpose(0, 1).reshape(n, -1), carpals], dim=1)
        scale, shift = self.sex(sexes).chunk(2, dim=1)
        hidden = functional.relu(self.hidden(self.drop(functional.relu(together))) * (1 + scale) + shift)
        answer: Tensor = self.answer(hidden).float()
        return answer
