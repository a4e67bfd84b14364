"""Whether a JPEG stream is damaged although it decodes.

libjpeg goes on after an error with a mere warning, which Pillow and gdcm drop; libjpeg-turbo is asked here for its
warnings. They tell about half of the damages to the coded pixels. The rest decodes without any, and most of what of
that shifts the picture leaves a seam: see `boneage.radiograph.jpeg_seam`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from boneage.radiograph.jpeg_extended import frame_header
from boneage.radiograph.jpeg_seam import has_slipped

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_END: Final = b"\xff\xd9"
_MARK: Final = 0xFF
_QUANTISATION: Final = 0xDB
_SCAN: Final = 0xDA
_WARNINGS: Final = re.compile(
    r"premature end|bad Huffman code|bad arithmetic code|found marker 0x\w+ instead of RST"
    r"|extraneous bytes before marker 0x(d|c4)",
    re.IGNORECASE,
)
"""What libjpeg-turbo says of damaged pixels; its other warnings are of headers, which do not touch them."""


def is_damaged(stream: bytes) -> bool:
    """Tell whether the pixels of a JPEG of 8 bits are damaged.

    Parameters
    ----------
    stream:
        The file, or one frame of a DICOM object. Its header has been checked: its size is one that may be decoded.

    Returns
    -------
    bool
        ``False`` also for what libjpeg-turbo does not decode here: other depths, unknown colours.
    """
    try:
        # A stream without its end marker may be whole; one that is cut short is found out all the same.
        levels = simplejpeg.decode_jpeg(stream + _END, colorspace="GRAY", strict=True)
    except ValueError as error:
        return _WARNINGS.search(str(error)) is not None
    return has_slipped(np.asarray(levels)[:, :, 0], mean_quantum(stream))


def is_damaged_frame(ds: Dataset, stored: NDArray[Any]) -> bool:
    """Tell the same of the one frame of a DICOM object in lossy JPEG, of 8 or 12 bits.

    Parameters
    ----------
    ds:
        Data set with encapsulated PixelData.
    stored:
        The frame, decoded (rows, columns).

    Raises
    ------
    ValueError
        If the stream has no frame header.
    """
    from pydicom.encaps import generate_frames

    stream = next(generate_frames(ds.PixelData, number_of_frames=1))
    if frame_header(stream)[0] == 8:
        return is_damaged(stream)
    # libjpeg-turbo is not asked about 12 bits: the seam alone tells. Its limits are of 255 levels.
    scale = 255 / max(float(stored.max()), 1.0)
    return has_slipped(stored.astype(np.float32) * np.float32(scale), mean_quantum(stream) * scale)


def mean_quantum(stream: bytes) -> float:
    """Return by how many levels the first quantisation table of a stream rounds the mean of a block; 0 without one."""
    position = 2
    while position + 6 <= len(stream) and stream[position] == _MARK and stream[position + 1] != _SCAN:
        if stream[position + 1] == _QUANTISATION:
            wide = stream[position + 4] >> 4
            return int.from_bytes(stream[position + 5 : position + 6 + wide], "big") / 8
        position += 2 + int.from_bytes(stream[position + 2 : position + 4], "big")
    return 0.0
