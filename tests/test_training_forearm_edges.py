"""The ends of the forearm's shafts, on drawings whose bones are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.training.forearm_edges import FIRST_ROW, trim_forearm
from boneage.training.named_masks import IGNORE

RADIUS, ULNA = LABEL_VALUES["radius"], LABEL_VALUES["ulna"]
RADIUS_BOX, ULNA_BOX = np.s_[640:768, 300:380], np.s_[660:768, 220:260]


def forearm(*, soft: float = 0.35, bone: float = 0.8) -> NDArray[np.float32]:
    picture = np.full(FINE_SHAPE, 0.02, dtype=np.float32)
    picture[:, 180:430] = soft
    picture[RADIUS_BOX] = picture[ULNA_BOX] = bone
    return picture + np.random.default_rng(0).normal(0, 0.01, FINE_SHAPE).astype(np.float32)


def strayed() -> NDArray[np.uint8]:
    """Labels that reach above the ulna and between both bones."""
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    labels[640:, 300:380] = RADIUS
    labels[620:, 220:280] = ULNA
    return labels


def test_what_is_as_dark_as_soft_tissue_is_taken_out() -> None:
    trimmed = trim_forearm(strayed(), forearm())
    bone = np.zeros(FINE_SHAPE, dtype=bool)
    bone[ULNA_BOX] = True
    assert (trimmed[bone] == ULNA).mean() > 0.93
    outside = (strayed() == ULNA) & ~bone
    assert (trimmed[outside] == 0).mean() > 0.9
    assert not (trimmed[outside] == ULNA).any()
    assert (trimmed[RADIUS_BOX] == RADIUS).mean() > 0.95


def test_a_dark_hollow_between_the_walls_of_a_shaft_stays_shaft() -> None:
    picture = forearm()
    picture[700:720, 330:350] = 0.4
    assert (trim_forearm(strayed(), picture)[700:720, 330:350] == RADIUS).all()


@pytest.mark.parametrize("rows", [FIRST_ROW, 5])
def test_nothing_else_is_touched(rows: int) -> None:
    labels = strayed()
    labels[:rows] = 7
    labels[600:610, 300:380] = LABEL_VALUES["radius_epiphysis"]
    trimmed = trim_forearm(labels, forearm())
    kept = ~np.isin(labels, [RADIUS, ULNA, 0])
    np.testing.assert_array_equal(trimmed[kept], labels[kept])


def test_where_the_film_shows_no_forearm_nothing_is_known() -> None:
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    labels[750:, 300:320] = RADIUS
    trimmed = trim_forearm(labels, forearm())
    assert (trimmed[labels == RADIUS] == IGNORE).all()
    flat = trim_forearm(strayed(), np.full(FINE_SHAPE, 0.5, dtype=np.float32))
    assert not np.isin(flat, [RADIUS, ULNA]).any()
