"""A white frame is found, made dark, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from boneage.segmentation.bright_frame import bright_frame, without_bright_frame


def film(rows: int = 200, columns: int = 160) -> NDArray[np.float32]:
    """A dim disc on a darker ground."""
    y, x = np.indices((rows, columns))
    return (0.1 + 0.2 * ((x - columns / 2) ** 2 + (y - rows / 2) ** 2 < 50**2)).astype(np.float32)


def test_a_frame_all_round_becomes_as_dark_as_the_ground() -> None:
    framed = np.pad(film(), ((9, 7), (5, 3)), constant_values=1.0)
    assert bright_frame(framed) == (9, 7, 5, 3)
    found = without_bright_frame(framed)
    np.testing.assert_array_equal(found[9:-7, 5:-3], film())
    assert float(found.max()) == pytest.approx(0.3)
    assert float(found[0, 0]) == pytest.approx(0.1)
    assert float(framed[0, 0]) == 1.0  # the film that was given stays as it was


@pytest.mark.parametrize("factor", [0.83, 1.37])
def test_the_mixed_line_of_a_scaled_frame_is_darkened_too(factor: float) -> None:
    framed = Image.fromarray(np.pad(film(), 10, constant_values=1.0))
    size = (round(framed.width * factor), round(framed.height * factor))
    found = without_bright_frame(np.asarray(framed.resize(size, Image.Resampling.BILINEAR)).clip(0, 1))
    assert float(found.max()) < 0.5


def test_specks_on_a_frame_do_not_hide_it() -> None:
    framed = np.pad(film(), 8, constant_values=1.0)
    framed[2, 30:32] = 0.0
    assert bright_frame(framed) == (8, 8, 8, 8)


def bright_rim(side: str) -> NDArray[np.float32]:
    pixels = film()
    pixels[{"left": np.s_[:, :4], "top": np.s_[:4], "corner": np.s_[:60, :60]}[side]] = 1.0
    return pixels


@pytest.mark.parametrize(
    "pixels",
    [
        *(film(), bright_rim("left"), bright_rim("top"), bright_rim("corner"), np.pad(film(), 9)),
        *(np.ones((50, 40), dtype=np.float32), np.pad(film(20, 20), 60, constant_values=1.0)),
    ],
    ids=["none", "left", "top", "corner", "black", "white", "all but nothing"],
)
def test_what_is_no_frame_is_left_alone(pixels: NDArray[np.float32]) -> None:
    assert without_bright_frame(pixels) is pixels
