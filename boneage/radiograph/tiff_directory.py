"""Whether a TIFF is whole although its pixels are not read here: its tags, and all pixel data that they point to."""

from __future__ import annotations

import io
import struct
from typing import Final

from PIL.TiffImagePlugin import ImageFileDirectory_v2

_HEADS: Final = {b"II*\0": 8, b"MM\0*": 8, b"II+\0": 16}
"""How a TIFF begins, and how long its head is: with offsets of 32 bits, or of 64."""
_PIXEL_DATA: Final = ((273, 279), (324, 325))
"""Tags of the offsets and the byte counts, of strips and of tiles."""


def is_whole(data: bytes) -> bool:
    """Tell whether a file is a TIFF with a complete first directory and with all the pixel data that it points to.

    Whether these data can be decoded is not asked.

    Parameters
    ----------
    data:
        The bytes of the file.
    """
    head = data[: _HEADS.get(data[:4], 0)]
    try:
        directory = ImageFileDirectory_v2(head)
        first = directory.next
        stream = io.BytesIO(data)
        stream.seek(first)
        directory.load(stream)
        if directory.next == first:  # left as it was: the file ends within the directory
            return False
        parts = [
            (at, size)
            for offsets, counts in _PIXEL_DATA
            if offsets in directory
            for at, size in zip(directory[offsets], directory[counts], strict=True)
        ]
    except (SyntaxError, struct.error, OSError, ValueError, TypeError, LookupError, OverflowError):
        return False  # what Pillow raises on broken tags
    return bool(parts) and all(at + size <= len(data) for at, size in parts)
