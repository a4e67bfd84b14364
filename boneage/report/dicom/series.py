"""What the new objects share: a new series in the film's study, the software that made it, and names that last.

Series and instances get random UIDs: each report is an object of its own. What is to be recognised again has a UID made
from names: the software of one version, and one bone of one film, which is the same in report and segmentation.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from pydicom.dataset import Dataset
from pydicom.uid import UID, generate_uid

from boneage import __version__
from boneage.report.dicom.coded import SCHEME, SCHEME_NAME
from boneage.result import Result

MAKER: Final = "boneage"
SERIAL: Final = "1"
"""Software has no serial number, and the standard wants one."""


@dataclass(frozen=True)
class Series:
    """A kind of series: its number in the study and what it is called."""

    number: int
    description: str


STRUCTURED_REPORT: Final = Series(9701, "Bone age: measurements")
SECONDARY_CAPTURE: Final = Series(9702, "Bone age: overlay")
ENCAPSULATED_PDF: Final = Series(9703, "Bone age: PDF report")
SEGMENTATION: Final = Series(9704, "Bone age: segmented bones")


def identity(series: Series, result: Result) -> dict[str, Any]:
    """Return the arguments that every object of ours is made with: series, instance, software, private codes."""
    return {
        "series_instance_uid": generate_uid(prefix=None),
        "series_number": series.number,
        "series_description": series.description,
        "sop_instance_uid": generate_uid(prefix=None),
        "instance_number": 1,
        "manufacturer": MAKER,
        "manufacturer_model_name": MAKER,
        "software_versions": version_of(result),
        "device_serial_number": SERIAL,
        "coding_schemes": [CodingSchemeIdentificationItem(SCHEME, name=SCHEME_NAME, responsible_organization=MAKER)],
    }


def version_of(result: Result) -> str:
    """Return the version that made a result."""
    return result.software.version or __version__


def device_uid(result: Result) -> UID:
    """Return the UID of this software in the version that made a result."""
    return _named_uid(f"{MAKER} {version_of(result)}")


def tracking_uid(header: Dataset, name: str) -> UID:
    """Return the UID of one thing on one film, the same in every report of it."""
    return _named_uid(f"{MAKER} {header.SOPInstanceUID} {name}")


def algorithm_parameters(result: Result) -> list[str]:
    """Return the networks, tables and site calibration that took part, each with what pins it down."""
    parameters = [f"network {model.name}: sha256 {model.sha256}" for model in result.software.models]
    for table in result.software.references:
        version = f", version {table.version}" if table.version else ""
        parameters.append(f"reference {table.name}{version}")
    stamps = {answer.calibration for answer in result.answers().values() if answer.calibration is not None}
    parameters += sorted(f"site calibration: sha256 {sha}" for sha in {stamp.sha256 for stamp in stamps})
    return parameters


def _named_uid(name: str) -> UID:
    return UID(f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, name).int}")
