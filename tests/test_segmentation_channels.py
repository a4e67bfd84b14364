"""Tissue and owner channels, and the label map that they become."""

from __future__ import annotations

import numpy as np
import torch

from boneage.anatomy import BONES, CARPAL_VALUES, LABEL_VALUES, LABELS, SESAMOID, epiphysis_of
from boneage.segmentation.channels import (
    CHANNELS,
    OWNER_OF_LABEL,
    OWNER_STEP,
    OWNERS,
    TISSUE_OF_LABEL,
    TISSUES,
    label_map,
    split_channels,
)


def answer_of(labels: np.ndarray) -> torch.Tensor:
    """The answer of a network that is sure of a label map (rows, columns)."""
    kinds = TISSUE_OF_LABEL[labels].astype(int)
    owners = OWNER_OF_LABEL[labels].astype(int)
    tissue = np.eye(len(TISSUES))[kinds]
    owner = np.where(owners[..., None] == 255, 0.0, np.eye(len(OWNERS))[np.minimum(owners, len(OWNERS) - 1)])
    stacked = np.concatenate([tissue, owner], axis=-1)
    return torch.from_numpy(stacked).float().permute(2, 0, 1)[None] * 8 - 4


def test_every_label_comes_back() -> None:
    labels = np.arange(44, dtype=np.uint8).reshape(4, 11).repeat(OWNER_STEP, axis=0).repeat(OWNER_STEP, axis=1)
    found = label_map(answer_of(labels))
    assert found.dtype == torch.uint8
    np.testing.assert_array_equal(found[0].numpy(), labels)


def test_every_label_has_its_tissue_and_its_owner() -> None:
    for value, name in LABELS.items():
        if name == SESAMOID:  # no one has drawn it
            assert TISSUE_OF_LABEL[value] == OWNER_OF_LABEL[value] == 255
            continue
        tissue = TISSUES[TISSUE_OF_LABEL[value]]
        owner = OWNERS[OWNER_OF_LABEL[value]]
        if value in CARPAL_VALUES:
            assert (tissue, owner) == ("carpal", "carpals")
        elif name.endswith("_epiphysis"):
            assert (tissue, epiphysis_of(owner)) == ("epiphysis", name)
        else:
            assert (tissue, owner) == ("shaft", name)
    assert TISSUE_OF_LABEL[0] == 0
    assert OWNER_OF_LABEL[0] == 255


def test_what_is_not_a_label_is_not_known() -> None:
    assert (TISSUE_OF_LABEL[max(LABELS) + 1 :] == 255).all()
    assert (OWNER_OF_LABEL[max(LABELS) + 1 :] == 255).all()


def test_the_channels_are_split_where_they_meet() -> None:
    answer = torch.arange(CHANNELS).float()[None, :, None, None].expand(2, CHANNELS, 3, 5)
    tissue, owner = split_channels(answer)
    assert tissue.shape == (2, 4, 3, 5)
    assert owner.shape == (2, 22, 3, 5)
    assert float(owner[0, 0, 0, 0]) == 4
    assert CHANNELS == 26


def test_a_shaft_is_never_carpal() -> None:
    answer = torch.zeros(1, CHANNELS, OWNER_STEP, OWNER_STEP)
    answer[0, TISSUES.index("shaft")] = 5
    answer[0, 4 + OWNERS.index("carpals")] = 9
    answer[0, 4 + OWNERS.index("metacarpal_4")] = 3
    assert (label_map(answer) == LABEL_VALUES["metacarpal_4"]).all()


def test_tissue_decides_over_owner() -> None:
    answer = torch.zeros(1, CHANNELS, OWNER_STEP, OWNER_STEP)
    answer[0, 4 + BONES.index("radius")] = 9
    answer[0, TISSUES.index("background")] = 1
    assert (label_map(answer) == 0).all()
    answer[0, TISSUES.index("epiphysis")] = 2
    assert (label_map(answer) == LABEL_VALUES["radius_epiphysis"]).all()
    answer[0, TISSUES.index("carpal")] = 3
    assert (label_map(answer) == LABEL_VALUES["carpals"]).all()


def test_tissue_is_as_fine_as_the_picture_and_owners_are_read_at_their_step() -> None:
    answer = torch.zeros(1, CHANNELS, 2 * OWNER_STEP, 2 * OWNER_STEP)
    answer[:, TISSUES.index("shaft")] = 1
    answer[0, TISSUES.index("background"), 1, 2] = 2  # one pixel of a step's four
    answer[:, 4 + BONES.index("ulna")] = 9  # between the steps nothing has been learned
    answer[:, 4 + BONES.index("ulna"), ::OWNER_STEP, ::OWNER_STEP] = 0
    answer[:, 4 + BONES.index("metacarpal_2"), ::OWNER_STEP, ::OWNER_STEP] = 1
    expected = torch.full((4, 4), LABEL_VALUES["metacarpal_2"], dtype=torch.uint8)
    expected[1, 2] = 0
    assert torch.equal(label_map(answer)[0], expected)
