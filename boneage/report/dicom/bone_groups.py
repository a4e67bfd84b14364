"""Each bone's length as a measurement group (TID 1501), with its axis drawn on the film."""

from __future__ import annotations

from typing import Final

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    ContentItem,
    CoordinatesForMeasurement,
    FindingSite,
    GraphicTypeValues,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    SourceImageForRegion,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from boneage.report.dicom.coded import (
    BY_ONE_BONE,
    PIXELS,
    SIDES,
    VISIBLE_LENGTH,
    anatomy_code,
    structure_code,
)
from boneage.report.dicom.numbers import MONTHS, interval_of, number, score_of
from boneage.report.dicom.series import MAKER, tracking_uid, version_of
from boneage.result import BoneResult, Result

CENTRE: Final = 0.5
"""Pixels are counted from the centre of the top left one here, and from its top left corner in DICOM."""

OUTSIDE: Final = 1.0
"""An end up to this many pixels off the film is moved onto its edge; a line further out is not drawn."""

POPULATION: Final = "lengths of this bone at the bone age found"


def bone_groups(result: Result, header: Dataset) -> list[MeasurementsAndQualitativeEvaluations]:
    """Return a group for every bone that has a length."""
    groups = (_group(bone, result, header) for bone in result.bones)
    return [group for group in groups if group is not None]


def axis_points(bone: BoneResult, *, rows: int, columns: int) -> np.ndarray | None:
    """Return a bone's end points as DICOM counts them.

    Returns
    -------
    numpy.ndarray or None
        ``[[column, row], [column, row]]``, proximal first, from 0 to the number of columns and rows; the top left
        corner of the top left pixel is 0, 0. ``None`` where an end lies outside the film.
    """
    points = np.asarray(bone.endpoints, dtype=float) + CENTRE
    inside = np.clip(points, 0.0, [float(columns), float(rows)])
    return inside if np.abs(points - inside).max() <= OUTSIDE else None


def _group(bone: BoneResult, result: Result, header: Dataset) -> MeasurementsAndQualitativeEvaluations | None:
    length = _length(bone, result, header)
    if length is None:
        return None
    numbers = [length]
    if bone.bone_age_months is not None and bone.bone_age_interval_95 is not None:
        interval = interval_of(bone.bone_age_months, bone.bone_age_interval_95)
        numbers.append(number(BY_ONE_BONE, bone.bone_age_months, MONTHS, properties=interval))
    site = FindingSite(
        anatomy_code(bone.bone),
        laterality=SIDES.get(result.input.laterality or ""),
        topographical_modifier=structure_code(bone.bone),
    )
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(tracking_uid(header, bone.bone), bone.bone),
        finding_sites=[site],
        algorithm_id=AlgorithmIdentification(name=MAKER, version=version_of(result)),
        measurements=numbers,
    )


def _length(bone: BoneResult, result: Result, header: Dataset) -> Measurement | None:
    """Return the length in millimetres where the pixel size can be relied on, else in pixels."""
    name = VISIBLE_LENGTH if bone.partial else codes.SCT.Length
    in_mm = bone.length_mm is not None and result.input.pixel_spacing.reliable
    value, unit = (bone.length_mm, codes.UCUM.Millimeter) if in_mm else (bone.length_px, PIXELS)
    if value is None:
        return None
    properties: tuple[ContentItem, ...] = () if bone.z is None else score_of(bone.z, population=POPULATION)
    return number(name, value, unit, properties=properties, graphic=_graphic(bone, header))


def _graphic(bone: BoneResult, header: Dataset) -> CoordinatesForMeasurement | None:
    points = axis_points(bone, rows=header.Rows, columns=header.Columns)
    if points is None:
        return None
    return CoordinatesForMeasurement(
        GraphicTypeValues.POLYLINE,
        points,
        SourceImageForRegion(
            referenced_sop_class_uid=header.SOPClassUID, referenced_sop_instance_uid=header.SOPInstanceUID
        ),
    )
