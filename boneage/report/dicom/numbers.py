"""Numbers as content items of a structured report: with interval and place on the film, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from highdicom.sr import (
    CodeContentItem,
    ContentItem,
    ContentSequence,
    CoordinatesForMeasurement,
    Measurement,
    NumContentItem,
    QualitativeEvaluation,
    RelationshipTypeValues,
    TextContentItem,
)
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from boneage.report.dicom.coded import ASSUMED_SEX, LOWER_LIMIT, SEXES, UPPER_LIMIT

DIGITS: Final = 2
"""Decimals of every number: months, millimetres, pixels and SD scores."""

MONTHS: Final = codes.UCUM.Month


def number(
    name: Code,
    value: float,
    unit: Code,
    *,
    method: Code | None = None,
    properties: Sequence[ContentItem] = (),
    graphic: CoordinatesForMeasurement | None = None,
    assumed_sex: str | None = None,
) -> Measurement:
    """Return a measurement (TID 300).

    Parameters
    ----------
    name, value, unit, method:
        As the template has them; the value is rounded to `DIGITS` decimals.
    properties:
        What is to be said of the number: interval, scores, range.
    graphic:
        Where on the film it was measured.
    assumed_sex:
        ``M`` or ``F`` where the number stands under the assumption of a sex.
    """
    coordinates = None if graphic is None else [graphic]
    measurement = Measurement(
        name, round(float(value), DIGITS), unit, method=method, referenced_coordinates=coordinates
    )
    assumption = () if assumed_sex is None else (sex_modifier(assumed_sex),)
    _add(measurement, *assumption, *properties)
    return measurement


def no_number(name: Code, reason: Code, *, assumed_sex: str | None = None) -> QualitativeEvaluation:
    """Return why there is no number under a name (CID 42).

    It is a coded statement in place of a number without a value: some readers, highdicom among them, fail on those.
    """
    evaluation = QualitativeEvaluation(name, reason)
    if assumed_sex is not None:
        _add(evaluation, sex_modifier(assumed_sex))
    return evaluation


def interval_of(value: float, interval: tuple[float, float]) -> tuple[ContentItem, ...]:
    """Return the 95 % interval of an age in months: as limits, and as the reach of the uncertainty to either side."""
    low, high = interval
    return (
        _property(LOWER_LIMIT, low, MONTHS),
        _property(UPPER_LIMIT, high, MONTHS),
        _property(codes.SCT.RangeOfLowerMeasurementUncertainty, value - low, MONTHS),
        _property(codes.SCT.RangeOfUpperMeasurementUncertainty, high - value, MONTHS),
    )


def score_of(z: float, *, population: str, authority: str | None = None) -> tuple[ContentItem, ...]:
    """Return a z score in the terms of TID 311: among whom, and by whose table."""
    items: list[ContentItem] = [
        _property(codes.DCM.ZScoreOfMeasurement, z, codes.UCUM.NoUnits),
        _words(codes.DCM.PopulationDescription, population),
    ]
    if authority:
        items.append(_words(codes.DCM.ReferenceAuthority, authority))
    return tuple(items)


def usual_of(interval: tuple[float, float], *, description: str, authority: str | None) -> tuple[ContentItem, ...]:
    """Return the usual range of an age in months in the terms of TID 312."""
    items: list[ContentItem] = [
        _property(codes.SCT.NormalRangeLowerLimit, interval[0], MONTHS),
        _property(codes.SCT.NormalRangeUpperLimit, interval[1], MONTHS),
        _words(codes.DCM.NormalRangeDescription, description),
    ]
    if authority:
        items.append(_words(codes.DCM.NormalRangeAuthority, authority))
    return tuple(items)


def comment(words: str) -> TextContentItem:
    """Return a remark within a group of measurements."""
    return TextContentItem(codes.DCM.Comment, words, relationship_type=RelationshipTypeValues.CONTAINS)


def sex_modifier(sex: str) -> CodeContentItem:
    """Return the sex that an answer assumes."""
    return CodeContentItem(ASSUMED_SEX, SEXES[sex], relationship_type=RelationshipTypeValues.HAS_CONCEPT_MOD)


def _property(name: Code, value: float, unit: Code) -> NumContentItem:
    return NumContentItem(
        name, round(float(value), DIGITS), unit, relationship_type=RelationshipTypeValues.HAS_PROPERTIES
    )


def _words(name: Code, words: str) -> TextContentItem:
    return TextContentItem(name, words, relationship_type=RelationshipTypeValues.HAS_PROPERTIES)


def _add(measurement: Measurement | QualitativeEvaluation, *items: ContentItem) -> None:
    """Put items below a statement; a sequence that is set must be full already, because setting it copies it."""
    if not items:
        return
    below = ContentSequence(measurement[0].get("ContentSequence") or [])
    below.extend(items)
    measurement[0].ContentSequence = below
