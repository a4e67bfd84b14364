"""Bytes to a DICOM data set, as far as its picture and no further, within bounded memory.

What follows the picture is of no use here, and thousands of empty elements stall the parser; a small deflated file can
unpack to gigabytes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from boneage.errors import ReadError
from boneage.radiograph.source import LONG_FORMS

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MAX_UNPACKED: Final = 256 << 20
"""Bytes to which a deflated file may unpack: 100 megapixels of 16 bits, and more."""
_DEFLATED: Final = b"1.2.840.10008.1.2.1.99"
_META_GROUP: Final = b"\x02\x00"
_PICTURE: Final = range(0x7FE00008, 0x7FE00011)
_CHUNK: Final = 1 << 20


def parse(data: bytes) -> Dataset:
    """Parse a file, with or without preamble and file meta information.

    Raises
    ------
    ReadError
        ``image_too_large`` if it is deflated and unpacks to more than `MAX_UNPACKED`.
    Exception
        Whatever pydicom raises on a broken file; the text may quote a value.
    """
    from pydicom.filereader import read_partial

    _check_unpacked_size(data)
    return read_partial(io.BytesIO(data), stop_when=_past_the_picture(), force=True)


def _past_the_picture() -> Callable[[int, str | None, int], bool]:
    """Return what is asked before each element whether to stop: after the picture, and at a tag that cannot be."""
    seen = False

    def stop(tag: int, _representation: str | None, _length: int) -> bool:
        nonlocal seen
        if seen or tag >> 16 == 0:
            return True
        seen = tag in _PICTURE
        return False

    return stop


def _check_unpacked_size(data: bytes) -> None:
    """Unpack a deflated file piece by piece without keeping it."""
    start = _end_of_meta(data)
    if _DEFLATED not in data[:start]:
        return
    unpacker, packed, size = zlib.decompressobj(-zlib.MAX_WBITS), data[start:], 0
    while packed and not unpacker.eof:
        size += len(unpacker.decompress(packed, _CHUNK))
        packed = unpacker.unconsumed_tail
        if size > MAX_UNPACKED:
            msg = "the DICOM file is deflated and unpacks to more than a film can hold"
            raise ReadError("image_too_large", msg, remedy="export the film again without compression")


def _end_of_meta(data: bytes) -> int:
    """Return where the elements of the file meta information end."""
    position = 132 if data[128:132] == b"DICM" else 0
    while data[position : position + 2] == _META_GROUP and position + 12 <= len(data):
        if data[position + 4 : position + 6] in LONG_FORMS:
            position += 12 + struct.unpack_from("<I", data, position + 8)[0]
        else:
            position += 8 + struct.unpack_from("<H", data, position + 6)[0]
    return position
