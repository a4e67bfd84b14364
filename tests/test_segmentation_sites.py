"""The patches of the fine stage: where they lie and what may be found in them."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_films import drawn_hand

from boneage.anatomy import BONES, JOINTS, LABELS, epiphysis_of
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.segmentation.sites import (
    JOINT_CLASSES,
    JOINT_SITES,
    WRIST_CORNER,
    WRIST_SHAPE,
    direction_at,
    joint_patch,
)

HAND = {name: np.array(xy) for name, xy in drawn_hand().joints.items()}
SITES = {site.joint: site for site in JOINT_SITES}


def names_at(joint: str) -> list[str | None]:
    return [LABELS.get(int(value)) for value in SITES[joint].label_values]


def test_every_joint_between_finger_bones_has_a_site() -> None:
    assert set(SITES) == {name for name in JOINTS if name != "wrist" and not name.startswith("tip")}
    assert all(site.size % 16 == 0 for site in JOINT_SITES)


def test_what_may_be_found_at_a_joint() -> None:
    assert JOINT_CLASSES[0] == "background"
    pip = [None, "proximal_phalanx_2", None, "middle_phalanx_2_epiphysis", "middle_phalanx_2"]
    assert names_at("pip_2") == pip
    head = ["metacarpal_4", "metacarpal_4_epiphysis", "proximal_phalanx_4_epiphysis", "proximal_phalanx_4"]
    assert names_at("mcp_4") == [None, *head]
    assert names_at("mcp_1") == [None, "metacarpal_1", None, "proximal_phalanx_1_epiphysis", "proximal_phalanx_1"]
    assert names_at("cmc_1") == [None, None, None, "metacarpal_1_epiphysis", "metacarpal_1"]
    assert names_at("ip_1")[3:] == ["distal_phalanx_1_epiphysis", "distal_phalanx_1"]


def test_every_epiphysis_of_a_tubular_bone_is_found_at_exactly_one_joint() -> None:
    found = [name for joint in SITES for name in names_at(joint) if name and name.endswith("_epiphysis")]
    assert sorted(found) == sorted(epiphysis_of(bone) for bone in BONES if bone not in {"radius", "ulna"})


@pytest.mark.parametrize("joint", SITES)
@pytest.mark.parametrize("degrees", [0, 50, 200])
def test_a_patch_stands_upright_along_its_finger(joint: str, degrees: int) -> None:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    joints = {name: turn @ place for name, place in HAND.items()}
    site = SITES[joint]
    matrix = joint_patch(site, joints)
    middle = (site.size - 1) / 2
    np.testing.assert_allclose(matrix @ [middle, middle, 1], [*joints[joint], 1])
    np.testing.assert_allclose(matrix[:2, :2] @ [0, -1], direction_at(joint, joints))  # up is towards the tip
    assert np.linalg.det(matrix) == pytest.approx(1.0)  # neither scaled nor mirrored


def test_a_bent_finger_is_followed() -> None:
    joints = dict(HAND)
    joints["dip_2"] = joints["pip_2"] + [30.0, 0.0]
    joints["tip_2"] = joints["pip_2"] + [60.0, 0.0]
    np.testing.assert_allclose(direction_at("dip_2", joints), [1.0, 0.0], atol=1e-9)
    assert direction_at("pip_2", joints)[0] > 0.9


def test_the_wrist_lies_inside_the_fine_grid() -> None:
    assert WRIST_CORNER[1] + WRIST_SHAPE[0] <= FINE_SHAPE[0]
    assert WRIST_CORNER[0] + WRIST_SHAPE[1] <= FINE_SHAPE[1]
    assert all(side % 16 == 0 for side in WRIST_SHAPE)
