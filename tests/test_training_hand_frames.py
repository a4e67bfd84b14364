"""The hand frames of stored films: joints come back in native pixels, pictures lie in the hand frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record
from torch import Tensor

from boneage.anatomy import JOINTS
from boneage.segmentation.hand_frame import FRAME_SHAPE, PALM_PIXELS, PALM_TEMPLATE, frame_of_joints
from boneage.segmentation.locator import LOCATOR_SIZE, joints_of, letterbox_matrix
from boneage.training import hand_frames
from boneage.training.films import Films
from boneage.training.hand_frames import (
    HandFrames,
    film_frame_picture,
    frame_to_stored,
    load_hand_frames,
    sample_stored,
)

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))
BESIDE = POINTS + np.array([200.0, 0.0])


class StandInLocator:
    """Finds given joints (21, 2) in the square, whatever the picture; keeps the pictures."""

    seen: list[Tensor]
    answers: list[np.ndarray]

    def __init__(self) -> None:
        type(self).seen = []

    def heat_maps(self, images: Tensor) -> Tensor:
        logits = []
        ys, xs = torch.meshgrid(torch.arange(LOCATOR_SIZE), torch.arange(LOCATOR_SIZE), indexing="ij")
        for image in images:
            joints = torch.from_numpy(self.answers[len(self.seen)])
            type(self).seen.append(image)
            distance = (xs - joints[:, 0, None, None]) ** 2 + (ys - joints[:, 1, None, None]) ** 2
            logits.append(-distance / (2 * 1.5**2))
        return torch.stack(logits).float()


@pytest.fixture
def films() -> Films:
    """The drawn hand as a square film, as a wide one and as one of unknown size."""
    wide = np.zeros((512, 900), dtype=np.float32)
    wide[:, 200:584] = HAND.pixels
    records = [record("1"), record("2", height=0, width=0), record("3", height=512, width=900, split="tune")]
    return films_of([HAND.pixels, HAND.pixels, wide], records)


def located(films: Films, cache: Path, monkeypatch: pytest.MonkeyPatch) -> HandFrames:
    answers = []
    for points, one in ((POINTS, films.records[0]), (BESIDE, films.records[2])):
        inverse = np.linalg.inv(letterbox_matrix(one.height, one.width))
        answers.append(points @ inverse[:2, :2].T + inverse[:2, 2])
    StandInLocator.answers = answers
    monkeypatch.setattr(hand_frames, "Locator", StandInLocator)
    cache.mkdir(exist_ok=True)
    return load_hand_frames(films, cache)


def test_joints_are_kept_in_native_pixels(films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = located(films, tmp_path, monkeypatch)
    np.testing.assert_allclose(frames.points[0], POINTS, atol=0.4)
    np.testing.assert_allclose(frames.points[2], BESIDE, atol=0.6)
    assert np.isnan(frames.points[1]).all()
    assert np.isnan(frames.misfit[1])
    assert frames.misfit[0] == pytest.approx(frame_of_joints(joints_of(POINTS))[1], abs=0.01)
    assert (frames.confidence[[0, 2]] > 0.9).all()


def test_the_locator_sees_films_in_their_own_aspect(
    films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    located(films, tmp_path, monkeypatch)
    tall, wide = (picture[0].numpy() for picture in StandInLocator.seen)
    assert (tall[:, :20] == 0).all()  # beside a film of 512 by 384
    assert (wide[:38] == 0).all()  # above one of 512 by 900
    inverse = np.linalg.inv(letterbox_matrix(512, 900))
    x, y = np.array([190 + 200.0, 290.0]) @ inverse[:2, :2].T + inverse[:2, 2]  # amid the third metacarpal
    assert wide[round(y), round(x)] > 0.9


def test_hands_are_located_once(films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = located(films, tmp_path, monkeypatch)
    StandInLocator.answers = []  # another call would fail
    again = load_hand_frames(films, tmp_path)
    np.testing.assert_array_equal(again.points, frames.points)
    np.testing.assert_array_equal(again.misfit, frames.misfit)


def test_another_locator_has_its_own_cache(films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    located(films, tmp_path, monkeypatch)
    (kept,) = tmp_path.glob("hand_frames-*.npz")
    monkeypatch.setattr(hand_frames, "manifest_entries", lambda: ({"name": "locator", "sha256": "f" * 64},))
    located(films, tmp_path, monkeypatch)
    assert {path.name for path in tmp_path.iterdir()} == {kept.name, "hand_frames-ffffffffffff.npz"}


def frames_of(films: Films) -> HandFrames:
    points = np.stack([POINTS, np.full((21, 2), np.nan), BESIDE])
    return HandFrames(points, np.ones((3, 21)), np.zeros(3))


def test_the_map_leads_from_the_frame_to_the_stored_pixels(films: Films) -> None:
    frames = frames_of(films)
    for number, offset in ((0, 0), (2, 200)):
        one = films.records[number]
        frame = frames.frame(number)
        inverse = np.linalg.inv(frame_to_stored(films, frames, number))
        native = np.array([190.0 + offset, 249.0])
        stored = (native + 0.5) * 299 / [one.width, one.height] - 0.5
        np.testing.assert_allclose((inverse @ [*stored, 1])[:2], frame.from_film(native[None])[0], atol=1e-6)


def test_the_picture_of_a_film_shows_the_hand_in_its_frame(films: Films) -> None:
    frames = frames_of(films)
    square, wide = (film_frame_picture(films, frames, number) for number in (0, 2))
    assert square.shape == FRAME_SHAPE
    in_frame = frames.frame(0).from_film(POINTS)
    palm = in_frame[JOINTS.index("wrist")] - in_frame[JOINTS.index("mcp_3")]
    assert np.linalg.norm(palm) == pytest.approx(PALM_PIXELS, rel=0.1)
    x, y = frames.frame(0).from_film(np.array([[190.0, 290.0]]))[0]
    assert square[round(y), round(x)] > 0.9
    inside = np.s_[100:300, 120:240]
    assert np.corrcoef(square[inside].ravel(), wide[inside].ravel())[0, 1] > 0.9


def test_films_are_sampled_through_their_own_maps(films: Films) -> None:
    shifted = np.array([[1.0, 0.0, 30.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    pictures, inside = sample_stored(films, [0, 0], [np.eye(3), shifted], (299, 299))
    assert pictures.shape == (2, 1, 299, 299)
    assert inside[0].all()
    assert not inside[1, ..., 270:].any()
    torch.testing.assert_close(pictures[1, ..., :260], pictures[0, ..., 30:290], atol=0.05, rtol=0)
    assert set(PALM_TEMPLATE) <= set(JOINTS)
