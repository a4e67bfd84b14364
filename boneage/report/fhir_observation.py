"""The bone age as a FHIR R4 Observation.

LOINC 85151-9 (bone age) holds the number in months (UCUM ``mo``). Components: 85150-1 (method), 30525-0 (age), 46098-0
(sex), and, named in words because LOINC has no code for them, the 95 % interval, the answers of both routes, the
difference from the chronological age and its SD score. Where the sex is not known the observation has no value of its
own: both answers are components, so that no system takes one of them for *the* answer. Where a reader settled on an
age, that is the value, with its own interpretation, difference and SD score, and no interval; every part of the
program's answer is a component named ``automatic``.
"""

from __future__ import annotations

from html import escape
from typing import Any, Final

from boneage.report.correction_lines import automatic_prefix, correction_lines
from boneage.report.remarks import remark_lines
from boneage.report.usual_range import usual_range
from boneage.report.wording import (
    METHOD_WORDS,
    RESEARCH_USE,
    SEX_WORDS,
    calibration_words,
    headline,
    message_words,
    verdict,
    verdict_words,
)
from boneage.result import BoneAge, Chronological, ReaderCorrection, Result, SexAnswer
from boneage.result.ages import SDS_LIMIT

BONE_AGE: Final = "85151-9"
METHOD: Final = "85150-1"
AGE: Final = "30525-0"
SEX: Final = "46098-0"

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
INTERPRETATIONS: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ABSENT_REASONS: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
GENDERS: Final = "http://hl7.org/fhir/administrative-gender"

_INTERPRETATION_CODES: Final = {"delayed": "L", "usual": "N", "advanced": "H"}
READER: Final = "settled on by a reader"
"""The method of an age that no program computed."""

_DIGITS: Final = 2

Part = dict[str, Any]


def bone_age_observation(result: Result) -> Part:
    """Return the observation of a result, refused and failed ones included.

    Returns
    -------
    dict
        Without id, subject, date, device and film, which the bundle adds.
    """
    observation: Part = {
        "resourceType": "Observation",
        "text": narrative(headline(result), RESEARCH_USE),
        "status": "preliminary",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "imaging"}]}
        ],
        "code": loinc(BONE_AGE, "Bone age"),
        "note": [{"text": text} for text in _notes(result)],
    }
    if result.input.laterality in {"L", "R"}:
        observation["bodySite"] = {"text": f"{'left' if result.input.laterality == 'L' else 'right'} hand"}
    if result.settled is not None:
        observation |= _reader_value(result, result.settled)
    elif result.bone_age is not None:
        observation |= _value(result.bone_age, result.chronological, result.input.sex.value)
    else:
        observation["dataAbsentReason"] = _absent(result)
    components = _reader_components(result)
    components += [part for sex, answer in result.answers().items() for part in _components(result, sex, answer)]
    if result.settled is not None and not result.answers():
        components.append({"code": {"text": "automatic bone age"}, "dataAbsentReason": _absent(result)})
    components += _sex_component(result)
    if components:
        observation["component"] = components
    return observation


def loinc(code: str, words: str) -> Part:
    """Return a LOINC code as a concept that people can read."""
    return {"coding": [{"system": LOINC, "code": code}], "text": words}


def narrative(*sentences: str) -> Part:
    """Return sentences as the narrative that people read where a system shows no more of a resource."""
    inner = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'}


def _value(age: BoneAge, own: Chronological | None, sex: str | None) -> Part:
    return {"valueQuantity": _age(age), **_interpretation(own, sex)}


def _reader_value(result: Result, said: ReaderCorrection) -> Part:
    """Return the age that a reader settled on as the value, and the reader as the performer."""
    assert said.final_months is not None
    sex = result.input.sex.value
    performer = [{"display": f"reader ({said.reader})" if said.reader else "reader"}]
    held = _interpretation(said.held_against(sex), sex)
    return {"valueQuantity": _months(said.final_months), **held, "performer": performer}


def _interpretation(own: Chronological | None, sex: str | None) -> Part:
    """Return the verdict on a bone age for the child's own age, and what is usual at that age."""
    parts: Part = {}
    if own is not None and (code := _INTERPRETATION_CODES.get(verdict(own))):
        parts["interpretation"] = [{"coding": [{"system": INTERPRETATIONS, "code": code}], "text": verdict_words(own)}]
    usual = usual_range(own, sex)
    if own is not None and usual is not None:
        words = f"within {SDS_LIMIT:g} SD of chronological age ({own.reference})"
        parts["referenceRange"] = [{"low": _months(usual[0]), "high": _months(usual[1]), "text": words}]
    return parts


def _absent(result: Result) -> Part:
    """Return why there is no number: two answers, a refusal, or a file that could not be read."""
    if result.by_sex:
        code, words = "unknown", "The sex of the child is not known: both answers are components, neither is chosen."
    else:
        code = "error" if result.status == "error" else "not-performed"
        problems = [f"{message_words(reason.message)} [{reason.code}]" for reason in result.problems]
        words = "; ".join(problems) or "no bone age"
    return {"coding": [{"system": ABSENT_REASONS, "code": code}], "text": words}


