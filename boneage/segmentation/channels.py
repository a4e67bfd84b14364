"""The channels of the segmentation network, and how they become one label map.

Tissue (what a pixel is) and bone (whose it is) are asked separately: the first needs every pixel, the second only the
neighbourhood, and 4 + 22 answers are learned from fewer films than 44.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from boneage.anatomy import BONES, CARPAL_VALUES, LABEL_VALUES, epiphysis_of

TISSUES: Final = ("background", "shaft", "epiphysis", "carpal")
OWNERS: Final = (*BONES, "carpals")
CHANNELS: Final = len(TISSUES) + len(OWNERS)

_SHAFT_VALUES: Final = np.array([LABEL_VALUES[bone] for bone in BONES], dtype=np.int64)
_EPIPHYSIS_VALUES: Final = np.array([LABEL_VALUES[epiphysis_of(bone)] for bone in BONES], dtype=np.int64)

TISSUE_OF_LABEL: Final = np.full(256, 255, dtype=np.uint8)
"""Tissue of each label value, 255 where it is not known."""
OWNER_OF_LABEL: Final = np.full(256, 255, dtype=np.uint8)
"""Owner of each label value, 255 where there is none or it is not known."""
TISSUE_OF_LABEL[0] = 0
for _number, (_shaft, _epiphysis) in enumerate(zip(_SHAFT_VALUES, _EPIPHYSIS_VALUES, strict=True)):
    TISSUE_OF_LABEL[_shaft], TISSUE_OF_LABEL[_epiphysis] = 1, 2
    OWNER_OF_LABEL[_shaft] = OWNER_OF_LABEL[_epiphysis] = _number
TISSUE_OF_LABEL[list(CARPAL_VALUES)] = 3
OWNER_OF_LABEL[list(CARPAL_VALUES)] = len(BONES)


OWNER_STEP: Final = 2
"""Owners are learned, and read, at every second row and column only."""


def split_channels(answer: Tensor) -> tuple[Tensor, Tensor]:
    """Split (n, `CHANNELS`, h, w) into tissue (n, 4) and owner (n, 22) channels."""
    tissue, owner = answer.split([len(TISSUES), len(OWNERS)], dim=1)
    return tissue, owner


def label_map(answer: Tensor, *, finer: int = 1) -> Tensor:
    """Return the label map (n, finer * h, finer * w), ``uint8`` values of `LABELS`, of an answer (n, `CHANNELS`, h, w).

    The tissue is interpolated bilinearly before it is decided, which keeps outlines smooth on a finer grid.
    """
    tissue, owner = split_channels(answer)
    if finer > 1:
        tissue = functional.interpolate(tissue, scale_factor=finer, mode="bilinear", align_corners=False)
    return label_of(tissue.argmax(dim=1), bone_of(owner, finer=finer))


def bone_of(owner: Tensor, *, finer: int = 1) -> Tensor:
    """Return the likeliest bone (n, finer * h, finer * w), places in `BONES`, of owner channels (n, 22, h, w)."""
    bone = owner[:, : len(BONES), ::OWNER_STEP, ::OWNER_STEP].argmax(dim=1)
    repeats = OWNER_STEP * finer
    return bone.repeat_interleave(repeats, dim=1).repeat_interleave(repeats, dim=2)


def label_of(kind: Tensor, bone: Tensor) -> Tensor:
    """Return the label values, ``uint8``, of tissues (places in `TISSUES`) and bones (places in `BONES`)."""
    shaft = torch.from_numpy(_SHAFT_VALUES)[bone]
    epiphysis = torch.from_numpy(_EPIPHYSIS_VALUES)[bone]
    labels = torch.zeros_like(kind)
    labels = torch.where(kind == 1, shaft, labels)
    labels = torch.where(kind == 2, epiphysis, labels)
    labels = torch.where(kind == 3, torch.full_like(labels, LABEL_VALUES["carpals"]), labels)
    return labels.to(torch.uint8)
