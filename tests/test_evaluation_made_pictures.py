"""Pictures made from drawn hands: what is taken away or added, and that equal seeds give equal files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_films import drawn_hand, joint_array
from PIL import Image

from boneage.evaluation import made_hands
from boneage.evaluation.made_hands import WholeHand
from boneage.evaluation.made_pictures import KINDS, make_pictures

DRAWN = drawn_hand()
HANDS = [WholeHand(DRAWN.pixels, joint_array(dict(DRAWN.joints)))] * 4


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_a_grey_picture_that_its_seed_decides(kind) -> None:  # type: ignore[no-untyped-def]
    one, same, other = (kind.make(HANDS, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.ndim == 2
    assert min(one.shape) >= 64
    assert one.min() >= 0
    assert one.max() <= 1
    assert one.dtype == np.float32
    np.testing.assert_array_equal(one, same)
    if kind.name not in {"four films"}:
        assert one.shape != other.shape or (one != other).any()


def test_two_hands_and_four_films_hold_all_of_them() -> None:
    pair = made_hands.two_hands(HANDS, np.random.default_rng(0))
    four = made_hands.mosaic(HANDS, np.random.default_rng(0))
    bright = (DRAWN.pixels > 0.5).mean()
    assert pair.shape[1] == 2 * round(DRAWN.pixels.shape[1] * made_hands.HEIGHT / DRAWN.pixels.shape[0])
    assert (pair > 0.55).mean() == pytest.approx(bright, rel=0.1)
    assert four.shape[0] == 2 * made_hands.HEIGHT


def test_missing_fingers_are_gone_and_the_palm_stays() -> None:
    picture = made_hands.fingers_missing(HANDS, np.random.default_rng(0))
    gone = [ray for ray in (2, 3, 4, 5) if picture[tuple(np.rint(HANDS[0].at(f"dip_{ray}")).astype(int)[::-1])] < 0.4]
    assert 2 <= len(gone) <= 3
    changed = picture != DRAWN.pixels
    assert not changed[round(HANDS[0].at("wrist")[1]) - 40 :].any()


def test_half_a_hand_ends_in_the_palm() -> None:
    heights = {made_hands.half_hand(HANDS, np.random.default_rng(seed)).shape for seed in range(12)}
    assert len(heights) == 3  # without fingers, without wrist, without one side
    assert all(rows < DRAWN.pixels.shape[0] or columns < DRAWN.pixels.shape[1] for rows, columns in heights)


def test_another_seed_makes_other_pictures(tmp_path: Path) -> None:
    folders = tmp_path / "0", tmp_path / "1"
    for seed, folder in enumerate(folders):
        folder.mkdir()
        list(make_pictures(HANDS, 1, folder, seed=seed))
    noise = [(folder / "noise_000.png").read_bytes() for folder in folders]
    assert noise[0] != noise[1]


def test_files_are_written_once_and_read_back(tmp_path: Path) -> None:
    made = list(make_pictures(HANDS, 1, tmp_path))
    assert [kind for kind, _ in made] == [kind.name for kind in KINDS]
    first = made[0][1]
    first.write_bytes(b"kept")
    again = list(make_pictures((), 1, tmp_path))
    assert again == made
    assert first.read_bytes() == b"kept"
    with Image.open(made[-1][1]) as picture:
        assert picture.mode == "L"
