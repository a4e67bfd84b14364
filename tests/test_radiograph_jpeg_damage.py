"""Damage to a JPEG that decodes all the same: what libjpeg-turbo warns of, and the seam that a slip leaves."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from make_dicom import dicom_dataset, to_bytes
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit

from boneage.errors import ReadError
from boneage.radiograph.dicom import read_dicom
from boneage.radiograph.jpeg_damage import is_damaged, mean_quantum
from boneage.radiograph.jpeg_seam import has_slipped


def drawing(rows: int = 240, columns: int = 320) -> np.ndarray:
    """Return a smooth picture that differs along its rows."""
    y, x = np.mgrid[0:rows, 0:columns]
    return (110 + 50 * np.sin(x / 23) + 30 * np.cos(y / 31 + x / 90)).astype(np.uint8)


def jpeg(picture: np.ndarray, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def slipped(row: int, column: int, step: int, *, unit: int = 8) -> np.ndarray:
    """Return the drawing with everything from one coded unit on shifted in grey."""
    picture = drawing().astype(int)
    picture[row : row + unit, column:] += step
    picture[row + unit :] += step
    return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("step", [-60, -12, 5, 12, 40])
@pytest.mark.parametrize(("row", "column", "unit"), [(80, 160, 8), (160, 64, 8), (96, 240, 16), (16, 160, 16)])
def test_a_slip_is_seen(row: int, column: int, unit: int, step: int) -> None:
    assert has_slipped(slipped(row, column, step, unit=unit))


@pytest.mark.parametrize("step", [-40, 20])
def test_a_slip_from_the_start_of_a_row_is_seen(step: int) -> None:
    assert has_slipped(slipped(120, 0, step))


def test_a_sound_drawing_shows_none() -> None:
    assert not has_slipped(drawing())
    assert not has_slipped(drawing(40, 40))
    assert not has_slipped(np.zeros((240, 320), dtype=np.uint8))


@pytest.mark.parametrize("quality", [30, 60, 95])
@pytest.mark.parametrize("edge", [80, 88, 96])
def test_a_border_that_begins_with_a_block_is_no_slip(edge: int, quality: int) -> None:
    black, grey, framed, tilted = (drawing() for _ in range(4))
    black[:edge] = 0
    grey[edge:] = 60
    framed[:edge, :] = framed[:, :edge] = framed[-edge:, :] = 20
    for column in range(320):
        tilted[: edge + column // 20, column] = 30
    for picture in (black, grey, framed, tilted):
        stream = jpeg(picture, quality=quality)
        assert not is_damaged(stream)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"restart_marker_rows": 1}])
def test_sound_streams(options: dict[str, Any]) -> None:
    assert not is_damaged(jpeg(drawing(), **options))
    assert not is_damaged(jpeg(np.stack([drawing()] * 3, axis=2), **options))


def test_what_follows_the_picture_is_no_damage() -> None:
    whole = jpeg(drawing())
    assert not is_damaged(whole + bytes(100))
    assert not is_damaged(whole[:-2])


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_stream_cut_short(part: float) -> None:
    whole = jpeg(drawing())
    assert is_damaged(whole[: int(len(whole) * part)])


def test_what_is_no_jpeg_is_not_judged() -> None:
    assert not is_damaged(b"\xff\xd8 and nothing else")


def test_the_quantum_of_a_mean() -> None:
    stream = jpeg(drawing(), qtables=[[24] + [10] * 63])
    assert mean_quantum(stream) == 3
    assert mean_quantum(b"\xff\xd8\xff\xda") == 0


def test_a_jpeg_within_dicom() -> None:
    whole = jpeg(drawing(), quality=90)
    ds = dicom_dataset(drawing(), syntax=JPEGBaseline8Bit)

    def film(stream: bytes) -> bytes:
        ds.PixelData = encapsulate([stream])
        ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
        return to_bytes(ds)

    assert read_dicom(film(whole)).pixels.shape == (240, 320)
    damaged = bytearray(whole)
    damaged[len(whole) // 2 : len(whole) // 2 + 8] = bytes(range(3, 11))
    with pytest.raises(ReadError) as caught:
        read_dicom(film(bytes(damaged)))
    assert caught.value.code == "dicom_damaged"
    with pytest.raises(ReadError) as caught:
        read_dicom(film(jpeg(slipped(80, 160, 30), quality=90)))
    assert caught.value.code == "dicom_damaged"
