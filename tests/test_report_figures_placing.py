"""The film round a bone, with ends to be placed."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from boneage.report.figures.placing import placing_scene, view_of
from boneage.report.figures.scene import Box, Handle

ENDS = ((100.0, 220.0), (110.0, 120.0))
NAMES = ("near", "far")


def film() -> np.ndarray:
    pixels = np.tile(np.linspace(0, 1, 200, dtype=np.float32), (300, 1))
    return np.ascontiguousarray(pixels)


def holds(box: Box, x: float, y: float) -> bool:
    return box.x < x < box.x + box.width and box.y < y < box.y + box.height


def test_both_ends_can_be_taken_where_they_are_and_are_named() -> None:
    scene = placing_scene(film(), ENDS, names=NAMES)
    assert scene.handles == (Handle("near", 100.0, 220.0), Handle("far", 110.0, 120.0))
    assert scene.shapes == ()


def test_what_was_found_is_drawn_beside_what_was_placed() -> None:
    before = ((90.0, 210.0), (110.0, 120.0))
    (found,) = placing_scene(film(), ENDS, names=NAMES, before=before).shapes
    assert found.points == before
    assert placing_scene(film(), ENDS, names=NAMES, before=ENDS).shapes == ()


def test_the_view_shows_both_ends_with_room_and_stays_while_an_end_is_moved_within_it() -> None:
    view = view_of(ENDS, ENDS)
    assert all(holds(view, *end) for end in ENDS)
    assert view.height > 1.5 * 100
    moved = ((102.0, 235.0), ENDS[1])
    assert view_of(ENDS, moved) == view
    assert placing_scene(film(), moved, names=NAMES, before=ENDS).view == view


def test_the_view_grows_round_an_end_far_away() -> None:
    view = view_of(ENDS, ((300.0, 220.0), ENDS[1]))
    assert holds(view, 100.0, 220.0)
    assert holds(view, 300.0, 220.0)


def test_the_picture_is_the_film_under_the_view_and_about_it() -> None:
    scene = placing_scene(film(), ENDS, names=NAMES)
    place, view = scene.place, scene.view
    assert place.x <= max(view.x, -0.5)
    assert place.x + place.width >= min(view.x + view.width, 199.5)
    picture = Image.open(io.BytesIO(base64.b64decode(scene.source.split(",")[1])))
    assert picture.size == (place.width, place.height)
    row = np.asarray(picture.convert("L"), dtype=float)[10]
    assert row[-1] > row[0] + 100


@pytest.mark.parametrize("far", [400.0, 5000.0])
def test_a_view_beyond_the_film_does_not_fail(far: float) -> None:
    scene = placing_scene(film(), ((far, far), (far + 20, far + 20)), names=NAMES)
    assert scene.place.width >= 1
