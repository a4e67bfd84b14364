"""From a film to its bone map: find the hand, lay it into its frame, name every pixel, look again at the joints."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from boneage.anatomy import JOINTS
from boneage.errors import Refusal
from boneage.radiograph.radiograph import Notice, Radiograph
from boneage.segmentation.bone_map import BoneMap, HandFrame
from boneage.segmentation.bright_frame import without_bright_frame
from boneage.segmentation.edge_flesh import flesh_to_edge
from boneage.segmentation.fine import FineStage
from boneage.segmentation.hand_checks import (
    EDGE_SHARE,
    FULL_RESOLUTION,
    check_bones,
    check_cut_off,
    check_joints,
    edge_notices,
    tips_at_edge,
    unsure_joints,
)
from boneage.segmentation.hand_frame import PALM_PIXELS, finer, frame_of_joints
from boneage.segmentation.locator import Located, Locator, joints_of, load_unet
from boneage.segmentation.other_hands import check_beside, hands_in_parts, refuse_several
from boneage.segmentation.resample import normalise, overview, warp
from boneage.segmentation.unet import FoldedUNet

LEAST_SIDE: Final = 64
"""Shortest side of a film that a hand can be found on, in pixels."""


class BoneNetwork:
    """The shipped segmentation network, on pictures in the hand frame."""

    def __init__(self, net: FoldedUNet | None = None) -> None:
        self._net = net or load_unet("segmentation")

    def answer(self, pictures: Tensor) -> Tensor:
        """Return all channels (n, `CHANNELS`, h, w), float32, for normalised pictures (n, 1, h, w)."""
        with torch.inference_mode():
            answer: Tensor = self._net(pictures.to(memory_format=torch.channels_last))
        return answer.float()


def bone_map(picture: Tensor, labels: NDArray[np.uint8], frame: HandFrame, located: Located) -> BoneMap:
    """Return the bone map of one hand.

    Parameters
    ----------
    picture:
        (1, 1, rows, columns) on the fine grid.
    labels:
        (rows, columns) on the fine grid.
    frame:
        The way from the fine grid to the film.
    located:
        The joints on the film.
    """
    return BoneMap(
        labels=labels,
        pixels=picture[0, 0].numpy(),
        joints=joints_of(frame.from_film(located.points)),
        joint_confidence={name: float(c) for name, c in zip(JOINTS, located.confidence, strict=True)},
        frame=frame,
    )


class Segmenter:
    """Locator, segmentation network and fine stage, loaded once."""

    def __init__(
        self, locator: Locator | None = None, network: BoneNetwork | None = None, fine: FineStage | None = None
    ) -> None:
        self._locator = locator or Locator()
        self._network = network or BoneNetwork()
        self._fine = fine or FineStage()

    def segment(self, radiograph: Radiograph) -> BoneMap:
        """Return the bone map of a film.

        Raises
        ------
        Refusal
            With code ``film_too_small``, ``not_a_hand``, ``hand_incomplete``, ``hand_too_small``, ``two_hands``,
            ``cut_off`` or ``bones_missing``.
        """
        if min(radiograph.rows, radiograph.columns) < LEAST_SIDE:
            msg = f"the film has {radiograph.rows} x {radiograph.columns} pixels; {LEAST_SIDE} a side are needed"
            raise Refusal("film_too_small", msg, remedy=FULL_RESOLUTION)
        pixels = without_bright_frame(radiograph.pixels)
        located = self._locator.locate(pixels)
        frame, misfit = frame_of_joints(joints_of(located.points))
        try:
            checks = check_joints(located.confidence, misfit, frame, PALM_PIXELS)
        except Refusal:
            refuse_several(hands_in_parts(self._locator, pixels))
            raise
        checks += (check_beside(self._locator, pixels, located),)
        flesh = flesh_to_edge(pixels, located.points, within=EDGE_SHARE)
        checks += check_cut_off(located.points, located.confidence, (radiograph.rows, radiograph.columns), flesh)
        fine = finer(frame)
        picture = normalise(*warp(pixels, fine.matrix, fine.shape))
        joints = fine_joints(fine, located)
        labels = self._fine.labels(picture, self._network.answer(overview(picture)), joints)
        checks += check_bones(labels)
        found = bone_map(picture, labels, fine, located)
        notices = unsure_joints(located.confidence) + edge_notices(tips_at_edge(located.confidence, flesh))
        notices += _mirror_notices(fine, radiograph)
        return replace(found, checks=checks, notices=notices)


def fine_joints(frame: HandFrame, located: Located) -> dict[str, NDArray[np.float64]]:
    """Return the joints on the grid of a frame, by name."""
    return dict(zip(JOINTS, frame.from_film(located.points), strict=True))


def _mirror_notices(frame: HandFrame, radiograph: Radiograph) -> tuple[Notice, ...]:
    """Say when the film shows the hand the other way round than a left hand is usually seen."""
    if not frame.mirrored:
        return ()
    if radiograph.laterality == "R":
        return (Notice("right_hand", "a right hand; it is read like a left one", severity="info"),)
    msg = "the hand is mirrored: a right hand, or a left one turned over; it is read like a left one"
    return (Notice("mirrored", msg, "check that the film is the left hand"),)
