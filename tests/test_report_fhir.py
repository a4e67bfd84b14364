"""The FHIR bundle, read back by the models of the standard and compared with the result."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex, settled
from fhir.resources.R4B.bundle import Bundle
from report_material import MADE, STUDY, material

from boneage.reference.standards import load_standard
from boneage.report.fhir import fhir_bundle, write_fhir
from boneage.report.growth_api import growth_api_fields
from boneage.report.material import Material, material_of
from boneage.report.usual_range import usual_range
from boneage.result import BoneAge, Chronological, Reading, Result


def read_back(told: Material) -> dict[str, Any]:
    """The resources by their type, as the standard's own models read the file; they raise on what it forbids."""
    bundle = Bundle.model_validate_json(write_fhir(told))
    assert bundle.type == "collection"
    return {type(entry.resource).__name__: entry.resource for entry in bundle.entry}


def components(observation: Any) -> dict[str, Any]:
    return {part.code.text: part for part in observation.component or ()}


def code_of(concept: Any) -> str:
    (coding,) = concept.coding
    return f"{coding.system}|{coding.code}"


def scored(months: float) -> Reading:
    """A girl of 118 months with this bone age, scored by the installed standard."""
    reading = fake_reading()
    result = reading.result
    assert result.bone_age is not None
    own = Chronological(118.0, months - 118.0, (months - 118.0) / 10, load_standard().name)
    age = replace(result.bone_age, months=months)
    return Reading(replace(result, bone_age=age, chronological=own), reading.radiograph)


def test_the_value_is_the_bone_age_in_months() -> None:
    told = material(fake_reading())
    result = told.reading.result
    observation = read_back(told)["Observation"]
    assert result.bone_age is not None
    assert code_of(observation.code) == "http://loinc.org|85151-9"
    quantity = observation.valueQuantity
    assert (quantity.system, quantity.code) == ("http://unitsofmeasure.org", "mo")
    assert float(quantity.value) == pytest.approx(result.bone_age.months, abs=0.005)
    assert observation.status == "preliminary"
    assert observation.dataAbsentReason is None


def test_components_are_the_numbers_of_the_result() -> None:
    told = material(fake_reading())
    result: Result = told.reading.result
    parts = components(read_back(told)["Observation"])
    lookup, direct, own = result.estimates.measurement, result.estimates.regression, result.chronological
    assert result.bone_age is not None
    assert lookup is not None
    assert direct is not None
    assert own is not None
    measured = "bone age from the measured bones, reference table rsna-train"
    ranges = {
        "95 % interval of the bone age": result.bone_age.interval_95,
        f"95 % interval of the {measured}": lookup.interval_95,
        "95 % interval of the bone age by direct regression": direct.interval_95,
    }
    for name, interval in ranges.items():
        found = parts[name].valueRange
        assert (float(found.low.value), float(found.high.value)) == pytest.approx(interval, abs=0.005)
    values = {
        measured: lookup.months,
        "bone age by direct regression": direct.months,
        "chronological age": own.months,
        "bone age minus chronological age": own.difference_months,
        "SD score of the bone age for chronological age, Brush Foundation": own.sds,
    }
    for name, value in values.items():
        assert float(parts[name].valueQuantity.value) == pytest.approx(value, abs=0.005), name
    assert code_of(parts["chronological age"].code) == "http://loinc.org|30525-0"
    method = parts["bone age method"]
    assert method.valueCodeableConcept.text == "measurement and regression combined, reference table rsna-train"
    sex = parts["Sex that the bone age is for"].valueCodeableConcept
    assert code_of(sex) == "http://hl7.org/fhir/administrative-gender|female"


@pytest.mark.parametrize(("months", "code"), [(90.0, "L"), (118.0, "N"), (145.0, "H")])
def test_interpretation_and_range_follow_the_sd_score(months: float, code: str) -> None:
    told = material(scored(months))
    observation = read_back(told)["Observation"]
    assert code_of(observation.interpretation[0]).endswith(f"|{code}")
    (usual,) = observation.referenceRange
    expected = usual_range(told.reading.result.chronological, "F")
    assert (float(usual.low.value), float(usual.high.value)) == pytest.approx(expected, abs=0.005)
    assert (usual.low.value <= months <= usual.high.value) == (code == "N")


