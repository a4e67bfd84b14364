"""How large a pixel is, and how far that can be trusted. A spacing is never assumed.

The classes and their order follow DICOM PS3.3 sections 10.7.1.3 (pixel spacing calibration) and C.8.7.10:
a spacing that a person calibrated, then one that was corrected for geometry, then the detector's divided by the
magnification, then the detector's alone, then one of unknown meaning, then none. Where the tags contradict each other,
none of them is reliable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from boneage.errors import ReadError, UsageError
from boneage.radiograph.radiograph import NO_SPACING, Notice, Spacing

MIN_MM: Final = 0.01
MAX_MM: Final = 2.0
"""Bounds of a believable pixel of a hand film (film scanners reach 0.02 mm, thumbnails about 1 mm)."""
MAX_MAGNIFICATION: Final = 2.0
"""Above this a magnification is a typing error: a hand lies on the detector or close above it.

A detector spacing of twice the pixel spacing or more is no magnification either: the film was enlarged afterwards.
"""
SQUARE_TOLERANCE: Final = 0.01
_FIDUCIAL: Final = "FIDUCIAL"
_GEOMETRY: Final = "GEOMETRY"
_CALIBRATED: Final = (_FIDUCIAL, _GEOMETRY)
"""The values of PixelSpacingCalibrationType."""
_SAME: Final = 1e-3
"""Relative difference below which two spacings are equal."""
_MAGNIFICATION_TOLERANCE: Final = 0.05
"""Relative difference up to which a spacing without a calibration type agrees with the magnification beside it."""


@dataclass(frozen=True)
class SpacingTags:
    """The DICOM attributes that bear on scale; a tuple is empty where the tag is absent, NaN where it is no number.

    Spacings are (row, column) in mm, distances in mm, the magnification is a factor.
    """

    pixel_spacing: tuple[float, ...] = ()
    calibration_type: str = ""
    imager_pixel_spacing: tuple[float, ...] = ()
    magnification: tuple[float, ...] = ()
    source_to_detector: tuple[float, ...] = ()
    source_to_patient: tuple[float, ...] = ()
    aspect_ratio: tuple[float, ...] = ()
    nominal_scanned: tuple[float, ...] = ()


def user_spacing(mm: float) -> Spacing:
    """Return the spacing that a user gave.

    Raises
    ------
    UsageError
        ``bad_pixel_spacing`` unless it is a number from `MIN_MM` to `MAX_MM`.
    """
    if not math.isfinite(mm) or not MIN_MM <= mm <= MAX_MM:
        msg = f"the pixel spacing is not a number of millimetres between {MIN_MM} and {MAX_MM}"
        raise UsageError(
            "bad_pixel_spacing", msg, remedy="give the size of one pixel in millimetres, for instance 0.15"
        )
    return Spacing(float(mm), "user", True, "pixel spacing given by the user")


def dicom_spacing(tags: SpacingTags) -> tuple[Spacing, tuple[Notice, ...]]:
    """Classify the scale of a DICOM film.

    Parameters
    ----------
    tags:
        The attributes as read.

    Returns
    -------
    tuple
        The spacing, `NO_SPACING` if none is believable, and remarks.

    Raises
    ------
    ReadError
        ``non_square_pixels`` if any tag, believable or not, says that the pixels are not square within 1 %: coordinates
        and ratios would be distorted.
    """
    for pair in (tags.pixel_spacing, tags.imager_pixel_spacing, tags.nominal_scanned, tags.aspect_ratio):
        _check_square(pair)
    notices: list[Notice] = []
    pixel = _pair(tags.pixel_spacing, "PixelSpacing", notices)
    imager = _pair(tags.imager_pixel_spacing, "ImagerPixelSpacing", notices)
    if pixel is None and imager is None:
        return NO_SPACING, tuple(notices)
    kind = tags.calibration_type.strip().upper()
    if pixel is not None and imager is not None and _contradict(pixel, imager, kind, tags):
        return _contradiction(imager, notices), tuple(notices)
    spacing = _calibrated(pixel, imager, kind, notices)
    if spacing is None and imager is not None:
        spacing = _from_detector(pixel, imager, tags, notices)
    if spacing is None:
        message = "pixel spacing of unknown meaning: it may be that of the detector, of a scan or of a calibration"
        spacing = Spacing(pixel, "pixel_spacing_uncalibrated", False, message)
    return spacing, tuple(notices)


def _contradict(pixel: float, imager: float, kind: str, tags: SpacingTags) -> bool:
    """Whether no magnification explains both spacings: their ratio is none, or not the one that the film states."""
    ratio = imager / pixel
    if not 1 - _SAME < ratio < MAX_MAGNIFICATION * (1 - _SAME):
        return True
    stated = _magnification(tags, [])
    corrected = ratio > 1 + _SAME and kind not in _CALIBRATED
    return corrected and stated is not None and not math.isclose(ratio, stated, rel_tol=_MAGNIFICATION_TOLERANCE)


def _contradiction(imager: float, notices: list[Notice]) -> Spacing:
    text = "the pixel spacing and that of the detector contradict each other: no magnification explains both"
    remedy = "take no length in millimetres from this film, or give the pixel spacing yourself"
    notices.append(Notice("spacing_contradiction", text, remedy))
    return Spacing(imager, "detector", False, f"size at the detector; {text}")


def _calibrated(pixel: float | None, imager: float | None, kind: str, notices: list[Notice]) -> Spacing | None:
    """Return the spacing if it is marked as calibrated: FIDUCIAL by a person, GEOMETRY by the device."""
    if pixel is None:
        return None
    if kind == _FIDUCIAL:
        return Spacing(pixel, "fiducial", True, "pixel spacing calibrated with an object of known size in the film")
    if kind != _GEOMETRY:
        return None
    if imager is not None and math.isclose(pixel, imager, rel_tol=_SAME):
        text = "the pixel spacing claims to be corrected for magnification but equals that of the detector"
        remedy = "take lengths in millimetres with care: bones lying above the detector look larger"
        notices.append(Notice("geometry_not_corrected", text, remedy))
        return Spacing(pixel, "geometry", False, f"{text}: true lengths are somewhat smaller")
    return Spacing(pixel, "geometry", True, "pixel spacing corrected for the geometry of the exposure")


def _from_detector(pixel: float | None, imager: float, tags: SpacingTags, notices: list[Notice]) -> Spacing:
    """Return the spacing that follows from the detector's, corrected where the film says by how much."""
    if pixel is not None and imager > pixel * (1 + _SAME):
        message = "pixel spacing smaller than that of the detector: already corrected for magnification"
        return Spacing(pixel, "already_corrected", True, message)
    magnification = _magnification(tags, notices)
    if magnification is not None:
        message = f"detector spacing divided by the magnification of {magnification:.3f}"
        return Spacing(imager / magnification, "magnification_corrected", True, message)
    message = "size at the detector: the true lengths are smaller by the magnification, which is not known"
    return Spacing(imager, "detector", False, message)


