"""Metacarpals completed by grey levels, on drawings whose bones are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES
from boneage.segmentation.metacarpals import _fill_notches, complete_metacarpals

FIFTH, FOURTH = LABEL_VALUES["metacarpal_5"], LABEL_VALUES["metacarpal_4"]
BONE = np.s_[100:220, 80:110]


def drawing() -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """A bright bone whose label holds its radial two thirds only, with a hole."""
    picture = np.full((300, 200), 0.3, dtype=np.float32)
    picture[BONE] = 0.8
    picture += np.random.default_rng(0).normal(0, 0.01, picture.shape).astype(np.float32)
    labels = np.zeros(picture.shape, dtype=np.uint8)
    labels[100:220, 88:110] = FIFTH
    labels[150:156, 95:100] = 0
    return picture, labels


def test_a_missing_side_and_holes_are_filled() -> None:
    picture, labels = drawing()
    complete_metacarpals(labels, picture)
    assert (labels[BONE] == FIFTH)[20:].mean() > 0.97
    bone = np.zeros(labels.shape, dtype=bool)
    bone[98:222, 78:112] = True
    assert not labels[~bone].any()


def test_the_end_at_the_growth_plate_stays_as_it_was() -> None:
    picture, labels = drawing()
    before = labels[:116].copy()
    complete_metacarpals(labels, picture)
    np.testing.assert_array_equal(labels[:116], before)


def test_neighbours_are_not_touched() -> None:
    picture, labels = drawing()
    labels[100:220, 80:86] = FOURTH
    labels[210:225, 95:105] = LABEL_VALUES["hamate"]
    others = ~np.isin(labels, [0, FIFTH])
    before = labels.copy()
    complete_metacarpals(labels, picture)
    np.testing.assert_array_equal(labels[others & (labels != FOURTH)], before[others & (before != FOURTH)])
    assert (labels[before == LABEL_VALUES["hamate"]] == LABEL_VALUES["hamate"]).all()


def test_a_flat_film_and_a_scrap_change_nothing() -> None:
    _, labels = drawing()
    before = labels.copy()
    complete_metacarpals(labels, np.full(labels.shape, 0.5, dtype=np.float32))
    np.testing.assert_array_equal(labels, before)
    scrap = np.zeros(labels.shape, dtype=np.uint8)
    scrap[100:110, 80:90] = FIFTH
    before = scrap.copy()
    complete_metacarpals(scrap, drawing()[0])
    np.testing.assert_array_equal(scrap, before)


def test_a_notch_is_filled_up_to_the_edge_and_a_side_near_it_stays_as_it_was_found() -> None:
    """The missing part is no brighter than soft tissue at the base. Tables were made from sides as they are found."""
    picture = np.full((300, 200), 0.2, dtype=np.float32) + np.linspace(0, 0.3, 300, dtype=np.float32)[:, None]
    picture[BONE] += 0.1
    picture[BONE][:, 12:] += 0.05
    labels = np.zeros(picture.shape, dtype=np.uint8)
    labels[BONE] = FIFTH
    labels[130:160, 80:98] = 0
    labels[165:, 80:82] = 0
    _fill_notches(labels, picture, FIFTH)
    assert (labels[131:159, 81:98] == FIFTH).all()
    assert not (labels[170:, 80:82] == FIFTH).any()
    assert not (labels[:, :79] == FIFTH).any()
