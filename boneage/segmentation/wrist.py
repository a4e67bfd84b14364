"""The channels of the wrist network: tissue, and whose it is, with every carpal by its name."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from boneage.anatomy import CARPALS, LABEL_VALUES, epiphysis_of
from boneage.segmentation.channels import TISSUES
from boneage.segmentation.sites import WRIST_BONES

WRIST_OWNERS: Final = (*WRIST_BONES, *CARPALS)
WRIST_CHANNELS: Final = len(TISSUES) + len(WRIST_OWNERS)
WITH_EPIPHYSIS: Final = ("radius", "ulna", "metacarpal_1")
"""The bones of the wrist's patch whose epiphysis lies in it."""

SURE_NAME: Final = 0.5
"""Probability from which a carpal gets its name; below, it is ``carpals``."""

WRIST_TISSUE: Final = np.full(256, 255, dtype=np.uint8)
"""Tissue of each label value in the wrist's patch (0 for what the patch's network does not look for)."""
WRIST_OWNER: Final = np.full(256, 255, dtype=np.uint8)
"""Place in `WRIST_OWNERS` of each label value, 255 where there is none."""
WRIST_TISSUE[:52] = 0
for _place, _name in enumerate(WRIST_OWNERS):
    WRIST_TISSUE[LABEL_VALUES[_name]] = 3 if _name in CARPALS else 1
    WRIST_OWNER[LABEL_VALUES[_name]] = _place
for _name in WITH_EPIPHYSIS:
    WRIST_TISSUE[LABEL_VALUES[epiphysis_of(_name)]] = 2
    WRIST_OWNER[LABEL_VALUES[epiphysis_of(_name)]] = WRIST_OWNERS.index(_name)
WRIST_TISSUE[LABEL_VALUES["carpals"]] = 3

WRIST_VALUES: Final = np.flatnonzero((WRIST_TISSUE > 0) & (WRIST_TISSUE < 255)).astype(np.uint8)
"""Every label value that the wrist network decides on."""

_SHAFTS: Final = np.array([LABEL_VALUES[name] for name in WRIST_BONES], dtype=np.int64)
_EPIPHYSES: Final = np.array([LABEL_VALUES[epiphysis_of(name)] for name in WITH_EPIPHYSIS], dtype=np.int64)
_CARPALS: Final = np.array([LABEL_VALUES[name] for name in CARPALS], dtype=np.int64)
_EPIPHYSIS_OWNERS: Final = [WRIST_OWNERS.index(name) for name in WITH_EPIPHYSIS]


def wrist_labels(answer: Tensor) -> Tensor:
    """Return the label map (n, h, w), ``uint8``, of the wrist network's answer (n, `WRIST_CHANNELS`, h, w)."""
    tissue, owner = answer.split([len(TISSUES), len(WRIST_OWNERS)], dim=1)
    kind = tissue.argmax(dim=1)
    shaft = torch.from_numpy(_SHAFTS)[owner[:, : len(WRIST_BONES)].argmax(dim=1)]
    epiphysis = torch.from_numpy(_EPIPHYSES)[owner[:, _EPIPHYSIS_OWNERS].argmax(dim=1)]
    sure, best = owner[:, len(WRIST_BONES) :].softmax(dim=1).max(dim=1)
    carpal = torch.from_numpy(_CARPALS)[best]
    carpal = torch.where(sure >= SURE_NAME, carpal, torch.full_like(carpal, LABEL_VALUES["carpals"]))
    labels = torch.zeros_like(kind)
    for value, named in ((1, shaft), (2, epiphysis), (3, carpal)):
        labels = torch.where(kind == value, named, labels)
    return labels.to(torch.uint8)


def tidy_carpals(labels: NDArray[np.uint8]) -> None:
    """Leave every carpal in one piece, in place: scraps go to the carpal that they touch most, or lose their name."""
    values = [LABEL_VALUES[name] for name in CARPALS]
    scraps: list[tuple[tuple[slice, ...], NDArray[np.bool_]]] = []
    for value in values:
        components, count = ndimage.label(labels == value, structure=np.ones((3, 3)))
        if count < 2:
            continue
        sizes = np.bincount(components.ravel())
        for number, box in enumerate(ndimage.find_objects(components), start=1):
            if number != sizes[1:].argmax() + 1:
                rows, columns = (slice(max(0, side.start - 1), side.stop + 1) for side in box)
                scraps.append(((rows, columns), components[rows, columns] == number))
    for box, scrap in scraps:
        labels[box][scrap] = LABEL_VALUES["carpals"]
    for box, scrap in scraps:
        crop = labels[box]
        rim = crop[ndimage.binary_dilation(scrap, structure=np.ones((3, 3))) & ~scrap]
        beside = rim[np.isin(rim, values)]
        if beside.size:
            crop[scrap] = np.bincount(beside).argmax()
