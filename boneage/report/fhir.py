"""The result as a FHIR R4 bundle: an observation of the bone age, its diagnostic report, and the software as a device.

A ``collection`` to look at or take apart, with nothing in it that a server would act on. Status is ``preliminary``
throughout: no clinician has confirmed the number. Codes are LOINC 37362-1 (the report), and those of the observation
(`boneage.report.fhir_observation`). The film is referred to by its DICOM StudyInstanceUID.
"""

from __future__ import annotations

import json
import uuid
from typing import Any, Final

from boneage.report.fhir_observation import bone_age_observation, loinc, narrative
from boneage.report.identifiers import Patient
from boneage.report.material import Material
from boneage.report.wording import RESEARCH_USE, headline, paragraph
from boneage.result import Result

REPORT_CODE: Final = "37362-1"

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "boneage/report/fhir")
"""Of the resources' ids."""

_GENDERS: Final = {"M": "male", "F": "female", "O": "other"}

Resource = dict[str, Any]


def write_fhir(material: Material) -> bytes:
    """Return the bundle as JSON."""
    return (json.dumps(fhir_bundle(material), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def fhir_bundle(material: Material) -> Resource:
    """Return the bundle as plain JSON types.

    Parameters
    ----------
    material:
        Of any film: one without an answer has an observation with a ``dataAbsentReason`` and says why. A patient
        resource is only there with ``material.patient``.

    Notes
    -----
    The resources' ids are made from the result, so that the same film read again by the same software has the same.
    """
    result = material.reading.result
    names = {kind: _uuid(result, kind) for kind in ("Bundle", "Patient", "Device", "Observation", "DiagnosticReport")}
    issued = material.made.isoformat()
    shared: Resource = {"issued": issued}
    if material.patient is not None:
        shared["subject"] = {"reference": f"urn:uuid:{names['Patient']}"}
        if material.patient.film_date:
            shared["effectiveDateTime"] = material.patient.film_date
    study = _study_reference(material)
    observation = bone_age_observation(result) | shared | {"device": {"reference": f"urn:uuid:{names['Device']}"}}
    if study is not None:
        observation["derivedFrom"] = [study]
    report = _diagnostic_report(result, f"urn:uuid:{names['Observation']}") | shared
    if study is not None:
        report["imagingStudy"] = [study]
    resources = [report, observation, _device(result)]
    if material.patient is not None:
        resources.append(_patient(material.patient))
    return {
        "resourceType": "Bundle",
        "id": names["Bundle"],
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{names['Bundle']}"},
        "type": "collection",
        "timestamp": issued,
        "entry": [
            {
                "fullUrl": f"urn:uuid:{names[resource['resourceType']]}",
                "resource": {
                    "resourceType": resource["resourceType"],
                    "id": names[resource["resourceType"]],
                    **resource,
                },
            }
            for resource in resources
        ],
    }


def _diagnostic_report(result: Result, observation: str) -> Resource:
    return {
        "resourceType": "DiagnosticReport",
        "text": narrative(headline(result), RESEARCH_USE),
        "status": "preliminary",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}],
        "code": loinc(REPORT_CODE, "Bone age report"),
        "result": [{"reference": observation}],
        "conclusion": paragraph(result),
    }


def _device(result: Result) -> Resource:
    """Return the software with its version, its networks with their hashes, and its tables with their versions."""
    software = result.software
    versions = [("software", software.version)]
    versions += [(f"network {model.name}", f"sha256:{model.sha256}") for model in software.models]
    versions += [(f"reference table {table.name}", table.version) for table in software.references]
    return {
        "resourceType": "Device",
        "deviceName": [{"name": "boneage", "type": "user-friendly-name"}],
        "type": {"text": "Software that reads bone age from a hand radiograph"},
        "version": [{"type": {"text": what}, "value": value} for what, value in versions if value],
        "note": [{"text": RESEARCH_USE}],
    }


def _patient(patient: Patient) -> Resource:
    resource: Resource = {"resourceType": "Patient", "gender": _GENDERS.get(patient.sex, "unknown")}
    if patient.name:
        resource["name"] = [{"text": patient.name}]
    if patient.number:
        resource["identifier"] = [{"value": patient.number}]
    if patient.birth_date:
        resource["birthDate"] = patient.birth_date
    return resource


def _study_reference(material: Material) -> Resource | None:
    """Return the logical reference to the imaging study of a DICOM film."""
    if material.source is None:
        return None
    from boneage.radiograph.tags import text

    uid = text(material.source, "StudyInstanceUID")
    if not uid:
        return None
    return {"type": "ImagingStudy", "identifier": {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}}


def _uuid(result: Result, kind: str) -> str:
    """Return a UUID of the result without its seconds, which differ from run to run."""
    data = {key: value for key, value in result.to_dict().items() if key != "seconds"}
    return str(uuid.uuid5(NAMESPACE, json.dumps([kind, data], sort_keys=True)))
