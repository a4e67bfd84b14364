"""The fine stage: every joint and the wrist segmented again on the fine grid, and laid into one label map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from boneage.segmentation.channels import label_map
from boneage.segmentation.forearm import follow_shafts
from boneage.segmentation.hand_frame import FINENESS
from boneage.segmentation.locator import load_unet
from boneage.segmentation.metacarpals import complete_metacarpals
from boneage.segmentation.resample import normalise, sample
from boneage.segmentation.scraps import drop_scraps
from boneage.segmentation.sesamoid import outline_sesamoid
from boneage.segmentation.sites import (
    JOINT_CLASSES,
    JOINT_SITES,
    WRIST_CORNER,
    WRIST_SHAPE,
    JointSite,
    Point,
    joint_patch,
)
from boneage.segmentation.unet import FoldedUNet
from boneage.segmentation.wrist import WRIST_VALUES, tidy_carpals, wrist_labels

MARGIN: Final = 6
"""Pixels at the border of a patch that are not believed: the network sees too little round them."""


class JointNetwork:
    """The shipped network of the finger joints, on upright patches."""

    def __init__(self, net: FoldedUNet | None = None) -> None:
        self._net = net or load_unet("joints")

    def answer(self, patches: Tensor) -> Tensor:
        """Return logits (n, `JOINT_CLASSES`, size, size), float32, of normalised patches (n, 1, size, size)."""
        return _answer(self._net, patches)


class WristNetwork:
    """The shipped network of the wrist."""

    def __init__(self, net: FoldedUNet | None = None) -> None:
        self._net = net or load_unet("wrist")

    def answer(self, patches: Tensor) -> Tensor:
        """Return all channels (n, `WRIST_CHANNELS`, h, w), float32, of normalised patches (n, 1, h, w)."""
        return _answer(self._net, patches)


def _answer(net: FoldedUNet, patches: Tensor) -> Tensor:
    with torch.inference_mode():
        answer: Tensor = net(patches.to(memory_format=torch.channels_last))
    return answer.float()


def of_one_size() -> Iterator[tuple[int, tuple[JointSite, ...]]]:
    """Yield the sites of each patch size, which the network sees together."""
    for size in sorted({site.size for site in JOINT_SITES}, reverse=True):
        yield size, tuple(site for site in JOINT_SITES if site.size == size)


def cut_patches(picture: Tensor, matrices: Sequence[NDArray[np.float64]], size: int) -> Tensor:
    """Return normalised patches (n, 1, size, size) of one picture (1, 1, rows, columns) on the fine grid."""
    maps = torch.from_numpy(np.stack(matrices)[:, :2])
    pixels, inside = sample(picture.expand(len(matrices), -1, -1, -1), maps, (size, size))
    return normalise(pixels, inside)


def cut_wrist(picture: Tensor) -> Tensor:
    """Return the normalised wrist's patch (1, 1, *`WRIST_SHAPE`) of a picture on the fine grid."""
    (x, y), (rows, columns) = WRIST_CORNER, WRIST_SHAPE
    patch = picture[:, :, y : y + rows, x : x + columns]
    return normalise(patch, torch.ones_like(patch, dtype=torch.bool))


class FineStage:
    """Both networks of the fine stage, loaded once."""

    def __init__(self, joints: JointNetwork | None = None, wrist: WristNetwork | None = None) -> None:
        self._joints = joints or JointNetwork()
        self._wrist = wrist or WristNetwork()

    def labels(self, picture: Tensor, coarse: Tensor, joints: Mapping[str, Point]) -> NDArray[np.uint8]:
        """Return the label map of a hand on the fine grid.

        Parameters
        ----------
        picture:
            (1, 1, rows, columns) on the fine grid, normalised.
        coarse:
            Answer of the first network (1, `CHANNELS`, rows / 2, columns / 2).
        joints:
            The 21 joints, ``[x, y]`` on the fine grid.

        Returns
        -------
        array of uint8
            (rows, columns): the first network's labels, where neither a joint's patch nor the wrist's says otherwise,
            completed by grey levels.
        """
        labels = label_map(coarse, finer=FINENESS)[0].numpy()
        wrist = wrist_labels(self._wrist.answer(cut_wrist(picture)))[0].numpy()
        tidy_carpals(wrist)
        lay_wrist(labels, wrist)
        for size, sites in of_one_size():
            matrices = [joint_patch(site, joints) for site in sites]
            answers = self._joints.answer(cut_patches(picture, matrices, size))
            for site, matrix, answer in zip(sites, matrices, answers, strict=True):
                lay_joint(labels, site, matrix, answer)
        pixels = picture[0, 0].numpy()
        complete_metacarpals(labels, pixels)
        follow_shafts(labels, pixels, WRIST_CORNER[1] + WRIST_SHAPE[0] - MARGIN)
        drop_scraps(labels)
        outline_sesamoid(labels, pixels, joints)
        return labels


def lay_wrist(labels: NDArray[np.uint8], found: NDArray[np.uint8]) -> None:
    """Lay the wrist's labels into the map, in place: what the patch decides on is replaced in its inside."""
    (x, y), (rows, columns) = WRIST_CORNER, WRIST_SHAPE
    inner = slice(MARGIN, rows - MARGIN), slice(MARGIN, columns - MARGIN)
    target = labels[y : y + rows, x : x + columns][inner]
    new = found[inner]
    target[np.isin(target, WRIST_VALUES) | (new > 0)] = 0
    np.copyto(target, new, where=new > 0)


def lay_joint(labels: NDArray[np.uint8], site: JointSite, matrix: NDArray[np.float64], answer: Tensor) -> None:
    """Lay one joint's answer (`JOINT_CLASSES`, size, size) into the map, in place.

    Pixels of the joint's own bones that the patch calls background are cleared, what it names is named.
    """
    inverse = np.linalg.inv(matrix)
    corners = np.array([[0, 0, 1], [site.size - 1, 0, 1], [0, site.size - 1, 1], [site.size - 1, site.size - 1, 1]])
    reach = corners @ matrix.T[:, :2]
    low = np.maximum(np.floor(reach.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(reach.max(axis=0)).astype(int) + 1, labels.shape[::-1])
    if (high <= low).any():
        return
    to_patch = inverse.copy()
    to_patch[:2, 2] += inverse[:2, :2] @ low
    values = site.label_values
    possible = torch.from_numpy((values > 0) | (np.arange(len(JOINT_CLASSES)) == 0))
    answer = answer.masked_fill(~possible[:, None, None], -1e4)
    shape = (int(high[1] - low[1]), int(high[0] - low[0]))
    there, _ = sample(answer[None], torch.from_numpy(to_patch[None, :2]), shape)
    ys, xs = np.mgrid[: shape[0], : shape[1]]
    places = np.stack([xs, ys, np.ones_like(xs)], axis=-1) @ to_patch.T[:, :2]
    believed = ((places >= MARGIN) & (places <= site.size - 1 - MARGIN)).all(axis=-1)
    found = values[there[0].argmax(dim=0).numpy()]
    target = labels[low[1] : high[1], low[0] : high[0]]
    own = np.isin(target, values[values > 0])
    target[believed & own] = 0
    np.copyto(target, found, where=believed & (found > 0))
