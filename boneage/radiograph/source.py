"""From a path to bytes: everything that can be wrong with a file before its content is looked at."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final, Literal

from boneage.errors import ReadError

MAX_FILE_BYTES: Final = 1 << 30
"""Files above one gigabyte are refused unread: no single film is that large."""

SUPPORTED: Final = "DICOM, PNG, JPEG, TIFF, WebP or BMP"

_RASTER_SIGNATURES: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
    b"BM",
)
_VALUE_REPRESENTATIONS: Final = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()
)
LONG_FORMS: Final = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""Value representations whose elements have a length of four bytes behind two empty ones (PS3.5 7.1.2)."""


def load_bytes(path: Path) -> bytes:
    """Read a whole file.

    Raises
    ------
    ReadError
        ``file_not_found``, ``is_a_folder``, ``not_a_file`` (pipe, device), ``file_unreadable`` (no permission, broken
        medium), ``file_empty`` or ``file_too_large``. The message never carries the path, which may name a patient.
    """
    try:
        if path.is_dir():
            msg = "the path is a folder, not a film"
            raise ReadError("is_a_folder", msg, remedy="name one film, or use `boneage batch` for a folder")
        if not path.exists():
            msg = "there is no such file"
            raise ReadError("file_not_found", msg, remedy="check the path")
        if not path.is_file():
            msg = "the path is not a regular file"
            raise ReadError("not_a_file", msg, remedy="copy the film into an ordinary file first")
        if path.stat().st_size > MAX_FILE_BYTES:
            msg = "the file is larger than one gigabyte, so it is not a single radiograph"
            raise ReadError("file_too_large", msg, remedy="export the one film alone")
        data = path.read_bytes()
    except OSError:
        msg = "the file cannot be read"
        remedy = "check that you may read it and that its medium is intact"
        raise ReadError("file_unreadable", msg, remedy=remedy) from None
    except ValueError:  # a path with a NUL character
        msg = "there is no such file"
        raise ReadError("file_not_found", msg, remedy="check the path") from None
    if not data:
        msg = "the file is empty"
        raise ReadError("file_empty", msg, remedy="export or copy the film again")
    return data


def sniff(data: bytes) -> Literal["DICOM", "raster"] | None:
    """Tell from the content, never from the name, what kind of film a file holds (``None``: none that is known)."""
    if data[128:132] == b"DICM":
        return "DICOM"
    if data.startswith(_RASTER_SIGNATURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "raster"
    return "DICOM" if looks_like_bare_dicom(data) else None


def looks_like_bare_dicom(data: bytes) -> bool:
    """Tell whether bytes without the ``DICM`` mark are a DICOM data set all the same.

    Old archives and some exports leave the preamble and file meta header out. The first elements must then be a walk of
    ascending tags from group 0002 or 0008 whose lengths fit, which no text or picture is by chance.
    """
    for order in "<>":
        position, previous, steps = 0, (0, 0), 0
        while steps < 4:
            step = _element(data, position, order)
            if step is None:
                break
            tag, position = step
            if tag <= previous or (steps == 0 and tag[0] not in {0x0002, 0x0008}):
                break
            previous, steps = tag, steps + 1
        if steps == 4:
            return True
    return False


def _element(data: bytes, position: int, order: str) -> tuple[tuple[int, int], int] | None:
    """Return the tag of the data element at ``position`` and where the next one starts, if there is one."""
    if position + 8 > len(data):
        return None
    group, element = struct.unpack_from(f"{order}HH", data, position)
    representation = data[position + 4 : position + 6]
    if representation in LONG_FORMS:
        if position + 12 > len(data):
            return None
        length, header = struct.unpack_from(f"{order}I", data, position + 8)[0], 12
    elif representation in _VALUE_REPRESENTATIONS:
        length, header = struct.unpack_from(f"{order}H", data, position + 6)[0], 8
    else:
        length, header = struct.unpack_from(f"{order}I", data, position + 4)[0], 8
    end = position + header + length
    return ((group, element), end) if end <= len(data) else None
