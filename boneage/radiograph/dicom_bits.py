"""Stored values out of DICOM words: BitsStored of the BitsAllocated bits, up to HighBit (PS3.5 8.1.1).

Where a header is wrong about them, values wrap: bone beyond the half of the range turns black. The words themselves
tell, since bits that ought to be empty are not, or the picture is torn where it crosses the half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from boneage.radiograph.tags import integer, numbers

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MAX_CONTRADICTING: Final = 0.001
"""Share of pixels that may have bits where none are stored: single faults of the detector, marks burned in."""
MIN_TORN: Final = 0.0003
"""Share of neighbours between which a wrapped picture is torn at least."""
_OVERSHOOT: Final = 1.1
_OVERLAY_GROUPS: Final = range(0x6000, 0x6020, 2)


def stored_values(ds: Dataset, words: NDArray[Any], *, coded: bool, sign_known: bool = True) -> NDArray[Any]:
    """Take the stored values out of the words of a picture.

    Parameters
    ----------
    ds:
        The parsed data set.
    words:
        The words (rows, columns), signed as PixelRepresentation says.
    coded:
        Whether a codec made them, which knows numbers and no bits beyond them: lossy ones may overshoot.
    sign_known:
        Whether the file had a PixelRepresentation.

    Returns
    -------
    numpy.ndarray
        Values within BitsStored, but for padding that lies beyond.

    Raises
    ------
    ValueError
        If the words contradict the header.
    """
    words = words.astype(words.dtype.newbyteorder("="), copy=False)
    bits, size = integer(ds, "BitsStored", 0), words.dtype.itemsize * 8
    values = words
    if 0 < bits < size:
        values = _clipped(words, bits) if coded else _unpacked(ds, words, bits)
    if (words.dtype.kind == "i" or not sign_known) and is_torn(values, min(bits or size, size)):
        msg = "the values wrap at the half of their range"
        raise ValueError(msg)
    return values


def is_torn(values: NDArray[Any], bits: int) -> bool:
    """Tell whether a picture wraps at the half of its range.

    If it does, neighbours lie at opposite ends of the range as often as a level close to either end lies between
    neighbours. Black letters on white do the former too, but hardly the latter.
    """
    ring, half = 1 << bits, 1 << (bits - 1)
    rows = values[:: max(1, values.shape[0] // 1024)].astype(np.int64) + (0 if values.dtype.kind == "i" else half)
    rows %= ring  # unwrapped: the ends of the range now meet in the middle, at its half
    low, high = np.minimum(rows[:, :-1], rows[:, 1:]), np.maximum(rows[:, :-1], rows[:, 1:])
    near = high - low < ring // 8
    close = max(1, min(ring // 32, int(rows.max() - rows.min()) // 16))
    at, below, above = (
        int((near & (low < level) & (high >= level)).sum()) for level in (half, half - close, half + close)
    )
    return at > MIN_TORN * near.size and at <= 5 * min(below, above)


def _range(signed: bool, bits: int) -> tuple[int, int]:
    low = -(1 << (bits - 1)) if signed else 0
    return low, low + (1 << bits) - 1


def _clipped(values: NDArray[Any], bits: int) -> NDArray[Any]:
    """Clip what lossy compression overshot."""
    low, high = _range(values.dtype.kind == "i", bits)
    if int(values.min()) >= low and int(values.max()) <= high:
        return values
    slack = (_OVERSHOOT - 1) * (high - low)
    _check_few((values < low - slack) | (values > high + slack))
    return np.clip(values, low, high)


def _unpacked(ds: Dataset, words: NDArray[Any], bits: int) -> NDArray[Any]:
    """Shift words down to bit 0 and drop declared overlays above."""
    signed, size = words.dtype.kind == "i", words.dtype.itemsize * 8
    unsigned = np.dtype(f"u{words.dtype.itemsize}")
    raw = words.view(unsigned)
    overlays = _overlay_bits(ds)
    high_bit = integer(ds, "HighBit", bits - 1)
    shift = high_bit - bits + 1 if bits <= high_bit < size else 0
    if shift and (raw & unsigned.type(((1 << shift) - 1) & ~overlays)).any():
        if int(raw.max()) >> bits:
            msg = "the words have bits below those that are stored"
            raise ValueError(msg)
        shift = 0  # HighBit alone is wrong: the values lie at the lower end, where they mostly do
    mask = (1 << bits) - 1
    raw = raw >> unsigned.type(shift)
    spare = ((1 << (size - shift)) - 1) & ~mask
    above = raw & unsigned.type(spare & ~(overlays >> shift))
    bad = above != 0
    if not bad.any() and not (raw & unsigned.type(spare)).any() and not signed:
        return raw
    if signed:  # the sign may go on through the spare bits
        bad &= (above != unsigned.type(spare & ~(overlays >> shift))) | ((raw >> unsigned.type(bits - 1)) & 1 == 0)
    padding = numbers(ds, "PixelPaddingValue")
    beyond = bad & (words == padding[0]) if padding else np.zeros(words.shape, dtype=bool)
    _check_few(bad & ~beyond)
    kept = raw & unsigned.type(mask)
    if signed:
        kept = (kept << unsigned.type(size - bits)).view(words.dtype) >> words.dtype.type(size - bits)
    return np.where(beyond, words, kept) if beyond.any() else kept


def _overlay_bits(ds: Dataset) -> int:
    """Return the bits of a word in which overlays are declared to be."""
    bits = 0
    for group in _OVERLAY_GROUPS:
        position = ds[group, 0x0102].value if (group, 0x0102) in ds else None
        if isinstance(position, int) and 0 <= position < 64 and (group, 0x3000) not in ds:
            bits |= 1 << position
    return bits


def _check_few(bad: NDArray[np.bool_]) -> None:
    if float(bad.mean()) > MAX_CONTRADICTING:
        msg = "the words have bits beyond those that are stored"
        raise ValueError(msg)
