"""What a report is written from: the reading, when it is written, and, where wanted, the film's DICOM header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from boneage.report.identifiers import Patient, patient_of, without_path
from boneage.report.speech import ENGLISH, Speech
from boneage.result import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Material:
    """What a report is written from.

    Attributes
    ----------
    reading:
        Result and pictures; of an earlier result the result alone.
    made:
        When the report is written, with its time zone: the one thing in a report that is not in the film.
    source:
        The film's DICOM data set, ``None`` where the film is none.
    patient:
        Whose film it is; ``None`` unless the report is to say so.
    speech:
        The language of what is written for people.
    """

    reading: Reading
    made: datetime
    source: Dataset | None = None
    patient: Patient | None = None
    speech: Speech = ENGLISH


def material_of(
    reading: Reading,
    *,
    source: Dataset | None = None,
    with_identifiers: bool = False,
    made: datetime | None = None,
    speech: Speech = ENGLISH,
) -> Material:
    """Return the material of a report, without anything that names the child unless asked for.

    Parameters
    ----------
    reading:
        What was read.
    source:
        The film's DICOM data set, if it is one.
    with_identifiers:
        Whether the reports may say the patient's name, number and birth date, the film's date and its path.
    made:
        When the report is written, with its time zone; now by default.
    speech:
        The language of what is written for people.
    """
    when = (made or datetime.now().astimezone()).replace(microsecond=0)
    if not with_identifiers:
        return Material(without_path(reading), when, source, speech=speech)
    return Material(reading, when, source, None if source is None else patient_of(source), speech)
