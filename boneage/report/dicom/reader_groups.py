"""The age that a reader settled on, as a measurement group (TID 1501) of its own: it is no answer of the algorithm."""

from __future__ import annotations

from typing import Final

from highdicom.sr import FindingSite, MeasurementsAndQualitativeEvaluations, TrackingIdentifier
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from boneage.report.dicom.coded import BY_READER, SIDES
from boneage.report.dicom.numbers import MONTHS, number
from boneage.report.dicom.series import tracking_uid
from boneage.result import Result

NAME: Final = "bone age settled on by a reader"


def reader_groups(result: Result, header: Dataset) -> list[MeasurementsAndQualitativeEvaluations]:
    """Return the group of the reader's final age, in months; none where no reader gave one."""
    said = result.reader_correction
    if said is None or said.final_months is None:
        return []
    return [
        MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(tracking_uid(header, NAME), NAME),
            finding_sites=[FindingSite(codes.SCT.Hand, laterality=SIDES.get(result.input.laterality or ""))],
            measurements=[number(BY_READER, said.final_months, MONTHS)],
        )
    ]
