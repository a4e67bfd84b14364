"""Films made from an example film: as DICOM of any size, and in other formats."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
from make_dicom import dicom_bytes
from PIL import Image
from pydicom.uid import generate_uid

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "films" / "rsna_1744.webp"
ROWS: Final = 2570
"""Of the example film."""

LARGEST_ROWS: Final = 8334
"""Rows of the film of a fine scanner: some 6600 columns, and 110 MB with two bytes a pixel."""


def dicom_film(rows: int = ROWS, **tags: Any) -> bytes:
    """The example film as an uncompressed DICOM file of 16 bits with so many rows; ``tags`` as in `dicom_bytes`."""
    with Image.open(EXAMPLE) as film:
        grey = film.convert("L")
        size = (round(grey.width * rows / grey.height), rows)
        pixels = np.asarray(grey.resize(size, Image.Resampling.BICUBIC), dtype=np.uint16) * 257
    uids = {name: generate_uid() for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    return dicom_bytes(pixels, **(uids | tags))


def raster_film(name: str) -> bytes:
    """The example film as a ``PNG`` or ``JPEG`` file."""
    buffer = io.BytesIO()
    with Image.open(EXAMPLE) as film:
        film.convert("L").save(buffer, name, quality=95)
    return buffer.getvalue()
