"""Scraps among the epiphyses, on drawn label maps."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.anatomy import LABEL_VALUES
from boneage.segmentation.scraps import drop_scraps

CENTRE = LABEL_VALUES["proximal_phalanx_3_epiphysis"]
OTHER = LABEL_VALUES["metacarpal_3_epiphysis"]


def labels_with(value: int, thickness: int, *, length: int = 24) -> np.ndarray:
    """A bar of some thickness on an empty map, at its very edge."""
    labels = np.zeros((60, 80), dtype=np.uint8)
    labels[:thickness, 10 : 10 + length] = value
    return labels


@pytest.mark.parametrize("thickness", [1, 2, 3, 4])
def test_a_sliver_is_no_centre(thickness: int) -> None:
    labels = labels_with(CENTRE, thickness)
    drop_scraps(labels)
    assert not labels.any()


@pytest.mark.parametrize("thickness", [5, 6, 12])
def test_a_disc_is_a_centre(thickness: int) -> None:
    labels = labels_with(CENTRE, thickness)
    before = labels.copy()
    drop_scraps(labels)
    assert (labels == before).all()


def test_the_smallest_round_centre_stays() -> None:
    labels = np.zeros((60, 80), dtype=np.uint8)
    ys, xs = np.mgrid[:60, :80]
    labels[np.hypot(xs - 40, ys - 30) < 3] = CENTRE
    before = labels.copy()
    drop_scraps(labels)
    assert (labels == before).all()


def test_of_a_centre_with_scraps_only_the_scraps_go() -> None:
    labels = labels_with(CENTRE, 2)
    labels[20:30, 20:50] = CENTRE
    labels[40:42, 20:50] = OTHER
    drop_scraps(labels)
    assert set(np.unique(labels)) == {0, CENTRE}
    assert (labels == CENTRE).sum() == 10 * 30


@pytest.mark.parametrize("name", ["metacarpal_3", "capitate", "radius"])
def test_what_is_no_epiphysis_is_left_alone(name: str) -> None:
    labels = labels_with(LABEL_VALUES[name], 2)
    drop_scraps(labels)
    assert labels.any()
