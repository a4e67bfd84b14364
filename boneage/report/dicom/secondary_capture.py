"""The overlay as a secondary capture image: what every picture archive can show."""

from __future__ import annotations

from typing import Final

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from boneage.errors import UsageError
from boneage.report.dicom.references import reference_to
from boneage.report.dicom.series import SECONDARY_CAPTURE, identity
from boneage.report.dicom.source import UNICODE, source_header, writing_dicom
from boneage.report.identifiers import without_path
from boneage.report.overlay import draw_overlay
from boneage.result import Reading

_LOSSY: Final = ("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod")
"""A picture that is made from one which lost detail has lost it too."""


def secondary_capture(reading: Reading, source: Dataset) -> Dataset:
    """Return the overlay as an RGB secondary capture of the film's study.

    A refused film has its refusal written above it. The file's name is left out of the picture.

    Parameters
    ----------
    reading:
        What was read.
    source:
        The film's DICOM data set.

    Raises
    ------
    UsageError
        ``report_needs_film`` where there is no picture to draw on, and as `source_header`.
    """
    picture = draw_overlay(without_path(reading))
    if picture is None:
        msg = "the film could not be read, so there is no picture to capture"
        raise UsageError("report_needs_film", msg, remedy="a dicom-sr report says why the film could not be read")
    with writing_dicom():
        return _capture(np.asarray(picture), source_header(reading, source), reading)


def _capture(pixels: np.ndarray, header: Dataset, reading: Reading) -> Dataset:
    from highdicom.sc import SCImage

    image = SCImage(
        pixels,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "F"),  # a placeholder: that of the film follows
        study_instance_uid=header.StudyInstanceUID,
        specific_character_set=UNICODE,
        **identity(SECONDARY_CAPTURE, reading.result),
    )
    image.copy_patient_and_study_information(header)
    image.add_new("PatientOrientation", "CS", header.get("PatientOrientation") or "")
    if header.get("BodyPartExamined"):
        image.BodyPartExamined = header.BodyPartExamined
    if header.get("ImageLaterality"):  # the standard wants one of the two tags, said or not, and not both
        image.ImageLaterality = header.ImageLaterality
    else:
        image.Laterality = header.get("Laterality") or ""
    for keyword in _LOSSY:
        if header.get(keyword):
            setattr(image, keyword, header[keyword].value)
    image.BurnedInAnnotation = "YES"
    image.DerivationDescription = "Outlines, axes and the bone age drawn upon the film"
    image.SourceImageSequence = [reference_to(header, codes.DCM.SourceImageForImageProcessingOperation)]
    return image
