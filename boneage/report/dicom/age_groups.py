"""The answer as measurement groups (TID 1501): one group, two where the sex is unknown, a reason where refused."""

from __future__ import annotations

from typing import Final

from highdicom.sr import (
    AlgorithmIdentification,
    ContentItem,
    FindingSite,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from boneage.report.correction_lines import automatic_prefix, correction_lines
from boneage.report.dicom.coded import (
    AT_OR_ABOVE,
    AUTOMATIC,
    BONE_AGE,
    BY_MEASUREMENT,
    BY_REGRESSION,
    DIFFERENCE,
    METHODS,
    SIDES,
)
from boneage.report.dicom.numbers import (
    MONTHS,
    comment,
    interval_of,
    no_number,
    number,
    score_of,
    usual_of,
)
from boneage.report.dicom.series import MAKER, algorithm_parameters, tracking_uid, version_of
from boneage.report.remarks import remark_lines
from boneage.report.usual_range import usual_range
from boneage.report.wording import RESEARCH_USE, SEX_WORDS, calibration_words
from boneage.result import BoneAge, Chronological, Estimates, Result, SexAnswer
from boneage.result.ages import SDS_LIMIT

POPULATION: Final = "skeletal age of healthy children of the same sex and chronological age"


def age_groups(result: Result, header: Dataset) -> list[MeasurementsAndQualitativeEvaluations]:
    """Return the groups of the answer; the first one carries all remarks.

    Where a reader settled on an age they are named ``automatic``, and their bone age has a code of its own.
    """
    answers: dict[str | None, SexAnswer | None] = {**result.answers()} or {None: None}
    groups = [_group(result, header, sex, answer) for sex, answer in answers.items()]
    for line in (*remark_lines(result), *_calibrations(result), *correction_lines(result), RESEARCH_USE):
        groups[0][0].ContentSequence.append(comment(line))
    return groups


def _group(
    result: Result, header: Dataset, sex: str | None, answer: SexAnswer | None
) -> MeasurementsAndQualitativeEvaluations:
    name = f"bone age if {SEX_WORDS[sex]}" if result.by_sex else "bone age"
    code, name = (BONE_AGE, name) if result.settled is None else (AUTOMATIC, f"automatic {name}")
    assumed = sex if result.by_sex else None
    stated = no_number(code, missing, assumed_sex=assumed) if (missing := _missing(result, answer)) else None
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(tracking_uid(header, name), name),
        finding_sites=[FindingSite(codes.SCT.Hand, laterality=SIDES.get(result.input.laterality or ""))],
        algorithm_id=AlgorithmIdentification(
            name=MAKER, version=version_of(result), parameters=algorithm_parameters(result)
        ),
        measurements=[] if answer is None else _numbers(answer, sex, assumed, code),
        qualitative_evaluations=None if stated is None else [stated],
    )


def _calibrations(result: Result) -> list[str]:
    """Return what a site calibration did to each answer."""
    said = {sex: calibration_words(answer) for sex, answer in result.answers().items()}
    assumed = {sex: f"If {SEX_WORDS[sex]}: " if result.by_sex else "" for sex in said}
    return [f"{automatic_prefix(result)}{assumed[sex]}{words}" for sex, words in said.items() if words]


def _missing(result: Result, answer: SexAnswer | None) -> Code | None:
    """Return why an answer has no bone age, ``None`` where it has one."""
    if answer is None or answer.bone_age is None:
        return codes.DCM.MeasurementFailure if result.status == "error" else codes.DCM.MeasurementNotAttempted
    return codes.DCM.ValueOutOfRange if answer.bone_age.bound is not None else None


def _numbers(answer: SexAnswer, sex: str | None, assumed: str | None, code: Code) -> list[Measurement]:
    age, own = answer.bone_age, answer.chronological
    if age is None:
        return []
    if age.bound is not None:
        return _grown(age, own, assumed)
    bone_age = number(
        code,
        age.months,
        MONTHS,
        method=METHODS[age.method],
        properties=(*interval_of(age.months, age.interval_95), *held_against(own, sex)),
        assumed_sex=assumed,
    )
    return [bone_age, *_routes(answer.estimates, assumed), *own_age(own, assumed)]


def _grown(age: BoneAge, own: Chronological | None, assumed: str | None) -> list[Measurement]:
    """Return what is said of a grown hand: the lower bound of its bone age, and nothing that rests on a guess."""
    bound = [] if age.bound_months is None else [number(AT_OR_ABOVE, age.bound_months, MONTHS, assumed_sex=assumed)]
    return [*bound, *own_age(None if own is None else Chronological(own.months), assumed)]


def held_against(own: Chronological | None, sex: str | None) -> tuple[ContentItem, ...]:
    """Return SD score and usual range of a bone age for the child's own age."""
    if own is None or own.sds is None:
        return ()
    score = score_of(own.sds, population=POPULATION, authority=own.reference)
    usual = usual_range(own, sex)
    if usual is None:
        return score
    words = f"within {SDS_LIMIT:g} SD of chronological age"
    return (*score, *usual_of(usual, description=words, authority=own.reference))


def _routes(estimates: Estimates, assumed: str | None) -> list[Measurement]:
    routes = ((BY_MEASUREMENT, estimates.measurement), (BY_REGRESSION, estimates.regression))
    return [
        number(
            name,
            route.months,
            MONTHS,
            properties=interval_of(route.months, route.interval_95),
            assumed_sex=assumed,
        )
        for name, route in routes
        if route is not None
    ]


def own_age(own: Chronological | None, assumed: str | None) -> list[Measurement]:
    """Return the child's own age, and how far the bone age lies from it."""
    if own is None:
        return []
    ages = [number(codes.DCM.SubjectAge, own.months, MONTHS)]
    if own.difference_months is not None:
        ages.append(number(DIFFERENCE, own.difference_months, MONTHS, assumed_sex=assumed))
    return ages