def test_without_an_sd_score_nothing_is_interpreted() -> None:
    observation = read_back(material(fake_reading(own=None)))["Observation"]
    assert observation.interpretation is None
    assert observation.referenceRange is None


def test_sex_unknown_has_no_value_and_both_answers() -> None:
    observation = read_back(material(fake_unknown_sex()))["Observation"]
    assert observation.valueQuantity is None
    assert code_of(observation.dataAbsentReason).endswith("|unknown")
    parts = components(observation)
    ages = [float(parts[f"If {child}: bone age"].valueQuantity.value) for child in ("boy", "girl")]
    assert ages == [140.0, 124.0]
    assert all(name.startswith("If ") for name in parts)


def test_an_answer_for_one_sex_alone_is_told_from_the_missing_one() -> None:
    reading = fake_unknown_sex()
    assert reading.result.by_sex is not None
    both = dict(reading.result.by_sex)
    both["M"] = replace(both["M"], bone_age=None)
    parts = components(read_back(material(Reading(replace(reading.result, by_sex=both))))["Observation"])
    assert parts["If boy: bone age"].valueQuantity is None
    assert code_of(parts["If boy: bone age"].dataAbsentReason).endswith("|not-performed")
    assert float(parts["If girl: bone age"].valueQuantity.value) == 124.0


@pytest.mark.parametrize(
    ("reading", "code", "reason"),
    [(fake_refusal(), "not-performed", "not_a_hand"), (fake_error(), "error", "truncated_dicom")],
)
def test_no_answer_is_a_reason_and_no_number(reading: Reading, code: str, reason: str) -> None:
    found = read_back(material(reading))
    observation = found["Observation"]
    assert observation.valueQuantity is None
    assert observation.component is None
    assert code_of(observation.dataAbsentReason).endswith(f"|{code}")
    assert reason in observation.dataAbsentReason.text
    assert reading.result.problems[0].message in found["DiagnosticReport"].conclusion


def test_report_device_and_study() -> None:
    told = material(fake_reading())
    bundle = fhir_bundle(told)
    found = read_back(told)
    report, observation, device = found["DiagnosticReport"], found["Observation"], found["Device"]
    assert (report.status, code_of(report.code)) == ("preliminary", "http://loinc.org|37362-1")
    assert report.issued == MADE
    places = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert places[report.result[0].reference] == "Observation"
    assert places[observation.device.reference] == "Device"
    for study in (report.imagingStudy[0], observation.derivedFrom[0]):
        assert (study.identifier.system, study.identifier.value) == ("urn:dicom:uid", f"urn:oid:{STUDY}")
    versions = {entry.type.text: entry.value for entry in device.version}
    assert versions == {
        "software": "0.0.1",
        "network segmentation": "sha256:" + "cd" * 32,
        "reference table rsna-train": "1",
    }


def test_a_film_that_is_not_dicom_has_no_study() -> None:
    found = read_back(material_of(fake_reading(), made=MADE))
    assert found["Observation"].derivedFrom is None
    assert found["DiagnosticReport"].imagingStudy is None


def test_the_patient_is_there_only_when_asked_for() -> None:
    told = material(fake_reading())
    assert "Patient" not in read_back(told)
    assert b"Zyxwvut" not in write_fhir(told)
    assert b"2025-11-17" not in write_fhir(told)
    named = material(fake_reading(), with_identifiers=True)
    found = read_back(named)
    patient = found["Patient"]
    assert (patient.name[0].text, patient.identifier[0].value) == ("Zyxwvut, Child", "Zyxwvut")
    assert (patient.birthDate.isoformat(), patient.gender) == ("2014-05-31", "male")
    url = next(e["fullUrl"] for e in fhir_bundle(named)["entry"] if e["resource"]["resourceType"] == "Patient")
    assert {found[kind].effectiveDateTime.isoformat() for kind in ("Observation", "DiagnosticReport")} == {"2025-11-17"}
    assert found["Observation"].subject.reference == found["DiagnosticReport"].subject.reference == url


def test_the_same_film_has_the_same_ids_whatever_the_clock_says() -> None:
    reading = fake_reading()
    slower = Reading(replace(reading.result, seconds=replace(reading.result.seconds, total=9.9)), reading.radiograph)
    assert write_fhir(material(reading)) == write_fhir(material(slower))
    other = replace(reading.result, bone_age=replace(reading.result.bone_age, months=100.0))  # type: ignore[type-var]
    ids = [fhir_bundle(material(each))["id"] for each in (reading, Reading(other))]
    assert ids[0] != ids[1]


