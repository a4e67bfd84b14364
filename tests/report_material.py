"""Material of reports for tests: settled readings at a settled time, and a film whose tags hold secrets."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdf
from make_dicom import SECRET, dicom_dataset, hand, to_bytes
from pydicom.dataset import Dataset

from boneage.report.identifiers import Patient
from boneage.report.material import Material, material_of
from boneage.result import Reading

MADE = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)
STUDY = "1.2.826.0.1.3680043.10.99.1"
BIRTH_DATE = "20140531"
PATIENT = Patient("Zyxwvut, Child", "Zyxwvut", "2014-05-31", "2025-11-17", "M")


def source_with_secrets() -> Dataset:
    """A small DICOM film whose tags name a child, a place and people."""
    secrets = (
        "AccessionNumber",
        "InstitutionName",
        "ReferringPhysicianName",
        "StudyDescription",
        "PatientAddress",
        "OtherPatientIDs",
        "ImageComments",
        "StationName",
        "StudyID",
    )
    return dicom_dataset(
        hand(),
        PatientBirthDate=BIRTH_DATE,
        PatientSex="M",
        StudyDate="20251117",
        StudyInstanceUID=STUDY,
        SeriesInstanceUID=f"{STUDY}.1",
        **dict.fromkeys(secrets, SECRET),
    )


def secret_film() -> bytes:
    """The same as a file."""
    return to_bytes(source_with_secrets())


def material(reading: Reading, *, with_identifiers: bool = False) -> Material:
    """A reading of the film with secrets, at a settled time."""
    return material_of(reading, source=source_with_secrets(), with_identifiers=with_identifiers, made=MADE)


def pdf_text(content: bytes) -> str:
    """The words of a PDF, pages after each other, with single spaces."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
