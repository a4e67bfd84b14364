"""Names of the components of drawn masks, on a drawn hand where they are known."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_films import drawn_hand
from scipy import ndimage

from boneage.anatomy import BONES, LABEL_VALUES, LABELS, epiphysis_of
from boneage.segmentation.bone_map import HandFrame
from boneage.training.named_masks import IGNORE, components_in_frame, name_components

HAND = drawn_hand()
MARKED = [LABEL_VALUES[epiphysis_of(bone)] for bone in BONES] + [LABEL_VALUES["carpals"]]
"""What people marked: epiphyses and carpals."""


def masked(labels: np.ndarray = HAND.labels) -> np.ndarray:
    return np.isin(labels, MARKED)


def numbered(mask: np.ndarray) -> np.ndarray:
    return ndimage.label(mask, structure=np.ones((3, 3)))[0].astype(np.int32)


def test_every_epiphysis_and_carpal_gets_its_name() -> None:
    named = name_components(numbered(masked()), dict(HAND.joints))
    expected = np.where(masked(), HAND.labels, 0)
    for value in MARKED:
        drawn = expected == value
        assert (named[drawn] == value).all(), LABELS[value]
    np.testing.assert_array_equal(named, expected)


def test_the_numbers_of_the_components_do_not_matter() -> None:
    components = numbered(masked())
    order = np.random.default_rng(0).permutation(components.max() + 1)
    order = np.concatenate([[0], order[order > 0] * 3])
    expected = name_components(components, dict(HAND.joints))
    np.testing.assert_array_equal(name_components(order[components].astype(np.int32), dict(HAND.joints)), expected)


@pytest.mark.parametrize("lost", ["metacarpal_3_epiphysis", "proximal_phalanx_3_epiphysis"])
def test_one_epiphysis_alone_at_a_knuckle_is_known_by_its_place(lost: str) -> None:
    joints = dict(HAND.joints)
    # The drawing puts the joint on the head; the joint of a hand lies between the two.
    x, y = joints["mcp_3"]
    joints["mcp_3"] = (x, y - 4.0)
    labels = np.where(HAND.labels == LABEL_VALUES[lost], 0, HAND.labels)
    named = name_components(numbered(masked(labels)), joints)
    np.testing.assert_array_equal(named, np.where(masked(labels), labels, 0))


def test_two_epiphyses_that_touch_at_a_knuckle_are_parted_at_the_neck() -> None:
    labels = np.zeros((512, 384), dtype=np.uint8)
    joints = dict(HAND.joints)
    x, y = (round(place) for place in joints["mcp_3"])
    labels[y + 4 : y + 18, x - 9 : x + 9] = head = LABEL_VALUES["metacarpal_3_epiphysis"]
    labels[y - 9 : y, x - 8 : x + 8] = base = LABEL_VALUES["proximal_phalanx_3_epiphysis"]
    mask = labels > 0
    mask[y : y + 4, x - 2 : x + 2] = True  # a bridge
    named = name_components(numbered(mask), joints)
    assert set(np.unique(named[mask])) == {head, base}
    assert (named[y + 5 : y + 18][labels[y + 5 : y + 18] > 0] == head).all()
    assert (named[y - 9 : y - 1][labels[y - 9 : y - 1] > 0] == base).all()


def test_three_pieces_at_a_knuckle_are_not_named() -> None:
    mask = np.zeros((512, 384), dtype=bool)
    x, y = (round(place) for place in HAND.joints["mcp_3"])
    for row in (y - 8, y, y + 8):
        mask[row : row + 4, x - 6 : x + 6] = True
    named = name_components(numbered(mask), dict(HAND.joints))
    assert (named[mask] == IGNORE).all()


def test_a_second_piece_at_a_finger_joint_is_not_learned_from() -> None:
    mask = HAND.labels == LABEL_VALUES["middle_phalanx_3_epiphysis"]
    ys, xs = np.nonzero(mask)
    speck = (slice(ys.min() - 8, ys.min() - 5), slice(xs.min(), xs.min() + 3))
    mask[speck] = True
    named = name_components(numbered(mask), dict(HAND.joints))
    assert (named[speck] == IGNORE).all()
    assert (named == LABEL_VALUES["middle_phalanx_3_epiphysis"]).sum() == len(ys)


def test_specks_and_what_lies_elsewhere_are_not_learned_from() -> None:
    mask = np.zeros((512, 384), dtype=bool)
    mask[380, 190] = True  # one pixel of a carpal
    mask[20:40, 330:360] = True  # a marker in the corner
    named = name_components(numbered(mask), dict(HAND.joints))
    assert (named[mask] == IGNORE).all()


def test_carpals_grown_together_with_the_radius_are_not_learned_from() -> None:
    labels = HAND.labels.copy()
    xs = np.nonzero(labels == LABEL_VALUES["radius_epiphysis"])[1]
    labels[372:425, int(xs.mean()) - 4 : int(xs.mean()) + 4] = LABEL_VALUES["carpals"]
    named = name_components(numbered(masked(labels)), dict(HAND.joints))
    assert (named[HAND.labels == LABEL_VALUES["radius_epiphysis"]] == IGNORE).all()
    assert not (named == LABEL_VALUES["radius_epiphysis"]).any()


def test_carpals_that_reach_the_radius_are_cut_off_at_the_wrist() -> None:
    labels = np.zeros_like(HAND.labels)
    labels[335:420, 195:215] = LABEL_VALUES["carpals"]
    named = name_components(numbered(labels > 0), dict(HAND.joints))
    assert (named[335:365, 195:215] == LABEL_VALUES["carpals"]).all()
    assert (named[375:420, 195:215] == IGNORE).all()


def test_a_hand_without_the_forearm_has_no_forearm_epiphyses() -> None:
    labels = HAND.labels.copy()
    labels[405:] = 0
    joints = {**HAND.joints, "wrist": (186.0, 408.0)}  # a wrist joint below all carpals
    named = name_components(numbered(masked(labels)), joints)
    assert not np.isin(named, [LABEL_VALUES["radius_epiphysis"], LABEL_VALUES["ulna_epiphysis"]]).any()
    assert (named[labels == LABEL_VALUES["carpals"]] == LABEL_VALUES["carpals"]).all()


@pytest.mark.parametrize("mirrored", [False, True])
def test_components_are_carried_into_the_hand_frame(mirrored: bool) -> None:
    matrix = np.array([[-3.0 if mirrored else 3.0, 0.0, 1000.0 if mirrored else 40.0], [0.0, 3.0, 20.0]])
    frame = HandFrame(matrix, (60, 50))
    y, x = np.indices(frame.shape)
    film = np.zeros((260, 1100), dtype=bool)
    for left, top in ((5, 6), (30, 40)):  # squares of 8 by 5 frame pixels
        corner = frame.to_film(np.array([[left, top], [left + 7.0, top + 4.0]]))
        lo, hi = corner.min(axis=0), corner.max(axis=0)
        film[int(lo[1]) - 1 : int(hi[1]) + 2, int(lo[0]) - 1 : int(hi[0]) + 2] = True
    found = components_in_frame(film, frame)
    expected = ((x >= 5) & (x < 13) & (y >= 6) & (y < 11)) | ((x >= 30) & (x < 38) & (y >= 40) & (y < 45))
    np.testing.assert_array_equal(found > 0, expected)
    assert len(np.unique(found)) == 3


def test_bones_that_touch_only_in_the_frame_stay_apart() -> None:
    film = np.zeros((200, 200), dtype=bool)
    film[50:99, 50:150] = True
    film[101:150, 50:150] = True  # a gap of two film pixels, a fifth of a frame pixel
    found = components_in_frame(film, HandFrame(np.array([[10.0, 0.0, 4.0], [0.0, 10.0, 4.0]]), (20, 20)))
    assert set(np.unique(found)) == {0, 1, 2}
    assert found[9, 10] != found[10, 10]


def test_what_lies_beyond_the_film_is_background() -> None:
    frame = HandFrame(np.array([[1.0, 0.0, -10.0], [0.0, 1.0, -10.0]]), (50, 50))
    found = components_in_frame(np.ones((20, 20), dtype=bool), frame)
    assert found.sum() == 400
    assert found[10:30, 10:30].all()


def test_pixels_that_touch_at_a_corner_are_one_piece() -> None:
    film = np.zeros((30, 30), dtype=bool)
    film[5:10, 5:10] = film[10:15, 10:15] = True
    found = components_in_frame(film, HandFrame(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), (30, 30)))
    assert set(np.unique(found)) == {0, 1}
