"""The segmented bones as a DICOM segmentation upon the film's own pixels."""

from __future__ import annotations

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from boneage.errors import UsageError
from boneage.report.dicom.coded import anatomy_code, region_code, structure_code
from boneage.report.dicom.series import (
    MAKER,
    SEGMENTATION,
    algorithm_parameters,
    identity,
    tracking_uid,
    version_of,
)
from boneage.report.dicom.source import source_header, writing_dicom
from boneage.report.labels import film_labels
from boneage.report.palette import label_colour
from boneage.result import Reading, Result


def bone_segmentation(reading: Reading, source: Dataset, *, labelmap: bool = False) -> Dataset:
    """Return the bones as a segmentation of the film: one segment for each label that was found.

    Segments are numbered from 1 without gaps; which bone a segment is, its label (as in the JSON) and codes say.

    Parameters
    ----------
    reading:
        What was read.
    source:
        The film's DICOM data set.
    labelmap:
        Write the label map itself (Label Map Segmentation Storage: smaller, and understood by few systems so far) in
        place of one binary frame for each bone.

    Raises
    ------
    UsageError
        ``report_needs_answer`` where the film was refused or could not be read: its outlines are not to be relied on;
        ``report_no_bones`` where no bone is marked; and as `source_header`.
    """
    if reading.radiograph is None or reading.bone_map is None or not reading.result.answers():
        msg = "the film has no bone age, so its outlines are not to be relied on"
        remedy = "a dicom-sr or dicom-sc report says why there is none, and the capture shows what was found"
        raise UsageError("report_needs_answer", msg, remedy=remedy)
    labels = film_labels(reading.bone_map, (reading.radiograph.rows, reading.radiograph.columns))
    found = [int(value) for value in np.unique(labels) if value]
    if not found:
        msg = "no bone is marked on the film"
        raise UsageError("report_no_bones", msg, remedy="choose pdf or dicom-sr")
    numbers = np.zeros(256, np.uint8)
    numbers[found] = np.arange(1, len(found) + 1)
    names = [reading.result.labels[value] for value in found]
    with writing_dicom():
        header = source_header(reading, source)
        segmentation = Segmentation(
            source_images=[header],
            pixel_array=numbers[labels],
            segmentation_type="LABELMAP" if labelmap else "BINARY",
            segment_descriptions=_descriptions(names, header, reading.result),
            content_label="BONES",
            content_description="Bones of the hand, segmented automatically",
            **identity(SEGMENTATION, reading.result),
        )
        segmentation.PatientOrientation = header.get("PatientOrientation") or ""
        return segmentation


def _descriptions(names: list[str], header: Dataset, result: Result) -> list[SegmentDescription]:
    algorithm = AlgorithmIdentificationSequence(
        name=MAKER,
        version=version_of(result),
        family=codes.DCM.ArtificialIntelligence,
        parameters={f"part {number}": text for number, text in enumerate(algorithm_parameters(result), 1)} or None,
    )
    return [
        SegmentDescription(
            segment_number=number,
            segment_label=name,
            segmented_property_category=codes.SCT.AnatomicalStructure,
            segmented_property_type=anatomy_code(name),
            algorithm_type="AUTOMATIC",
            algorithm_identification=algorithm,
            tracking_id=name,
            tracking_uid=tracking_uid(header, name),
            anatomic_regions=[region_code(name)],
            primary_anatomic_structures=[structure_code(name)],
            display_color=CIELabColor.from_rgb(*label_colour(name)),
        )
        for number, name in enumerate(names, 1)
    ]
