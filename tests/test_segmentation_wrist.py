"""The wrist network's channels, and the label map that they become."""

from __future__ import annotations

import numpy as np
import torch

from boneage.anatomy import CARPALS, LABEL_VALUES, LABELS
from boneage.segmentation.channels import TISSUES
from boneage.segmentation.wrist import (
    SURE_NAME,
    WRIST_CHANNELS,
    WRIST_OWNER,
    WRIST_OWNERS,
    WRIST_TISSUE,
    WRIST_VALUES,
    tidy_carpals,
    wrist_labels,
)


def answer_of(labels: np.ndarray, *, sure: float = 8.0) -> torch.Tensor:
    """The answer of a network that is sure of a label map of the wrist."""
    tissue = 8.0 * np.eye(len(TISSUES))[WRIST_TISSUE[labels].astype(int)]
    owner = sure * np.eye(256)[WRIST_OWNER[labels].astype(int)][..., : len(WRIST_OWNERS)]
    return torch.from_numpy(np.concatenate([tissue, owner], axis=-1)).float().permute(2, 0, 1)[None]


def test_every_label_of_the_wrist_comes_back() -> None:
    known = np.array([0, *(v for v in WRIST_VALUES if WRIST_OWNER[v] != 255)], dtype=np.uint8)
    labels = np.tile(known, (3, 1))
    answer = answer_of(labels)
    assert answer.shape[1] == WRIST_CHANNELS
    np.testing.assert_array_equal(wrist_labels(answer)[0].numpy(), labels)


def test_what_the_wrist_network_decides_on() -> None:
    names = {LABELS[int(value)] for value in WRIST_VALUES}
    assert set(CARPALS) | {"carpals", "radius", "ulna_epiphysis", "metacarpal_1_epiphysis", "metacarpal_5"} <= names
    assert not any("phalanx" in name for name in names)
    assert "metacarpal_3_epiphysis" not in names  # it is at the knuckle
    assert WRIST_TISSUE[255] == WRIST_OWNER[255] == 255  # not known stays not known


def test_a_carpal_whose_name_is_not_sure_keeps_none() -> None:
    labels = np.full((2, 2), LABEL_VALUES["lunate"], dtype=np.uint8)
    evenly = np.log(SURE_NAME / (1 - SURE_NAME) * (len(CARPALS) - 1))  # one of seven at just that probability
    assert (wrist_labels(answer_of(labels, sure=evenly + 0.1)).numpy() == LABEL_VALUES["lunate"]).all()
    assert (wrist_labels(answer_of(labels, sure=evenly - 0.1)).numpy() == LABEL_VALUES["carpals"]).all()


def test_scraps_of_a_carpal_go_to_the_one_they_touch() -> None:
    labels = np.zeros((60, 60), dtype=np.uint8)
    lunate, trapezium, capitate = (LABEL_VALUES[name] for name in ("lunate", "trapezium", "capitate"))
    labels[40:55, 5:25] = lunate
    labels[5:25, 30:50] = trapezium
    labels[10:14, 34:38] = lunate  # a scrap inside the trapezium
    labels[5:9, 50:53] = lunate  # one at its side
    labels[30:33, 50:53] = lunate  # one by itself
    labels[20:30, 5:20] = capitate
    tidy_carpals(labels)
    assert (labels[5:25, 30:50] == trapezium).all()
    assert (labels[5:9, 50:53] == trapezium).all()
    assert (labels[30:33, 50:53] == LABEL_VALUES["carpals"]).all()
    assert (labels[40:55, 5:25] == lunate).all()
    assert (labels[20:30, 5:20] == capitate).all()
