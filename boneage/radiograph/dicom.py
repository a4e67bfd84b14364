"""One DICOM file to a `Radiograph`-to-be: checks, pixels, grey levels, scale and the few tags that matter.

pydicom is imported only once a file is known to be DICOM. It decodes with gdcm, openjpeg, CharLS and Pillow. Everything
runs inside `quiet_pydicom`, and no error carries a value of a tag.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from boneage.errors import ReadError
from boneage.radiograph import jpeg_damage, patient
from boneage.radiograph.body_part import is_hand
from boneage.radiograph.checks import check_not_blank, check_size
from boneage.radiograph.dicom_bits import stored_values
from boneage.radiograph.dicom_grey import grey_pipeline, is_inverted
from boneage.radiograph.dicom_parse import parse
from boneage.radiograph.jpeg_extended import TRANSFER_SYNTAX as JPEG_EXTENDED
from boneage.radiograph.jpeg_extended import decode_jpeg_extended
from boneage.radiograph.polarity import CONTRADICTS_BELOW, INVERTED_BELOW, bone_bright_score
from boneage.radiograph.radiograph import Notice, Sex, Spacing
from boneage.radiograph.spacing import SpacingTags, dicom_spacing
from boneage.radiograph.tags import integer, numbers, quiet_pydicom, text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_RADIOGRAPHIC: Final = frozenset({"", "CR", "DX", "DR", "RG", "RF", "OT", "SC", "XA", "PX", "IO"})
_COLOUR: Final = ("RGB", "YBR", "PALETTE", "HSV", "ARGB", "CMYK")
_PIXEL_KEYWORDS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_LOSSY_JPEG: Final = frozenset({"1.2.840.10008.1.2.4.50", JPEG_EXTENDED})
_DAMAGED_REMEDY: Final = "export or copy the film again from its source"


@dataclass(frozen=True, eq=False)
class DicomFilm:
    """What a DICOM file says, in the terms of `boneage.radiograph.radiograph.Radiograph`."""

    pixels: NDArray[np.float32]
    spacing: Spacing
    sex: Sex | None
    age_months: float | None
    age_in_whole_years: bool
    laterality: str | None
    inverted: bool
    notices: tuple[Notice, ...]


def read_dicom(data: bytes) -> DicomFilm:
    """Read a DICOM file, with or without preamble and file meta information.

    Parameters
    ----------
    data:
        The bytes of the file.

    Returns
    -------
    DicomFilm
        Bone bright.

    Raises
    ------
    ReadError
        ``dicom_damaged``, ``dicom_truncated``, ``dicom_without_pixels``, ``dicom_multi_frame``, ``dicom_colour``,
        ``dicom_compression_unknown``, ``image_too_large`` or ``non_square_pixels``.
    Refusal
        ``image_too_small`` or ``image_blank``.
    """
    with quiet_pydicom():
        ds = _parse(data)
        _check_kind(ds)
        spacing, notices = dicom_spacing(_spacing_tags(ds))
        stored = _stored_values(ds)
        pixels, inverted, grey_notices = _grey(ds, stored)
        sex = patient.sex(ds)
        age = patient.stated_age(ds)
        return DicomFilm(
            pixels=pixels,
            spacing=spacing,
            sex=sex,
            age_months=age.months,
            age_in_whole_years=age.in_whole_years,
            laterality=patient.laterality(ds),
            inverted=inverted,
            notices=(*notices, *grey_notices, *age.notices, *_kind_notices(ds)),
        )


def _parse(data: bytes) -> Dataset:
    """Parse the bytes; `sniff` has made sure that they look like DICOM, so a missing meta header is forgiven."""
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        try:
            ds = parse(data)
        except ReadError:
            raise
        except EOFError:
            _truncated()
        except Exception:  # A broken file breaks the parser anywhere, and its message may quote a value.
            msg = "the DICOM file is damaged: its data elements cannot be parsed"
            raise ReadError("dicom_damaged", msg, remedy=_DAMAGED_REMEDY) from None
    if not any(keyword in ds for keyword in _PIXEL_KEYWORDS):
        if any("end of file" in str(remark.message).lower() for remark in remarks):
            _truncated()
        msg = "the DICOM object holds no picture: it is a report or the like, or cut short"
        raise ReadError("dicom_without_pixels", msg, remedy="choose the image object of the study")
    if "TransferSyntaxUID" not in ds.file_meta:
        _guess_transfer_syntax(ds)
    return ds


def _guess_transfer_syntax(ds: Dataset) -> None:
    """Without a meta header pixels are uncompressed, in the encoding in which the elements were found."""
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    implicit, little = ds.original_encoding
    if "PixelData" in ds and ds["PixelData"].is_undefined_length:
        msg = "the DICOM file is compressed but does not say how: its file meta information is missing"
        raise ReadError("dicom_compression_unknown", msg, remedy="export the film again with its file meta information")
    if implicit is None or implicit:
        ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    else:
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _check_kind(ds: Dataset) -> None:
    """Refuse what is not one grey picture of a sensible size, from the header alone."""
    if integer(ds, "NumberOfFrames", 1) > 1:
        msg = "the DICOM object holds several frames, not one film"
        raise ReadError("dicom_multi_frame", msg, remedy="export the one frame that shows the left hand")
    photometric = text(ds, "PhotometricInterpretation")
    if integer(ds, "SamplesPerPixel", 1) != 1 or photometric.startswith(_COLOUR):
        msg = "the DICOM object is a colour picture, not a grey radiograph"
        raise ReadError("dicom_colour", msg, remedy="choose the original radiograph, not a colour capture of it")
    if photometric not in {"", "MONOCHROME1", "MONOCHROME2"}:
        msg = "the DICOM file is damaged: its photometric interpretation is unknown, so black and white may be either"
        raise ReadError("dicom_damaged", msg, remedy=_DAMAGED_REMEDY)
    rows, columns = integer(ds, "Rows", 0), integer(ds, "Columns", 0)
    if rows <= 0 or columns <= 0 or integer(ds, "BitsAllocated", 0) <= 0:
        msg = "the DICOM file is damaged: the size or depth of its picture is missing"
        raise ReadError("dicom_damaged", msg, remedy=_DAMAGED_REMEDY)
    check_size(rows, columns)


def _stored_values(ds: Dataset) -> NDArray[Any]:
    """Decode the pixels to stored values within the range that the header allows."""
    sign_known = bool(text(ds, "PixelRepresentation"))
    _complete(ds)
    if "PixelData" in ds and not ds.PixelData:
        _damaged_pixels()
    if "PixelData" in ds and not ds["PixelData"].is_undefined_length:
        expected = integer(ds, "Rows", 0) * integer(ds, "Columns", 0) * integer(ds, "BitsAllocated", 0) // 8
        if len(ds.PixelData) < expected:
            _truncated()
    try:
        stored = _decoded(ds, sign_known)
        if str(ds.file_meta.TransferSyntaxUID) in _LOSSY_JPEG and jpeg_damage.is_damaged_frame(ds, stored):
            _damaged_pixels()
    except (ReadError, MemoryError):
        raise
    except Exception:  # Each decoder plugin raises its own errors, and their texts may quote a value.
        _damaged_pixels()
    if stored.ndim != 2:
        msg = "the DICOM object holds several frames, not one film"
        raise ReadError("dicom_multi_frame", msg, remedy="export the one frame that shows the left hand")
    if stored.dtype.kind == "f":
        finite = np.isfinite(stored)
        return np.where(finite, stored, stored[finite].min() if finite.any() else 0)
    return stored


def _complete(ds: Dataset) -> None:
    """Fill in what may be missing: one grey sample a pixel that takes up all its bits."""
    bits = integer(ds, "BitsAllocated", 0)
    for keyword, value in (
        ("SamplesPerPixel", 1),
        ("PhotometricInterpretation", "MONOCHROME2"),
        ("BitsStored", bits),
        ("PixelRepresentation", 0),
    ):
        if not text(ds, keyword):
            setattr(ds, keyword, value)


def _decoded(ds: Dataset, sign_known: bool) -> NDArray[Any]:
    """Decode the pixels, whatever their compression."""
    from pydicom.pixels.utils import pixel_array
    from pydicom.uid import RLELossless

    syntax = ds.file_meta.TransferSyntaxUID
    words = decode_jpeg_extended(ds) if _is_jpeg_extended(ds) else pixel_array(ds, correct_unused_bits=False)
    if words.dtype.kind == "f" or words.ndim != 2:
        return words
    coded = syntax.is_compressed and syntax != RLELossless
    return stored_values(ds, words, coded=coded, sign_known=sign_known)


def _damaged_pixels() -> NoReturn:
    msg = "the picture in the DICOM file cannot be decoded: it is damaged, cut short or compressed in an unknown way"
    raise ReadError("dicom_damaged", msg, remedy=_DAMAGED_REMEDY) from None


def _is_jpeg_extended(ds: Dataset) -> bool:
    return ds.file_meta.TransferSyntaxUID == JPEG_EXTENDED and integer(ds, "BitsStored", 0) != 8


def _grey(ds: Dataset, stored: NDArray[Any]) -> tuple[NDArray[np.float32], bool, list[Notice]]:
    """Turn stored values into grey levels with bone bright."""
    pipeline, notices = grey_pipeline(ds)
    pixels, padding, more = pipeline.apply(stored)
    notices += more
    check_not_blank(pixels)
    photometric, shape = text(ds, "PhotometricInterpretation"), text(ds, "PresentationLUTShape")
    inverted = is_inverted(ds)
    disagree = (photometric, shape) in {("MONOCHROME1", "IDENTITY"), ("MONOCHROME2", "INVERSE")}
    if inverted:
        pixels = np.float32(1) - pixels
    if bone_bright_score(pixels) < (INVERTED_BELOW if disagree else CONTRADICTS_BELOW):
        pixels, inverted = np.float32(1) - pixels, not inverted
        remark = "the picture shows bone dark although the file says otherwise: its grey levels were inverted"
        notices.append(Notice("polarity_contradicts_tag", remark, "look at the overlay picture and correct the tag"))
    if padding is not None:
        pixels = np.where(padding, np.float32(0), pixels)
    return np.ascontiguousarray(pixels, dtype=np.float32), inverted, notices


def _spacing_tags(ds: Dataset) -> SpacingTags:
    return SpacingTags(
        pixel_spacing=numbers(ds, "PixelSpacing"),
        calibration_type=text(ds, "PixelSpacingCalibrationType"),
        imager_pixel_spacing=numbers(ds, "ImagerPixelSpacing"),
        magnification=numbers(ds, "EstimatedRadiographicMagnificationFactor"),
        source_to_detector=numbers(ds, "DistanceSourceToDetector"),
        source_to_patient=numbers(ds, "DistanceSourceToPatient"),
        aspect_ratio=numbers(ds, "PixelAspectRatio"),
        nominal_scanned=numbers(ds, "NominalScannedPixelSpacing"),
    )


def _kind_notices(ds: Dataset) -> list[Notice]:
    """Remark on tags that say that this is no hand radiograph; the picture itself is judged later."""
    notices = []
    if text(ds, "Modality") not in _RADIOGRAPHIC:
        notices.append(Notice("unexpected_modality", "the file is not tagged as a radiograph", "check the film"))
    part = text(ds, "BodyPartExamined")
    if part and not is_hand(part):
        notices.append(Notice("unexpected_body_part", "the file is tagged as another body part", "check the film"))
    return notices


def _truncated() -> NoReturn:
    msg = "the DICOM file is cut short: it ends before its picture does"
    raise ReadError("dicom_truncated", msg, remedy=_DAMAGED_REMEDY) from None
