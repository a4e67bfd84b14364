"""Radius and ulna grown from grey levels, on drawn bars."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_films import drawn_hand
from scipy import ndimage

from boneage.anatomy import BONES, LABEL_VALUES, epiphysis_of
from boneage.training.forearm import grow_forearm
from boneage.training.named_masks import IGNORE

HAND = drawn_hand()
RADIUS, ULNA = LABEL_VALUES["radius"], LABEL_VALUES["ulna"]
NAMED = np.where(
    np.isin(HAND.labels, [*(LABEL_VALUES[epiphysis_of(bone)] for bone in BONES), LABEL_VALUES["carpals"]]),
    HAND.labels,
    0,
).astype(np.uint8)


def film(labels: np.ndarray = HAND.labels, *, gap: float = 0.0) -> np.ndarray:
    """Air, a soft arm and bone; ``gap`` brightens what lies between the bones."""
    x = np.indices(labels.shape)[1]
    arm = (x > 120) & (x < 250)
    picture = 0.02 + 0.3 * arm + 0.4 * (labels > 0)
    picture[440:, 168:189] += gap
    random = np.random.default_rng(0)
    return (ndimage.gaussian_filter(picture, 0.8) + random.normal(0, 0.004, labels.shape)).astype(np.float32)


def dice(one: np.ndarray, other: np.ndarray) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


@pytest.mark.parametrize("gap", [0.0, 0.15])
def test_two_bars_become_radius_and_ulna(gap: float) -> None:
    grown = grow_forearm(film(gap=gap), HAND.joints, NAMED)
    for value in (RADIUS, ULNA):
        assert dice(grown == value, HAND.labels == value) > 0.9
    assert (np.nonzero(grown == RADIUS)[1].mean()) > np.nonzero(grown == ULNA)[1].mean()  # on the thumb's side


def test_what_was_named_stays_as_it_is() -> None:
    before = NAMED.copy()
    grown = grow_forearm(film(), HAND.joints, NAMED)
    np.testing.assert_array_equal(grown[before > 0], before[before > 0])
    np.testing.assert_array_equal(NAMED, before)


def test_a_mirrored_picture_mirrors_the_names() -> None:
    joints = {name: (383 - x, y) for name, (x, y) in HAND.joints.items()}
    grown = grow_forearm(film()[:, ::-1].copy(), joints, np.ascontiguousarray(NAMED[:, ::-1]))
    # The hand frame always shows the thumb to the right: the right bar is the radius, whatever was drawn.
    assert np.nonzero(grown == RADIUS)[1].mean() > np.nonzero(grown == ULNA)[1].mean()


def without(*names: str) -> np.ndarray:
    labels = HAND.labels.copy()
    labels[np.isin(labels, [LABEL_VALUES[name] for name in names])] = 0
    return labels


@pytest.mark.parametrize(
    "labels",
    [
        without("ulna"),
        without("radius", "ulna"),
        np.where(np.indices(HAND.labels.shape)[0] > 432, 0, HAND.labels),
    ],
    ids=["one bone", "no bone", "cut below the wrist"],
)
def test_anything_less_clear_is_not_learned_from(labels: np.ndarray) -> None:
    grown = grow_forearm(film(labels), HAND.joints, NAMED)
    assert not np.isin(grown, [RADIUS, ULNA]).any()
    below = np.indices(labels.shape)[0] > 425
    near = np.abs(np.indices(labels.shape)[1] - 186) < 60
    assert (grown[below & near] == IGNORE).all()


def test_a_film_that_ends_at_the_wrist_is_not_learned_from() -> None:
    picture = film()
    picture[392:] = 0.0
    grown = grow_forearm(picture, HAND.joints, NAMED)
    assert not np.isin(grown, [RADIUS, ULNA]).any()
    assert (grown[500, 150:220] == IGNORE).all()


def test_bones_as_thick_as_an_arm_do_not_convince() -> None:
    labels = HAND.labels.copy()
    labels[425:, 122:170] = ULNA
    labels[425:, 176:248] = RADIUS
    grown = grow_forearm(film(labels), HAND.joints, NAMED)
    assert not np.isin(grown, [RADIUS, ULNA]).any()


@pytest.mark.parametrize(("rows", "bone"), [(45, False), (85, True)])
def test_two_bones_are_of_a_size(rows: int, bone: bool) -> None:
    labels = without("radius", "ulna")
    labels[425 : 425 + rows, 140:152] = ULNA
    labels[425:, 176:217] = RADIUS
    grown = grow_forearm(film(labels), HAND.joints, NAMED)
    assert np.isin(grown, [RADIUS, ULNA]).any() == bone


def test_the_palm_is_left_alone() -> None:
    grown = grow_forearm(film(), HAND.joints, NAMED)
    np.testing.assert_array_equal(grown[:370], NAMED[:370])