def _components(result: Result, sex: str | None, answer: SexAnswer) -> list[Part]:
    """Return the parts of one answer; under an assumed sex every name says so."""
    assumed = f"If {SEX_WORDS[sex]}: " if result.by_sex else ""
    name = "automatic bone age" if result.settled else "bone age"
    age, lookup, direct = answer.bone_age, answer.estimates.measurement, answer.estimates.regression
    parts: list[Part] = []
    if age is None:
        return [
            {
                "code": {"text": f"{assumed}{name}"},
                "dataAbsentReason": {"coding": [{"system": ABSENT_REASONS, "code": "not-performed"}]},
            }
        ]
    if assumed or result.settled:
        parts.append({"code": {"text": f"{assumed}{name}"}, "valueQuantity": _age(age)})
    parts.append({"code": {"text": f"{assumed}95 % interval of the {name}"}, "valueRange": _range(age.interval_95)})
    reference = f", reference table {lookup.reference}" if lookup else ""
    method = {"code": loinc(METHOD, f"{assumed}{name} method")}
    parts.append({**method, "valueCodeableConcept": {"text": f"{METHOD_WORDS[age.method]}{reference}"}})
    for words, route in (
        (f"{name} from the measured bones{reference}", lookup),
        (f"{name} by direct regression", direct),
    ):
        if route is not None:
            parts.append({"code": {"text": assumed + words}, "valueQuantity": _months(route.months)})
            interval = {"code": {"text": f"{assumed}95 % interval of the {words}"}}
            parts.append({**interval, "valueRange": _range(route.interval_95)})
    own = answer.chronological
    return parts + _child(result, assumed, own) + _difference(name, own, assumed)


def _child(result: Result, assumed: str, own: Chronological | None) -> list[Part]:
    """Return the child's own age; where a reader settled on an age it stands with that."""
    if own is None or (result.settled is not None and result.settled.chronological):
        return []
    return [{"code": loinc(AGE, f"{assumed}chronological age"), "valueQuantity": _months(own.months)}]


def _difference(name: str, own: Chronological | None, assumed: str) -> list[Part]:
    """Return how far the bone age of this name lies from the child's own age, and its SD score."""
    parts: list[Part] = []
    if own is None:
        return parts
    if own.difference_months is not None:
        code = {"text": f"{assumed}{name} minus chronological age"}
        parts.append({"code": code, "valueQuantity": _least(_months(own.difference_months), own)})
    if own.sds is not None:
        code = {"text": f"{assumed}SD score of the {name} for chronological age, {own.reference}"}
        score = {"value": round(own.sds, _DIGITS), "unit": "SD", "system": UCUM, "code": "{SD}"}
        parts.append({"code": code, "valueQuantity": _least(score, own)})
    return parts


def _sex_component(result: Result) -> list[Part]:
    """Return the sex that the answer is for; none where there is no answer or two."""
    sex = result.input.sex
    if (result.bone_age is None and result.settled is None) or sex.value is None:
        return []
    code = "male" if sex.value == "M" else "female"
    value = {"coding": [{"system": GENDERS, "code": code}], "text": f"{SEX_WORDS[sex.value]} (source: {sex.source})"}
    return [{"code": loinc(SEX, "Sex that the bone age is for"), "valueCodeableConcept": value}]


def _reader_components(result: Result) -> list[Part]:
    """Return that the value is a reader's, the child's own age, and how far the reader's lies from it."""
    said = result.settled
    if said is None:
        return []
    held = said.chronological or {}
    parts: list[Part] = [{"code": loinc(METHOD, "bone age method"), "valueCodeableConcept": {"text": READER}}]
    parts += [
        {"code": loinc(AGE, "chronological age"), "valueQuantity": _months(own.months)}
        for own in list(held.values())[:1]
    ]
    for sex, own in held.items():
        assumed = f"If {SEX_WORDS[sex]}: " if len(held) > 1 else ""
        parts += _difference("reader's final bone age", own, assumed)
    return parts


def _notes(result: Result) -> list[str]:
    """Return reasons and remarks, the calibration, a reader's corrections, the film and the research-use notice."""
    notes = remark_lines(result)
    for sex, answer in result.answers().items():
        if said := calibration_words(answer):
            assumed = f"If {SEX_WORDS[sex]}: " if result.by_sex else ""
            notes.append(f"{automatic_prefix(result)}{assumed}{said}")
    notes += correction_lines(result)
    if result.input.sha256:
        notes.append(f"Film with the SHA-256 {result.input.sha256}.")
    return [*notes, RESEARCH_USE]


def _age(age: BoneAge) -> Part:
    """Return the answer; of a grown hand the bound at or above which it lies."""
    return _months(age.months) if age.bound_months is None else _at_or_above(_months(age.bound_months))


def _least(quantity: Part, own: Chronological) -> Part:
    """Return a quantity, marked where it is the least that it can be."""
    return _at_or_above(quantity) if own.at_least else quantity


def _at_or_above(quantity: Part) -> Part:
    return {**quantity, "comparator": ">="}


def _months(value: float) -> Part:
    return {"value": round(value, _DIGITS), "unit": "months", "system": UCUM, "code": "mo"}


def _range(interval: tuple[float, float]) -> Part:
    return {"low": _months(interval[0]), "high": _months(interval[1])}
