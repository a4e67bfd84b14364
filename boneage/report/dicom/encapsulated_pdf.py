"""The PDF report as a DICOM object."""

from __future__ import annotations

from typing import Final

from highdicom import SOPClass
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from boneage.errors import UsageError
from boneage.report.dicom.coded import BONE_AGE_STUDY
from boneage.report.dicom.references import reference_to
from boneage.report.dicom.series import ENCAPSULATED_PDF, identity
from boneage.report.dicom.source import UNICODE, source_header, writing_dicom
from boneage.result import Reading

TITLE: Final = "Bone age report"


def encapsulated_pdf(reading: Reading, source: Dataset, pdf: bytes) -> Dataset:
    """Return a PDF report as an encapsulated document of the film's study.

    Parameters
    ----------
    reading:
        What was read; a refused film has a PDF as well.
    source:
        The film's DICOM data set.
    pdf:
        The document (see `boneage.report.pdf`).

    Raises
    ------
    UsageError
        ``report_not_pdf`` where the bytes are no PDF, and as `source_header`.
    """
    if not pdf.startswith(b"%PDF-"):
        msg = "these bytes are no PDF document"
        raise UsageError("report_not_pdf", msg, remedy="give the bytes that boneage.report.pdf returns")
    with writing_dicom():
        header = source_header(reading, source)
        document = SOPClass(
            study_instance_uid=header.StudyInstanceUID,
            sop_class_uid=EncapsulatedPDFStorage,
            modality="DOC",
            transfer_syntax_uid=ExplicitVRLittleEndian,
            specific_character_set=UNICODE,
            patient_birth_date="",
            **identity(ENCAPSULATED_PDF, reading.result),
        )
        document.copy_patient_and_study_information(header)
        document.AcquisitionDateTime = None
        document.BurnedInAnnotation = "YES"
        document.ConversionType = "WSD"
        document.DocumentTitle = TITLE
        document.ConceptNameCodeSequence = [CodedConcept.from_code(BONE_AGE_STUDY)]
        document.VerificationFlag = "UNVERIFIED"
        document.SourceInstanceSequence = [reference_to(header)]
        document.MIMETypeOfEncapsulatedDocument = "application/pdf"
        document.EncapsulatedDocumentLength = len(pdf)
        document.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
        return document