def _magnification(tags: SpacingTags, notices: list[Notice]) -> float | None:
    """Return the stated factor if above 1, else the ratio of the distances if above 1, else ``None``."""
    stated = _positive(tags.magnification)
    detector, patient = _positive(tags.source_to_detector), _positive(tags.source_to_patient)
    ratio = detector / patient if detector is not None and patient is not None else None
    for factor in (stated, ratio):
        if factor is None or factor <= 1:
            continue
        if factor <= MAX_MAGNIFICATION:
            return factor
        text = "the stated magnification is not believable for a hand and is left out"
        notices.append(Notice("bad_magnification", text, "correct the tags, or give the pixel spacing yourself"))
    return None


def _positive(values: tuple[float, ...]) -> float | None:
    return values[0] if values and math.isfinite(values[0]) and values[0] > 0 else None


def _pair(values: tuple[float, ...], name: str, notices: list[Notice]) -> float | None:
    """Return one number for a (row, column) spacing, ``None`` with a notice where it is not believable."""
    if not values:
        return None
    if len(values) != 2 or not all(math.isfinite(value) and MIN_MM <= value <= MAX_MM for value in values):
        text = f"{name} is not a pair of believable millimetres and is left out"
        remedy = "correct the tag, or give the pixel spacing yourself"
        notices.append(Notice("bad_pixel_spacing", text, remedy))
        return None
    return math.sqrt(values[0] * values[1])


def _check_square(values: tuple[float, ...]) -> None:
    """Raise where two numbers along the rows and the columns differ; what is no such pair says nothing."""
    if len(values) != 2 or not all(math.isfinite(value) and value > 0 for value in values):
        return
    if abs(values[0] / values[1] - 1) > SQUARE_TOLERANCE:
        msg = "the pixels are not square, so shapes and ratios would be distorted"
        raise ReadError("non_square_pixels", msg, remedy="export the film resampled to square pixels")
