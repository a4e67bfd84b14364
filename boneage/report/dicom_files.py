"""The DICOM reports as the bytes of files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from boneage.radiograph.tags import quiet_pydicom
from boneage.report.material import Material

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def write_structured_report(material: Material) -> bytes:
    """Return the structured report (see `boneage.report.dicom`)."""
    from boneage.report.dicom import structured_report

    return _written(structured_report(material.reading, _source(material)))


def write_secondary_capture(material: Material) -> bytes:
    """Return the overlay as a secondary capture (see `boneage.report.dicom`)."""
    from boneage.report.dicom import secondary_capture

    return _written(secondary_capture(material.reading, _source(material)))


def write_encapsulated_pdf(material: Material) -> bytes:
    """Return the PDF report as a DICOM object (see `boneage.report.dicom`)."""
    from boneage.report.dicom import encapsulated_pdf
    from boneage.report.pdf import write_pdf

    return _written(encapsulated_pdf(material.reading, _source(material), write_pdf(material)))


def write_segmentation(material: Material) -> bytes:
    """Return the segmented bones (see `boneage.report.dicom`)."""
    from boneage.report.dicom import bone_segmentation

    return _written(bone_segmentation(material.reading, _source(material)))


def _source(material: Material) -> Dataset:
    assert material.source is not None  # The registry has made sure of it.
    return material.source


def _written(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    with quiet_pydicom():
        dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
