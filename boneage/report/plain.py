"""The reports that only carry the result on: JSON, one CSV row, and the text of a terminal."""

from __future__ import annotations

import io
import json
from typing import Any, Final

from boneage.report.csv_row import csv_row, csv_text
from boneage.report.material import Material
from boneage.report.text import print_result

TEXT_WIDTH: Final = 110
"""Columns of the text report."""


def write_json(material: Material) -> bytes:
    """Return the whole result; with identifiers there is a key ``patient`` more."""
    data: dict[str, Any] = material.reading.result.to_dict()
    if (patient := material.patient) is not None:
        data["patient"] = {
            "name": patient.name,
            "id": patient.number,
            "birth_date": patient.birth_date,
            "film_date": patient.film_date,
        }
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def write_csv(material: Material) -> bytes:
    """Return one row of the batch report; with identifiers its column ``id`` is the patient's number."""
    identifier = material.patient.number if material.patient else ""
    return csv_text([csv_row(material.reading.result, identifier=identifier)]).encode()


def write_text(material: Material) -> bytes:
    """Return what `boneage predict` prints; with identifiers a line before it names the patient."""
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(file=buffer, width=TEXT_WIDTH, color_system=None)
    if material.patient is not None and material.patient.words:
        said = material.speech.say("terminal.patient", words=material.speech.patient(material.patient))
        console.print(said, markup=False, highlight=False)
    print_result(material.reading.result, console, material.speech)
    return buffer.getvalue().encode()
