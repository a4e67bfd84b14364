"""Whole TIFFs, and those that end early: within their head, their tags or their pixels."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from boneage.radiograph.tiff_directory import is_whole

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of tags that are cut short


def saved(kind: str = "TIFF", **options: Any) -> bytes:
    """Return a picture of noise as a file."""
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, format=kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "options",
    [{}, {"big_tiff": True}, {"compression": "tiff_lzw"}],
    ids=["tags first", "offsets of 64 bits", "tags last"],
)
def test_a_whole_tiff_is_whole_and_none_that_lacks_a_byte(options: dict[str, Any]) -> None:
    data = saved(**options)
    assert is_whole(data)
    assert not [length for length in range(len(data)) if is_whole(data[:length])]


def test_a_tiff_that_points_to_no_pixels_is_not_whole() -> None:
    data = saved()
    strips = (273).to_bytes(2, "little")
    assert data.count(strips) == 1
    assert not is_whole(data.replace(strips, (65_000).to_bytes(2, "little")))


@pytest.mark.parametrize("content", [b"", b"II", b"II*\0", b"II*\0" + bytes(4), b"MM\0*" + b"\xff" * 40, b"II+\0\xff"])
def test_a_broken_head_is_not_whole(content: bytes) -> None:
    assert not is_whole(content)


def test_another_format_is_no_tiff() -> None:
    assert not is_whole(saved("PNG"))
