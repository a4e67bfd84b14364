"""JSON, CSV and text reports against the result."""

from __future__ import annotations

import csv
import io
import json

from fake_reading import fake_reading, fake_refusal
from report_material import material

from boneage.report.csv_row import csv_row
from boneage.report.plain import write_csv, write_json, write_text
from boneage.result import Result


def test_json_is_the_result() -> None:
    told = material(fake_reading())
    data = json.loads(write_json(told))
    assert data == told.reading.result.to_dict()
    assert Result.from_dict(data).bone_age == fake_reading().result.bone_age


def test_json_with_identifiers_has_the_patient_and_reads_back() -> None:
    data = json.loads(write_json(material(fake_reading(), with_identifiers=True)))
    assert data["patient"] == {
        "name": "Zyxwvut, Child",
        "id": "Zyxwvut",
        "birth_date": "2014-05-31",
        "film_date": "2025-11-17",
    }
    assert data["input"]["path"] == "drawn.png"
    assert Result.from_dict(data).status == "ok"


def test_csv_is_the_row_of_the_batch() -> None:
    told = material(fake_reading())
    (row,) = csv.DictReader(io.StringIO(write_csv(told).decode()))
    expected = csv_row(told.reading.result)
    assert row == {name: "" if value is None else str(value) for name, value in expected.items()}
    (named,) = csv.DictReader(io.StringIO(write_csv(material(fake_reading(), with_identifiers=True)).decode()))
    assert (row["id"], named["id"]) == ("", "Zyxwvut")


def test_text_is_plain_and_holds_the_answer() -> None:
    text = write_text(material(fake_reading())).decode()
    assert "Bone age (girl): 10 y 4 mo" in text
    assert "\x1b" not in text
    assert "Zyxwvut" not in text
    named = write_text(material(fake_reading(), with_identifiers=True)).decode()
    assert named.startswith("Patient: Zyxwvut, Child, ID Zyxwvut, born 2014-05-31, film of 2025-11-17\n")


def test_text_of_a_refusal_says_why() -> None:
    assert "no hand was found" in write_text(material(fake_refusal())).decode()
