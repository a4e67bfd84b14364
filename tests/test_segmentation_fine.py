"""The fine stage: what its patches say is laid into the label map, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from test_segmentation_channels import answer_of as coarse_answer_of
from test_segmentation_wrist import answer_of as wrist_answer_of

from boneage.anatomy import JOINTS, LABEL_VALUES
from boneage.segmentation.fine import MARGIN, FineStage, JointNetwork, cut_patches, cut_wrist, lay_joint, lay_wrist
from boneage.segmentation.hand_frame import FINE_SHAPE, FRAME_SHAPE
from boneage.segmentation.sites import JOINT_SITES, WRIST_CORNER, WRIST_SHAPE, JointSite, joint_patch
from boneage.segmentation.unet import FoldedUNet

SITES = {site.joint: site for site in JOINT_SITES}
MCP_3, PIP_3 = SITES["mcp_3"], SITES["pip_3"]
HEAD, BASE = LABEL_VALUES["metacarpal_3_epiphysis"], LABEL_VALUES["proximal_phalanx_3_epiphysis"]
SHAFT, OTHER = LABEL_VALUES["metacarpal_3"], LABEL_VALUES["metacarpal_4"]


def says(site: JointSite, classes: NDArray[np.int64]) -> torch.Tensor:
    return torch.from_numpy(np.eye(5)[classes]).float().permute(2, 0, 1) * 8


def turned(x: float, y: float, degrees: float, size: int) -> NDArray[np.float64]:
    angle = np.deg2rad(degrees)
    matrix = np.eye(3)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    middle = (size - 1) / 2
    matrix[:2, 2] = np.array([x, y]) - matrix[:2, :2] @ [middle, middle]
    return matrix


@pytest.mark.parametrize("degrees", [0, 30, 90, 200])
def test_a_patch_is_laid_where_it_was_cut(degrees: float) -> None:
    rows, columns = np.indices((MCP_3.size, MCP_3.size))
    classes = np.where((np.abs(rows - 30) < 8) & (np.abs(columns - 50) < 16), 3, 0)
    matrix = turned(119.5, 139.5, degrees, MCP_3.size)
    labels = np.zeros((300, 260), dtype=np.uint8)
    lay_joint(labels, MCP_3, matrix, says(MCP_3, classes))
    assert set(np.unique(labels)) == {0, BASE}
    ys, xs = np.nonzero(labels)
    np.testing.assert_allclose([xs.mean(), ys.mean()], (matrix @ [50, 30, 1])[:2], atol=0.5)
    assert len(ys) == pytest.approx((classes > 0).sum(), rel=0.05)


def test_the_joints_own_bones_are_replaced_and_others_only_painted_over() -> None:
    labels = np.zeros((200, 200), dtype=np.uint8)
    labels[60:140, 60:100] = SHAFT
    labels[60:140, 100:140] = OTHER
    classes = np.zeros((96, 96), dtype=int)
    classes[:48] = 2
    lay_joint(labels, MCP_3, turned(99.5, 99.5, 0, 96), says(MCP_3, classes))
    assert labels[80, 80] == labels[80, 120] == HEAD  # what the patch names wins
    assert labels[125, 80] == 0  # its own bone, called background, is cleared
    assert labels[125, 120] == OTHER  # another joint's bone stays


def test_the_border_of_a_patch_is_not_believed() -> None:
    labels = np.zeros((200, 200), dtype=np.uint8)
    lay_joint(labels, MCP_3, turned(99.5, 99.5, 0, 96), says(MCP_3, np.full((96, 96), 4)))
    ys, xs = np.nonzero(labels)
    assert np.ptp(ys) == np.ptp(xs) == 95 - 2 * MARGIN


def test_a_class_that_a_joint_does_not_have_is_never_named() -> None:
    labels = np.zeros((200, 200), dtype=np.uint8)
    answer = says(PIP_3, np.full((64, 64), 2)) + 4 * says(PIP_3, np.full((64, 64), 4)) / 8  # a head, else a shaft
    lay_joint(labels, PIP_3, turned(99.5, 99.5, 0, 64), answer)
    assert set(np.unique(labels)) == {0, LABEL_VALUES["middle_phalanx_3"]}


def test_a_patch_beside_the_grid_changes_nothing() -> None:
    labels = np.zeros((100, 100), dtype=np.uint8)
    lay_joint(labels, MCP_3, turned(400.0, -300.0, 20, 96), says(MCP_3, np.full((96, 96), 4)))
    lay_joint(labels, MCP_3, turned(98.0, 1.0, 20, 96), says(MCP_3, np.full((96, 96), 4)))
    assert labels[0, -1] == LABEL_VALUES["proximal_phalanx_3"]  # half of it lies inside
    assert labels[99, 0] == 0


def test_the_wrist_replaces_what_it_decides_on() -> None:
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    x, y = WRIST_CORNER
    labels[y : y + 200, x : x + 200] = LABEL_VALUES["carpals"]
    labels[y + 50, x + 50] = LABEL_VALUES["proximal_phalanx_1"]
    found = np.zeros(WRIST_SHAPE, dtype=np.uint8)
    found[20:60, 100:140] = LABEL_VALUES["capitate"]
    lay_wrist(labels, found)
    assert (labels[y + 20 : y + 60, x + 100 : x + 140] == LABEL_VALUES["capitate"]).all()
    assert labels[y + 150, x + 150] == 0
    assert labels[y + 1, x + 1] == LABEL_VALUES["carpals"]  # at the border the patch is not believed
    assert labels[y + 50, x + 50] == LABEL_VALUES["proximal_phalanx_1"]  # not one of the wrist's


def test_patches_show_the_picture_in_their_place() -> None:
    picture = torch.zeros(1, 1, 300, 300)
    picture[0, 0, 100:104, 150:154] = 1.0
    patches = cut_patches(picture, [turned(151.5, 101.5, 0, 64), turned(151.5, 121.5, 90, 64)], 64)
    assert patches.shape == (2, 1, 64, 64)
    ys, xs = np.nonzero(patches[0, 0].numpy() > 0.5)
    assert (ys.mean(), xs.mean()) == pytest.approx((31.5, 31.5))
    ys, xs = np.nonzero(patches[1, 0].numpy() > 0.5)
    assert (ys.mean(), xs.mean()) == pytest.approx((31.5, 11.5))  # 20 pixels up, seen from a patch turned by 90 degrees


class StandInJoints:
    """Calls the middle of every patch a distal epiphysis, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[torch.Tensor] = []

    def answer(self, patches: torch.Tensor) -> torch.Tensor:
        self.shown.append(patches)
        size = patches.shape[-1]
        classes = np.zeros((size, size), dtype=int)
        classes[size // 2 - 4 : size // 2 + 4, size // 2 - 4 : size // 2 + 4] = 3
        return torch.stack([says(MCP_3, classes)] * len(patches))


class StandInWrist:
    """Sees one capitate."""

    def answer(self, patches: torch.Tensor) -> torch.Tensor:
        assert patches.shape == (1, 1, *WRIST_SHAPE)
        labels = np.zeros(WRIST_SHAPE, dtype=np.uint8)
        labels[80:120, 110:140] = LABEL_VALUES["capitate"]
        return wrist_answer_of(labels)


def test_all_patches_end_up_in_one_map() -> None:
    random = np.random.default_rng(0)
    joints = {name: np.array([40.0 + 25 * place, 60.0 + 12 * place]) for place, name in enumerate(JOINTS)}
    coarse = np.zeros(FRAME_SHAPE, dtype=np.uint8)
    coarse[350:380, 20:40] = LABEL_VALUES["proximal_phalanx_1"]  # outside the wrist's patch
    network = StandInJoints()
    stage = FineStage(network, StandInWrist())  # type: ignore[arg-type]
    picture = torch.from_numpy(random.random((1, 1, *FINE_SHAPE), dtype=np.float32))
    labels = stage.labels(picture, coarse_answer_of(coarse), joints)
    assert labels.shape == FINE_SHAPE
    assert labels.dtype == np.uint8
    assert sum(len(shown) for shown in network.shown) == len(JOINT_SITES)
    for site in JOINT_SITES:
        x, y = np.rint(joints[site.joint]).astype(int)
        assert labels[y, x] == LABEL_VALUES[f"{site.distal}_epiphysis"], site.joint
    x, y = WRIST_CORNER
    assert labels[y + 100, x + 125] == LABEL_VALUES["capitate"]
    assert labels[720, 60] == LABEL_VALUES["proximal_phalanx_1"]


def test_the_networks_answer_in_float32() -> None:
    net = FoldedUNet(1, 5, (2, 2, 2, 2, 2, 2)).eval()
    answer = JointNetwork(net).answer(torch.rand(3, 1, 64, 64))
    assert answer.shape == (3, 5, 64, 64)
    assert answer.dtype == torch.float32
    assert not answer.requires_grad


def test_the_wrists_patch_is_cut_from_its_place() -> None:
    picture = torch.rand(1, 1, *FINE_SHAPE)
    x, y = WRIST_CORNER
    picture[0, 0, y + 10, x + 20] = 50.0
    patch = cut_wrist(picture)
    assert patch.shape == (1, 1, *WRIST_SHAPE)
    assert int(patch.argmax()) == 10 * WRIST_SHAPE[1] + 20 or float(patch[0, 0, 10, 20]) == pytest.approx(1.2)


def test_a_joints_patch_follows_its_map() -> None:
    joints = {name: np.array([300.0 + 3 * place, 700.0 - 30.0 * place]) for place, name in enumerate(JOINTS)}
    matrix = joint_patch(PIP_3, joints)
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    classes = np.zeros((64, 64), dtype=int)
    classes[10:20, 22:42] = 4  # towards the tip
    lay_joint(labels, PIP_3, matrix, says(PIP_3, classes))
    ys, xs = np.nonzero(labels == LABEL_VALUES["middle_phalanx_3"])
    towards_tip = (np.array([xs.mean(), ys.mean()]) - joints["pip_3"]) @ (joints["tip_3"] - joints["dip_3"])
    assert towards_tip > 0
