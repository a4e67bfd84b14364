"""The forearm below the wrist's patch, on a drawing whose bones are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from test_training_forearm_edges import RADIUS, ULNA, forearm

from boneage.segmentation.forearm import runs, trim_below
from boneage.segmentation.hand_frame import FINE_SHAPE


def strayed() -> NDArray[np.uint8]:
    """Both shafts right above row 700; below it the radius reaches into the soft tissue between the bones."""
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    labels[640:, 300:380] = RADIUS
    labels[660:, 220:260] = ULNA
    labels[700:, 272:300] = RADIUS
    return labels


def test_soft_tissue_below_is_taken_out() -> None:
    labels = strayed()
    trim_below(labels, forearm(), 700)
    assert (labels[700:, 304:376] == RADIUS).all()
    assert (labels[700:, 224:256] == ULNA).all()
    assert not (labels[704:, 272:296] == RADIUS).any()


def test_nothing_above_the_row_is_touched() -> None:
    labels, picture = strayed(), forearm()
    picture[640:700, 300:340] = 0.35
    before = labels[:700].copy()
    trim_below(labels, picture, 700)
    np.testing.assert_array_equal(labels[:700], before)


def test_a_flat_film_or_one_without_forearm_stays_as_it_is() -> None:
    for labels, picture in (
        (strayed(), np.full(FINE_SHAPE, 0.5, dtype=np.float32)),
        (np.zeros(FINE_SHAPE, dtype=np.uint8), forearm()),
    ):
        before = labels.copy()
        trim_below(labels, picture, 700)
        np.testing.assert_array_equal(labels, before)


def test_rows_are_filled_from_end_to_end() -> None:
    mask = np.array([[0, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]], dtype=bool)
    expected = np.array([[0, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]], dtype=bool)
    np.testing.assert_array_equal(runs(mask), expected)
