"""The radiograph as every later room sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sex = Literal["M", "F"]


@dataclass(frozen=True)
class Spacing:
    """Physical size of a pixel and how far it can be trusted.

    Attributes
    ----------
    mm:
        Millimetres per pixel in the plane of the bones, or ``None`` when unknown.
    source:
        Class of the evidence, for instance ``fiducial``, ``geometry``, ``magnification_corrected``, ``detector``,
        ``pixel_spacing_uncalibrated``, ``user``, ``withdrawn`` or ``none``.
    reliable:
        Whether lengths in millimetres may be compared with a table.
    message:
        The same in words, for a person.
    """

    mm: float | None
    source: str
    reliable: bool
    message: str


NO_SPACING = Spacing(None, "none", False, "no pixel spacing known: lengths are pixels and ratios only")


@dataclass(frozen=True)
class Notice:
    """A remark on a film that does not stop its reading (``severity`` is ``info`` or ``warning``)."""

    code: str
    message: str
    remedy: str = ""
    severity: str = "warning"


@dataclass(frozen=True, eq=False)
class Radiograph:
    """One grey film, bone bright.

    Attributes
    ----------
    pixels:
        ``float32`` array of shape (rows, columns), 0 (darkest) to 1 (brightest); bone is bright.
    format:
        ``DICOM``, ``PNG``, ``JPEG``, ``TIFF``, ``WEBP`` or ``BMP``.
    sha256:
        Hash of the file's bytes.
    spacing:
        Physical pixel size.
    sex, sex_source:
        ``M``, ``F`` or ``None``, and where it comes from: ``dicom``, ``user`` or ``none``. Never guessed.
    age_months:
        Chronological age at the time of the film, if known. It is never an input of an estimate.
    age_in_whole_years:
        Whether that age counts completed years alone, so that the child may be up to a year older.
    laterality:
        ``L``, ``R`` or ``None`` as *stated* by the file.
    inverted:
        Whether the grey levels had to be inverted to make bone bright.
    notices:
        Remarks made while reading.
    """

    pixels: NDArray[np.float32]
    format: str
    sha256: str
    spacing: Spacing = NO_SPACING
    sex: Sex | None = None
    sex_source: str = "none"
    age_months: float | None = None
    age_in_whole_years: bool = False
    laterality: str | None = None
    inverted: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def rows(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])
