"""Reports as DICOM objects of the film's study: structured report, overlay, PDF, segmentation of the bones."""

from boneage.report.dicom.encapsulated_pdf import encapsulated_pdf
from boneage.report.dicom.secondary_capture import secondary_capture
from boneage.report.dicom.segmentation import bone_segmentation
from boneage.report.dicom.structured_report import structured_report

__all__ = ["bone_segmentation", "encapsulated_pdf", "secondary_capture", "structured_report"]
