"""Hiding regions: each in its own place, and the answer moves by what the network has lost."""

from __future__ import annotations

import numpy as np
import torch
from drawn_films import drawn_hand

from boneage.regression.occlusion import REGIONS, hide_each, region_corners
from boneage.regression.regions import cut_regions
from boneage.segmentation.hand_frame import FINE_SHAPE

JOINTS = {name: 1.5 * np.array(place) for name, place in drawn_hand().joints.items()}


def test_every_joint_lies_in_the_middle_of_its_region() -> None:
    corners = region_corners(JOINTS)
    assert tuple(corners) == REGIONS
    for region in REGIONS[:-1]:
        np.testing.assert_allclose(corners[region].mean(axis=0), JOINTS[region], atol=1e-6)
    sides = np.linalg.norm(np.roll(corners["mcp_3"], -1, axis=0) - corners["mcp_3"], axis=1)
    np.testing.assert_allclose(sides, 96)
    assert np.ptp(corners["wrist"], axis=0).tolist() == [256, 256]


def test_each_copy_lacks_one_region() -> None:
    hidden = hide_each(cut_regions(torch.rand(1, 1, *FINE_SHAPE), JOINTS))
    parts = [hidden.knuckles.flatten(2), hidden.small_joints.flatten(2), hidden.wrist.flatten(2)]
    empty = torch.cat([(part == 0).all(dim=-1) for part in parts], dim=1)
    assert empty.shape == (len(REGIONS) + 1, len(REGIONS))
    assert not empty[0].any()
    assert torch.equal(empty[1:], torch.eye(len(REGIONS), dtype=torch.bool))
