"""The age that a reader settled on, as a measurement group (TID 1501) of its own: it is no answer of the algorithm."""

from __future__ import annotations

from typing import Final

from highdicom.sr import FindingSite, Measurement, MeasurementsAndQualitativeEvaluations, TrackingIdentifier
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from boneage.report.correction_lines import settled_lines
from boneage.report.dicom.age_groups import held_against, own_age
from boneage.report.dicom.coded import BONE_AGE, BY_READER, SIDES
from boneage.report.dicom.numbers import MONTHS, comment, number
from boneage.report.dicom.series import tracking_uid
from boneage.result import ReaderCorrection, Result

NAME: Final = "bone age settled on by a reader"


def reader_groups(result: Result, header: Dataset) -> list[MeasurementsAndQualitativeEvaluations]:
    """Return the group of the reader's final age, in months; none where no reader gave one.

    It stands under the code of the bone age: what a system takes for the bone age of a film is the reader's then.
    """
    said = result.settled
    if said is None or said.final_months is None:
        return []
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(tracking_uid(header, NAME), NAME),
        finding_sites=[FindingSite(codes.SCT.Hand, laterality=SIDES.get(result.input.laterality or ""))],
        measurements=_numbers(said, said.final_months, result.input.sex.value),
    )
    for line in settled_lines(result):
        group[0].ContentSequence.append(comment(line))
    return [group]


def _numbers(said: ReaderCorrection, months: float, sex: str | None) -> list[Measurement]:
    """Return the age, and where the sex is known how far it lies from the child's own; without an interval."""
    own = said.held_against(sex)
    bone_age = number(BONE_AGE, months, MONTHS, method=BY_READER, properties=held_against(own, sex))
    return [bone_age, *own_age(own, None)]
