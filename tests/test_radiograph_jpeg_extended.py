"""The header of a JPEG stream (its decoding is tested on real films in `test_radiograph_dicom`)."""

from __future__ import annotations

import io

import numpy as np
import pytest
from make_dicom import stripes
from PIL import Image

from boneage.radiograph.jpeg_extended import frame_header


def stream() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(stripes(np.uint8, high=255)[:80]).save(buffer, format="JPEG")
    return buffer.getvalue()


def test_frame_header() -> None:
    assert frame_header(stream()) == (8, 80, 96)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff", bytes(100), b"\xff\xd8" + b"\xff\xe0\x00\x02" * 3])
def test_no_frame_header(data: bytes) -> None:
    with pytest.raises(ValueError, match="no JPEG frame header"):
        frame_header(data)
