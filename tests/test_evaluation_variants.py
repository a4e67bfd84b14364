"""The variants of a film change what they say and nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from boneage.evaluation.variants import ORIGINAL, VARIANTS, border_level
from boneage.radiograph.read import read_radiograph_bytes

BY_NAME = {variant.name: variant for variant in VARIANTS}


def film() -> np.ndarray:
    """A bright bar left of the middle on a grey ground; the border is darker."""
    pixels = np.full((240, 160), 0.2, dtype=np.float32)
    pixels[8:-8, 8:-8] = 0.3
    pixels[60:180, 50:70] = 0.8
    return pixels


def decode(content: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture).astype(float) / 255


def test_names_are_all_different() -> None:
    assert len({ORIGINAL.name, *BY_NAME}) == len(VARIANTS) + 1


def test_what_is_not_changed_comes_back_as_it_was() -> None:
    pixels = np.round(film() * 255) / 255
    assert np.array_equal(np.round(decode(ORIGINAL.encode(pixels.astype(np.float32))) * 255), np.round(pixels * 255))


@pytest.mark.parametrize(("name", "degrees"), [("turned by 7°", 7), ("turned by -11°", -11), ("turned by 30°", 30)])
def test_a_turned_film_loses_nothing_and_keeps_its_ground(name: str, degrees: float) -> None:
    turned = decode(BY_NAME[name].encode(film()))
    rows, columns = np.nonzero(turned > 0.55)
    assert len(rows) == pytest.approx(120 * 20, rel=0.04)
    spread = np.cov(columns, rows)
    angle = np.degrees(0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1]))
    assert (angle - (90 - degrees) + 90) % 180 - 90 == pytest.approx(0, abs=1)
    assert turned.min() == pytest.approx(0.2, abs=0.02)
    assert min(turned.shape) > 160


def test_the_ground_of_a_film_is_that_behind_a_thin_bright_line_round_it() -> None:
    lined = np.full((240, 160), 30, dtype=np.uint8)
    lined[[0, -1]] = 200
    lined[:, [0, -1]] = 200
    assert border_level(lined) == 30


def test_black_corners_are_black() -> None:
    turned = decode(BY_NAME["turned by 30°, black corners"].encode(film()))
    assert turned[0, 0] == turned[-1, -1] == 0
    assert border_level(np.array([[1, 1, 1], [1, 9, 1], [1, 1, 1]], dtype=np.uint8)) == 1


@pytest.mark.parametrize("name", ["scaled by 0.8", "scaled by 1.25", "half resolution"])
def test_a_scaled_film_is_of_the_size_it_says(name: str) -> None:
    variant = BY_NAME[name]
    assert decode(variant.encode(film())).shape == (round(240 * variant.scale), round(160 * variant.scale))
    assert variant.scale != 1


def test_a_mirrored_film_is_mirrored() -> None:
    mirrored = decode(BY_NAME["mirrored"].encode(film()))
    assert np.array_equal(mirrored[:, ::-1], decode(ORIGINAL.encode(film())))


def test_the_jpeg_is_one_and_has_lost_something() -> None:
    content = BY_NAME["JPEG quality 50"].encode(film())
    assert content.startswith(b"\xff\xd8\xff")
    assert 0 < np.abs(decode(content) - film()).mean() < 0.02


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("inverted", 0.2),
        ("brighter by 0.1", 0.9),
        ("half the contrast", 0.65),
        ("gamma 0.7", 0.8**0.7),
        ("gamma 1.4", 0.8**1.4),
    ],
)
def test_grey_levels_go_through_the_curve(name: str, expected: float) -> None:
    assert decode(BY_NAME[name].encode(film()))[100, 60] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_can_be_read(variant) -> None:  # type: ignore[no-untyped-def]
    assert min(read_radiograph_bytes(variant.encode(film())).pixels.shape) > 60
