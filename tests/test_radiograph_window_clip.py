"""Windows that cut off the hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from make_dicom import dicom_bytes
from PIL import Image

from boneage.radiograph.dicom import DicomFilm, read_dicom
from boneage.radiograph.grey import Window
from boneage.radiograph.window_clip import cuts_off_the_hand

FILMS = Path(__file__).resolve().parent.parent / "examples" / "films"


def film(air: float = 0.6) -> np.ndarray:
    """Return noisy levels of air (1000), soft tissue (2000) and bone (3000)."""
    rng = np.random.default_rng(0)
    kinds = np.full((200, 200), 1000.0)
    kinds[int(200 * air) :] = 2000
    kinds[int(200 * (1 + air) / 2) :] = 3000
    return (kinds + rng.normal(0, 60, kinds.shape)).astype(np.float32)


def cut(low: float, high: float, levels: np.ndarray, *, inverted: bool = False) -> bool:
    window = Window((low + high) / 2, high - low, "LINEAR_EXACT")
    return cuts_off_the_hand(levels, window(levels), None, inverted=inverted)


@pytest.mark.parametrize("air", [0.2, 0.6, 0.9])
@pytest.mark.parametrize(
    ("low", "high", "wrong"),
    [(0, 4000, False), (1400, 3300, False), (0, 2500, True), (2500, 4000, True), (2300, 2500, True)],
)
def test_limits(low: float, high: float, air: float, wrong: bool) -> None:
    levels = film(air)
    assert cut(low, high, levels) is wrong
    assert cut(4095 - high, 4095 - low, 4095 - levels, inverted=True) is wrong


def test_a_border_at_the_end_of_the_range_is_not_cut_off_by_the_window() -> None:
    levels = film()
    levels[:, :80] = 4000
    assert not cut(0, 3500, levels)


def test_padding_does_not_count() -> None:
    levels = film()
    ignore = np.zeros(levels.shape, dtype=bool)
    levels[:, :80], ignore[:, :80] = 3500 + np.arange(80), True
    grey = Window(1700, 3400, "LINEAR_EXACT")(levels)
    assert cuts_off_the_hand(levels, grey, None, inverted=False)
    assert not cuts_off_the_hand(levels, grey, ignore, inverted=False)


def test_a_flat_film() -> None:
    levels = np.full((80, 80), 5.0, dtype=np.float32)
    assert not cut(0, 10, levels)


def windowed(name: str, low: float, high: float, **tags: Any) -> DicomFilm:
    """Return an example film of 12 bits with a window from ``low`` to ``high``."""
    with Image.open(FILMS / f"rsna_{name}.webp") as image:
        stored = np.asarray(image.convert("L")).astype(np.uint16) * 16
    if tags.get("PhotometricInterpretation") == "MONOCHROME1":
        stored, low, high = 4095 - stored, 4095 - high, 4095 - low
    tags |= {"WindowCenter": (low + high) / 2, "WindowWidth": high - low, "BitsStored": 12, "HighBit": 11}
    return read_dicom(dicom_bytes(stored, **tags))


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("2136", 544, 784), ("1744", 250, 750), ("4621", 80, 1904), ("4621", 900, 4095), ("1406", 1161, 4095)],
)
def test_a_window_that_cuts_off_the_hand_is_left_out(name: str, low: int, high: int, photometric: str) -> None:
    film = windowed(name, low, high, PhotometricInterpretation=photometric)
    assert [notice.code for notice in film.notices] == ["window_ignored"]
    assert film.notices[0].severity == "warning"
    whole = windowed(name, 0, 4096)
    np.testing.assert_allclose(film.pixels / film.pixels.max(), whole.pixels / whole.pixels.max(), atol=0.02)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("name", "low", "high"), [("2136", 568, 1300), ("1744", 105, 2000), ("4621", 390, 2900), ("1406", 569, 3500)]
)
def test_a_window_that_blackens_the_air_is_kept(name: str, low: int, high: int, photometric: str) -> None:
    film = windowed(name, low, high, PhotometricInterpretation=photometric)
    assert [notice.code for notice in film.notices] == []
    assert float((film.pixels == 0).mean()) > 0.2
