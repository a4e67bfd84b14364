"""The reading as a structured report: Comprehensive 3D SR with the measurement report of TID 1500.

It is always UNVERIFIED and PRELIMINARY: no clinician has confirmed it.
"""

from __future__ import annotations

from typing import Any, Final

from highdicom.sr import (
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
)
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sr.codedict import codes

from boneage.report.dicom.age_groups import age_groups
from boneage.report.dicom.bone_groups import bone_groups
from boneage.report.dicom.coded import BONE_AGE_STUDY
from boneage.report.dicom.reader_groups import reader_groups
from boneage.report.dicom.series import MAKER, STRUCTURED_REPORT, device_uid, identity, version_of
from boneage.report.dicom.source import source_header, writing_dicom
from boneage.result import Reading, Result

NO_ANSWER: Final = "No bone age: see the comments for the reasons"


def structured_report(reading: Reading, source: Dataset) -> Dataset:
    """Return the reading as a structured report of the film's study.

    A film that was refused or could not be read has a report too, flagged PARTIAL: in place of its bone age
    stands a code for why there is none, and the reasons are its comments. Bones are listed only beside an answer.
    An age that a reader settled on comes first, under the code of the bone age; the report is then complete.

    Parameters
    ----------
    reading:
        What was read.
    source:
        The film's DICOM data set.

    Raises
    ------
    UsageError
        As `source_header`.
    """
    result = reading.result
    answered = any(answer.bone_age is not None for answer in result.answers().values())
    with writing_dicom():
        header = source_header(reading, source)
        bones = bone_groups(result, header) if answered else []
        groups = [*reader_groups(result, header), *age_groups(result, header), *bones]
        content = MeasurementReport(
            observation_context=_observed_by(result),
            procedure_reported=BONE_AGE_STUDY,
            imaging_measurements=groups,
            referenced_images=[_library_entry(header)],
        )
        report = Comprehensive3DSR(
            evidence=[header],
            content=content,
            is_complete=answered or result.settled is not None,
            is_final=False,
            is_verified=False,
            **identity(STRUCTURED_REPORT, result),
        )
        if not answered and result.settled is None:
            report.CompletionFlagDescription = NO_ANSWER
        return report


def _observed_by(result: Result) -> ObservationContext:
    device = DeviceObserverIdentifyingAttributes(
        uid=device_uid(result), name=MAKER, manufacturer_name=MAKER, model_name=f"{MAKER} {version_of(result)}"
    )
    return ObservationContext(
        observer_device_context=ObserverContext(observer_type=codes.DCM.Device, observer_identifying_attributes=device)
    )


def _library_entry(header: Dataset) -> Dataset:
    """Return the film as the image library describes it.

    A projection film that lacks its orientation or detector spacing is described without either: the library's rows for
    projections (TID 1603) need both.
    """
    if _is_pair(header.get("PatientOrientation")) and _is_pair(header.get("ImagerPixelSpacing")):
        return header
    entry = Dataset()
    entry.update(header)
    entry.Modality = ""
    return entry


def _is_pair(value: Any) -> bool:
    """Tell whether an attribute holds two values, neither of them empty."""
    return isinstance(value, MultiValue | list) and len(value) == 2 and all(str(part).strip() for part in value)
