"""Stored DICOM values to grey levels: modality LUT, then VOI LUT or window, then inversion, in that order.

Sources: DICOM PS3.3 C.11.1 (modality LUT), C.11.2 (VOI LUT; the functions LINEAR, LINEAR_EXACT and SIGMOID) and
C.8.11.3.1.2 (a MONOCHROME1 film is tagged with the presentation LUT shape INVERSE: both name the same one inversion).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boneage.radiograph.checks import MIN_CONTRAST, contrast
from boneage.radiograph.outliers import without_outliers
from boneage.radiograph.radiograph import Notice
from boneage.radiograph.window_clip import cuts_off_the_hand

_ENTRIES_IF_ZERO: Final = 65536


@dataclass(frozen=True, eq=False)
class LookupTable:
    """A modality or VOI LUT: ``values[0]`` belongs to the input ``first``; beyond the ends the end values hold."""

    first: int
    values: NDArray[np.float32]

    def __call__(self, levels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Look up levels of any shape, rounded to whole inputs."""
        index = np.clip(np.rint(levels) - self.first, 0, len(self.values) - 1)
        return self.values[index.astype(np.intp)]

    def normalised(self) -> LookupTable:
        """Return the same table with its output scaled to 0..1."""
        low, high = float(self.values.min()), float(self.values.max())
        return LookupTable(self.first, (self.values - np.float32(low)) / np.float32(max(high - low, 1e-9)))


@dataclass(frozen=True)
class Window:
    """A VOI window and its function (``LINEAR``, ``LINEAR_EXACT`` or ``SIGMOID``)."""

    centre: float
    width: float
    function: str = "LINEAR"

    @property
    def valid(self) -> bool:
        """Whether the standard allows it: a width of at least 1 for LINEAR, above 0 for the others."""
        if not (np.isfinite(self.centre) and np.isfinite(self.width)):
            return False
        return self.width >= 1 if self.function == "LINEAR" else self.width > 0

    def __call__(self, levels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map levels to 0..1."""
        if self.function == "SIGMOID":
            exponent = np.clip(-4.0 * (levels - self.centre) / self.width, -80.0, 80.0)
            return (1.0 / (1.0 + np.exp(exponent))).astype(np.float32)
        if self.function == "LINEAR_EXACT":
            return np.clip((levels - self.centre) / self.width + 0.5, 0, 1).astype(np.float32)
        if self.width == 1:
            return (levels > self.centre - 0.5).astype(np.float32)
        return np.clip((levels - (self.centre - 0.5)) / (self.width - 1) + 0.5, 0, 1).astype(np.float32)


@dataclass(frozen=True, eq=False)
class GreyPipeline:
    """What the tags say about grey levels.

    Attributes
    ----------
    modality:
        Modality LUT; it takes the place of the rescaling.
    slope, intercept:
        Rescaling, used without a modality LUT.
    voi:
        VOI LUT or window, ``None`` where the film has none. A LUT wins over a window.
    padding:
        Lowest and highest stored value that stand for "no picture here", ``None`` where there are none.
    inverted:
        Whether bone is dark in the outcome, so that it is to be inverted afterwards.
    """

    modality: LookupTable | None = None
    slope: float = 1.0
    intercept: float = 0.0
    voi: LookupTable | Window | None = None
    padding: tuple[float, float] | None = None
    inverted: bool = False

    def apply(self, stored: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None, list[Notice]]:
        """Map stored values to 0..1, not yet inverted.

        Parameters
        ----------
        stored:
            Stored values (rows, columns).

        Returns
        -------
        tuple
            ``float32`` grey levels 0..1, the mask of padding (``None`` where there is none), and remarks.
        """
        notices: list[Notice] = []
        padding = self._padding_mask(stored)
        levels = stored.astype(np.float32)
        if self.modality is not None:
            levels = self.modality(levels)
        elif (self.slope, self.intercept) != (1.0, 0.0):
            levels = levels * np.float32(self.slope) + np.float32(self.intercept)
        if self.voi is not None:
            grey = self.voi.normalised()(levels) if isinstance(self.voi, LookupTable) else self.voi(levels)
            if contrast(grey) < MIN_CONTRAST:
                text = "the film's own window leaves no contrast and is left out"
            elif cuts_off_the_hand(levels, grey, padding, inverted=self.inverted):
                text = "the film's own window cuts off bone or soft tissue and is left out"
            else:
                return grey, padding, notices
            notices.append(Notice("window_ignored", text, "look at the overlay picture"))
        return without_outliers(levels, stretch(levels, padding)), padding, notices

    def _padding_mask(self, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
        if self.padding is None:
            return None
        mask = (stored >= self.padding[0]) & (stored <= self.padding[1])
        return mask if mask.any() and not mask.all() else None


def stretch(levels: NDArray[np.float32], ignore: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Map the lowest and the highest level outside ``ignore`` to 0 and 1."""
    seen = levels if ignore is None else levels[~ignore]
    low, high = float(seen.min()), float(seen.max())
    if high <= low:
        return np.zeros_like(levels, dtype=np.float32)
    grey = levels - np.float32(
        low
    )  # From here in place: of a large film every further copy costs what reading it does.
    grey /= np.float32(high - low)
    return np.clip(grey, 0, 1, out=grey)


def lookup_table(
    descriptor: list[int], data: bytes | list[int], *, signed: bool, order: str = "<"
) -> LookupTable | None:
    """Build a table from a LUT descriptor and LUT data; ``None`` where they do not fit each other.

    Parameters
    ----------
    descriptor:
        Number of entries (0 means 65,536), first input, bits per entry.
    data:
        The entries, as raw bytes (one or two each) or as numbers.
    signed:
        Whether inputs may be negative: the first input is then a two's complement number.
    order:
        Byte order of raw bytes, ``<`` or ``>``.
    """
    if len(descriptor) != 3:
        return None
    entries, first = descriptor[0] or _ENTRIES_IF_ZERO, descriptor[1]
    if signed and first > 32767:
        first -= 65536
    if isinstance(data, bytes):
        one_byte = len(data) in {entries, entries + 1} and descriptor[2] <= 8 and entries > 1
        usable = data if one_byte or len(data) % 2 == 0 else data[:-1]
        values = np.frombuffer(usable, dtype=np.uint8 if one_byte else np.dtype(f"{order}u2"))
    else:
        values = np.asarray(data, dtype=np.int64) & 0xFFFF
    if len(values) < entries:
        return None
    return LookupTable(first, values[:entries].astype(np.float32))
