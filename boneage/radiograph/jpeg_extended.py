"""Lossy 12-bit JPEG (transfer syntax 1.2.840.10008.1.2.4.51), which pydicom leaves to a GPL library.

gdcm decodes it once it is told the precision that the stream itself states, instead of that of the DICOM header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

TRANSFER_SYNTAX: Final = "1.2.840.10008.1.2.4.51"
_FRAME_MARKERS: Final = frozenset({0xC0, 0xC1, 0xC2})
_SOI: Final = 0xD8


def decode_jpeg_extended(ds: Dataset) -> NDArray[np.generic]:
    """Decode the one frame of a data set in JPEG Extended.

    Parameters
    ----------
    ds:
        Data set with Rows, Columns and encapsulated PixelData, one sample a pixel.

    Returns
    -------
    numpy.ndarray
        ``uint8`` or ``uint16`` stored values (rows, columns).

    Raises
    ------
    ValueError
        If the stream is not JPEG, its size is not that of the header, or gdcm does not decode it.
    """
    import gdcm
    from pydicom.encaps import generate_frames

    stream = next(generate_frames(ds.PixelData, number_of_frames=1))
    precision, rows, columns = frame_header(stream)
    if (rows, columns) != (ds.Rows, ds.Columns):
        msg = "the size of the JPEG stream is not that of the header"
        raise ValueError(msg)
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(stream)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((columns, rows, 1))
    image.SetDataElement(element)
    grey = gdcm.PhotometricInterpretation.GetPIType("MONOCHROME2")
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(grey))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(TRANSFER_SYNTAX)))
    image.SetPixelFormat(gdcm.PixelFormat(1, precision, precision, precision - 1, 0))
    # gdcm hands bytes over as text
    raw = image.GetBuffer().encode("utf-8", "surrogateescape")
    stored = np.frombuffer(raw, dtype=np.uint8 if precision <= 8 else np.dtype("<u2"))
    return stored[: rows * columns].reshape(rows, columns)


def frame_header(stream: bytes) -> tuple[int, int, int]:
    """Return bits per sample, rows and columns of a JPEG stream.

    Raises
    ------
    ValueError
        If the stream has no frame header.
    """
    position = 2
    while stream[:2] == bytes((0xFF, _SOI)) and position + 9 <= len(stream) and stream[position] == 0xFF:
        marker = stream[position + 1]
        if marker in _FRAME_MARKERS:
            return (
                stream[position + 4],
                int.from_bytes(stream[position + 5 : position + 7], "big"),
                int.from_bytes(stream[position + 7 : position + 9], "big"),
            )
        position += 2 + int.from_bytes(stream[position + 2 : position + 4], "big")
    msg = "the stream has no JPEG frame header"
    raise ValueError(msg)
