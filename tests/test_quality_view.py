"""The hand on the grid of the checks: levels of bone and flesh, and the way to the film."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.anatomy import LABEL_VALUES
from boneage.quality.view import film_levels, view_hand
from boneage.segmentation.bone_map import BoneMap, HandFrame

BONE = LABEL_VALUES["proximal_phalanx_3"]


def bar(matrix: list[list[float]], *, shade: float = 0.0) -> BoneMap:
    """A bar of grey 0.9 upon 0.3, on a fine grid of 80 by 60."""
    labels = np.zeros((80, 60), dtype=np.uint8)
    labels[20:60, 24:36] = BONE
    pixels = np.where(labels > 0, 0.9, 0.3).astype(np.float32) + np.linspace(0, shade, 60, dtype=np.float32)
    return BoneMap(labels, pixels, {}, {}, HandFrame(np.array(matrix), labels.shape))


def test_levels_are_those_of_the_drawing() -> None:
    view = view_hand(bar([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), (80, 60))
    assert view.labels.shape == (40, 30)
    bone, flesh = view.levels(view.pixels)
    assert bone[BONE] == pytest.approx(0.9)
    assert flesh[BONE] == pytest.approx(0.3)
    assert np.isnan(bone[BONE + 1])
    assert view.distance[20, 15] == 0
    assert view.distance[20, 9] == 3.0  # columns 12 to 17 are bone


def test_what_the_film_does_not_cover_is_no_flesh() -> None:
    whole = view_hand(bar([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), (80, 60))
    cut = view_hand(bar([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), (80, 24))
    assert whole.flesh[20, 20]
    assert not cut.flesh[20, 20]
    assert cut.flesh[20, 9]


def test_the_films_own_grey_is_found_through_the_frame() -> None:
    hand = bar([[2.0, 0.0, 10.0], [0.0, 2.0, 4.0]])
    film = np.tile(np.arange(200, dtype=np.float32), (200, 1))
    levels = film_levels(view_hand(hand, film.shape), film)
    # Grid pixel c covers fine pixels 2c and 2c + 1, whose middle lies at 2 (2c + 0.5) + 10 on the film.
    assert levels[0, :4].tolist() == [11.0, 15.0, 19.0, 23.0]