def test_remarks_and_notice_are_notes() -> None:
    notes = [note.text for note in read_back(material(fake_refusal()))["Observation"].note]
    assert any("flat_grey_levels" in note for note in notes)
    assert any("research use" in note for note in notes)
    assert json.loads(write_fhir(material(fake_refusal())))["timestamp"] == "2026-01-31T12:30:00+00:00"


def test_a_bound_is_a_quantity_with_a_comparator() -> None:
    grown = BoneAge(210.0, (190.0, 228.0), "combined", "at_or_above", 186.0)
    observation = read_back(material(Reading(replace(fake_reading().result, bone_age=grown))))["Observation"]
    assert (observation.valueQuantity.comparator, float(observation.valueQuantity.value)) == (">=", 186.0)


def test_of_a_grown_hand_difference_and_score_are_quantities_with_a_comparator() -> None:
    result = fake_reading().result
    grown = BoneAge(210.0, (190.0, 228.0), "combined", "at_or_above", 186.0)
    own = Chronological(144.0, 42.0, 4.0, "Brush Foundation", at_least=True)
    told = material(Reading(replace(result, bone_age=grown, chronological=own)))
    parts = components(read_back(told)["Observation"])
    names = ("bone age minus chronological age", "SD score of the bone age for chronological age, Brush Foundation")
    assert [parts[name].valueQuantity.comparator for name in names] == [">=", ">="]
    usual = components(read_back(material(fake_reading()))["Observation"])
    assert [usual[name].valueQuantity.comparator for name in names] == [None, None]


def test_the_age_of_a_reader_is_the_value_and_that_of_the_program_named_automatic() -> None:
    observation = read_back(material(settled(fake_reading())))["Observation"]
    assert float(observation.valueQuantity.value) == 180.0
    assert observation.interpretation[0].coding[0].code == "H"
    assert "ahead" in observation.interpretation[0].text
    assert observation.performer[0].display == "reader (AB)"
    parts = components(observation)
    assert parts["bone age method"].valueCodeableConcept.text == "settled on by a reader"
    assert float(parts["reader's final bone age minus chronological age"].valueQuantity.value) == 62.0
    score = parts["SD score of the reader's final bone age for chronological age, Brush Foundation"]
    assert float(score.valueQuantity.value) == 5.2
    assert float(parts["automatic bone age"].valueQuantity.value) == 124.0
    assert float(parts["automatic bone age minus chronological age"].valueQuantity.value) == 6.0
    assert "95 % interval of the automatic bone age" in parts
    assert float(parts["chronological age"].valueQuantity.value) == 118.0
    of_nobody = [name for name in parts if "bone age" in name and "automatic" not in name and "reader" not in name]
    assert of_nobody == ["bone age method", "Sex that the bone age is for"]
    report = json.loads(write_fhir(material(settled(fake_reading()))))["entry"][0]["resource"]
    assert "final bone age 15 y 0 mo (AB); automatic: bone age 10 y 4 mo" in report["text"]["div"]


def test_a_readers_age_agrees_with_the_growth_chart_fields() -> None:
    reading = settled(fake_reading())
    observation = read_back(material(reading))["Observation"]
    assert growth_api_fields(reading.result)["bone_age"] == float(observation.valueQuantity.value) / 12


def test_a_readers_age_stands_of_a_refused_film_and_of_an_unknown_sex() -> None:
    refused = read_back(material(settled(fake_refusal())))["Observation"]
    assert float(refused.valueQuantity.value) == 180.0
    assert refused.dataAbsentReason is None
    assert components(refused)["automatic bone age"].dataAbsentReason.coding[0].code == "not-performed"
    both = read_back(material(settled(fake_unknown_sex())))["Observation"]
    assert float(both.valueQuantity.value) == 180.0
    assert both.interpretation is None
    parts = components(both)
    assert float(parts["If boy: automatic bone age"].valueQuantity.value) == 140.0
    name = "SD score of the reader's final bone age for chronological age, Brush Foundation"
    assert float(parts[f"If boy: {name}"].valueQuantity.value) == 6.2
    assert float(parts[f"If girl: {name}"].valueQuantity.value) == 5.2
