"""The film's DICOM header as the new objects take it: what joins them to patient, study and picture, made usable.

Real headers lack tags that the standard demands, hold values that it forbids and are written in every character set.
Missing tags become empty ones, a date, time, age or sex that is none becomes empty, dates and ages are written as the
standard has them (20240131 for 2024.01.31, 012Y for 12Y), and all text is carried into Unicode (the new objects are
UTF-8), so that a name is the same in every object of the study. Nothing is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydicom.config import disable_value_validation
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    SecondaryCaptureImageStorage,
    XRayAngiographicImageStorage,
    XRayRadiofluoroscopicImageStorage,
)
from pydicom.valuerep import TM

from boneage.errors import UsageError
from boneage.radiograph.ages import dicom_age_months, dicom_date
from boneage.radiograph.tags import integer, quiet_pydicom, text
from boneage.result import Reading

FILM_CLASSES: Final = frozenset(
    {
        ComputedRadiographyImageStorage,
        DigitalXRayImageStorageForPresentation,
        DigitalXRayImageStorageForProcessing,
        SecondaryCaptureImageStorage,
        MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
        MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        XRayRadiofluoroscopicImageStorage,
        XRayAngiographicImageStorage,
    }
)
"""The kinds of DICOM object that a radiograph comes as."""

UNICODE: Final = "ISO_IR 192"

_NEEDED_UIDS: Final = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
_DATES: Final = ("PatientBirthDate", "StudyDate")
_TIMES: Final = ("StudyTime",)
_EMPTY_WHERE_MISSING: Final = (
    "PatientID",
    "PatientName",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "ReferringPhysicianName",
    "Modality",
    *_DATES,
    *_TIMES,
)
_GROUPS: Final = frozenset({0x0008, 0x0010, 0x0012, 0x0018, 0x0020, 0x0028, 0x0032, 0x0040})
_BYTES: Final = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})


@contextmanager
def writing_dicom() -> Iterator[None]:
    """Let DICOM objects be built: no library logs or warns (they quote values), and odd values of the source pass."""
    with quiet_pydicom(), disable_value_validation():
        yield


def source_header(reading: Reading, source: Dataset) -> Dataset:
    """Return what the new objects take over from the film's header.

    Parameters
    ----------
    reading:
        What was read from the film.
    source:
        The film's data set; it is not changed.

    Returns
    -------
    Dataset
        Without pixels, private tags and bytes; text in Unicode.

    Raises
    ------
    UsageError
        ``report_source_uids`` where the film lacks the UIDs that a reference needs, ``report_source_class`` where it is
        no kind of radiograph, ``report_film_mismatch`` where its size is not that of the film that was read.
    """
    header = _cleaned(source, groups=_GROUPS)
    missing = [keyword for keyword in _NEEDED_UIDS if not UID(str(header.get(keyword) or "")).is_valid]
    if missing:
        msg = f"the DICOM film has no valid {', '.join(missing)}, so nothing can refer to it"
        raise UsageError("report_source_uids", msg, remedy="take the film from the archive, or choose pdf or fhir")
    if header.SOPClassUID not in FILM_CLASSES:
        msg = "the DICOM object is of a kind that is no radiograph"
        raise UsageError("report_source_class", msg, remedy="take the CR or DX image, or choose pdf or fhir")
    _check_size(reading, header)
    for keyword in _EMPTY_WHERE_MISSING:
        if keyword not in header:
            setattr(header, keyword, "")
    sex = text(header, "PatientSex")
    header.PatientSex = sex if sex in {"M", "F", "O"} else ""
    for keyword in _DATES:
        day = dicom_date(text(header, keyword))
        setattr(header, keyword, "" if day is None else day.isoformat().replace("-", ""))
    for keyword in _TIMES:
        if not _is_time(header[keyword].value):
            setattr(header, keyword, "")
    if "PatientAge" in header:
        age = text(header, "PatientAge")
        header.PatientAge = "" if dicom_age_months(age) is None else age.zfill(4)
    header.SpecificCharacterSet = UNICODE
    return header


def _check_size(reading: Reading, header: Dataset) -> None:
    film = reading.radiograph
    size = integer(header, "Rows", 0), integer(header, "Columns", 0)
    if film is not None and size != (film.rows, film.columns):
        msg = f"the DICOM film has {size[0]} x {size[1]} pixels and the film that was read {film.rows} x {film.columns}"
        raise UsageError("report_film_mismatch", msg, remedy="give the file that the reading was made from")


def _cleaned(source: Dataset, *, groups: Iterable[int] | None = None) -> Dataset:
    """Return a copy without private tags, bytes and what cannot be converted, whose text no longer needs a charset."""
    clean = Dataset()
    for tag in list(source.keys()):
        if tag.is_private or (groups is not None and tag.group not in groups):
            continue
        try:
            element = source[tag]
        except Exception:  # A malformed value raises whatever its converter does, and the text may quote it.
            continue
        if element.VR in _BYTES or " or " in element.VR or element.keyword == "SpecificCharacterSet":
            continue
        clean.add(DataElement(tag, element.VR, _value(element)))
    return clean


def _value(element: DataElement) -> Any:
    if element.VR == "SQ":
        return [_cleaned(item) for item in element.value]
    if element.VR != "PN":
        return element.value
    if isinstance(element.value, MultiValue | list):
        return [str(name) for name in element.value]
    return "" if element.value is None else str(element.value)


def _is_time(value: Any) -> bool:
    """Tell whether a value is a time, or empty."""
    try:
        TM(str(value or ""))
    except (ValueError, TypeError):
        return False
    return True
