"""The forearm's shafts followed down their edges, on drawings whose bones are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES
from boneage.segmentation.forearm import SHAFTS, follow_shafts
from boneage.segmentation.hand_frame import FINE_SHAPE

RADIUS, ULNA = SHAFTS
FIRST_ROW = 700
ROWS = np.arange(FINE_SHAPE[0])[:, None]
COLUMNS = np.arange(FINE_SHAPE[1])[None, :]


def bones(*, lean: float = 0.0) -> NDArray[np.uint8]:
    """Both shafts as they are, leaning by ``lean`` columns a row; the radius ends in a slanted plate."""
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    middle = lean * (ROWS - 640)
    across = COLUMNS - middle
    labels[(across >= 300) & (across < 380) & (across <= 300 + (ROWS - 630) / 0.3)] = RADIUS
    labels[(across >= 220) & (across < 260) & (ROWS >= 650)] = ULNA
    return labels


def film(labels: NDArray[np.uint8], *, soft: float = 0.5, bone: float = 0.8) -> NDArray[np.float32]:
    """The picture of a label map: bones in soft tissue, air beside it."""
    picture = np.full(FINE_SHAPE, 0.02, dtype=np.float32)
    picture[:, 180:430] = soft
    picture[labels > 0] = bone
    return picture + np.random.default_rng(0).normal(0, 0.005, FINE_SHAPE).astype(np.float32)


def strayed(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Labels that below the wrist take in the tissue between both bones and leave a side of the ulna out."""
    found = labels.copy()
    between = (COLUMNS >= 262) & (COLUMNS < 298) & (found == 0)
    found[between & (ROWS >= 680)] = RADIUS
    found[between & (ROWS >= 720)] = ULNA
    found[FIRST_ROW:, 220:235] = 0
    return found


def differing(found: NDArray[np.uint8], truth: NDArray[np.uint8]) -> int:
    """How many pixels more than one column away from a side differ."""
    rim = (truth != np.roll(truth, 1, axis=1)) | (truth != np.roll(truth, -1, axis=1))
    return int(((found != truth) & ~rim).sum())


def test_tissue_between_the_bones_goes_and_a_missing_side_comes() -> None:
    truth = bones()
    labels = strayed(truth)
    assert differing(labels, truth) > 4000
    follow_shafts(labels, film(truth), FIRST_ROW)
    assert differing(labels, truth) < 60


@pytest.mark.parametrize("lean", [-0.4, 0.4])
def test_leaning_bones_are_followed_and_their_ends_stay(lean: float) -> None:
    truth = bones(lean=lean)
    labels = truth.copy()
    labels[FIRST_ROW:] = np.where(truth[FIRST_ROW:] > 0, RADIUS, 0)
    follow_shafts(labels, film(truth), FIRST_ROW)
    assert differing(labels, truth) < 60
    np.testing.assert_array_equal(labels[:645], truth[:645])


def test_a_faint_bone_is_followed_beside_the_strong_edge_of_the_skin() -> None:
    truth = bones()
    labels = strayed(truth)
    picture = film(truth, soft=0.85, bone=0.95)
    follow_shafts(labels, picture, FIRST_ROW)
    assert differing(labels, truth) < 100


def test_a_bone_ends_where_the_film_does() -> None:
    truth = bones()
    picture = film(truth)
    picture[740:] = 0
    labels = truth.copy()
    follow_shafts(labels, picture, FIRST_ROW)
    assert not labels[740:].any()
    assert differing(labels[:735], truth[:735]) == 0


def test_other_labels_stay() -> None:
    truth = bones()
    labels = strayed(truth)
    epiphysis = LABEL_VALUES["radius_epiphysis"]
    labels[690:710, 376:384] = epiphysis
    follow_shafts(labels, film(truth), FIRST_ROW)
    assert (labels[690:710, 376:384] == epiphysis).all()


def test_a_flat_film_or_one_without_forearm_stays_as_it_is() -> None:
    for labels, picture in (
        (strayed(bones()), np.full(FINE_SHAPE, 0.5, dtype=np.float32)),
        (np.zeros(FINE_SHAPE, dtype=np.uint8), film(bones())),
    ):
        before = labels.copy()
        follow_shafts(labels, picture, FIRST_ROW)
        np.testing.assert_array_equal(labels, before)
