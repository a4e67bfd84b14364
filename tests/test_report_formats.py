"""The registry of report formats: the one list behind the command, its help and the documents."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from dicom_films import film_of
from fake_reading import fake_error, fake_reading, fake_refusal
from report_material import MADE, material

from boneage.errors import UsageError
from boneage.report.formats import FORMAT_NAMES, FORMATS, Format, format_named
from boneage.report.material import material_of
from boneage.result import ReaderCorrection, Reading, SexOfInput


def test_the_formats_are_those_asked_for() -> None:
    wanted = "pdf|dicom-sr|dicom-sc|dicom-pdf|dicom-seg|fhir|json|csv|text|growth-api"
    assert "|".join(FORMAT_NAMES) == wanted
    endings = [entry.ending for entry in FORMATS]
    assert len(set(endings)) == len(endings)
    assert ".json" not in endings  # predict's own file, which must not be overwritten


@pytest.mark.parametrize("entry", FORMATS, ids=FORMAT_NAMES)
def test_every_writer_is_there(entry: Format) -> None:
    module, _, function = entry.writer.partition(":")
    assert callable(getattr(import_module(f"boneage.report.{module}"), function))


def test_the_dicom_writers_are_there() -> None:
    if importlib.util.find_spec("boneage.report.dicom") is None:
        pytest.skip("the DICOM writers are not installed")
    package = import_module("boneage.report.dicom")
    names = ("structured_report", "secondary_capture", "encapsulated_pdf", "bone_segmentation")
    assert [name for name in names if not callable(getattr(package, name, None))] == []


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        format_named("word")
    assert caught.value.code == "unknown_report_format"
    assert "growth-api" in caught.value.remedy


def test_what_a_format_lacks_is_said_before_it_is_written() -> None:
    bare = material_of(Reading(fake_reading().result), made=MADE)
    raster = material_of(fake_reading(), made=MADE)
    for entry in FORMATS:
        if entry.needs_film:
            with pytest.raises(UsageError) as caught:
                entry.write(bare)
            assert caught.value.code == "report_needs_film"
        if entry.needs_dicom:
            with pytest.raises(UsageError) as caught:
                entry.write(raster)
            assert caught.value.code == "report_needs_dicom"
        if entry.needs_answer or entry.needs_age:
            with pytest.raises(UsageError) as caught:
                entry.write(material(fake_refusal()))
            assert caught.value.code == "report_needs_answer"


def test_what_needs_no_answer_is_written_of_every_film() -> None:
    for entry in FORMATS:
        for reading in (fake_refusal(), fake_error()):
            if not entry.says_nothing_of(reading):
                given = material_of(reading, source=film_of(reading), made=MADE)
                assert entry.write(given), entry.name


def test_a_readers_age_of_a_refused_film_is_one_for_a_chart() -> None:
    refused = fake_refusal()
    said = replace(refused.result, reader_correction=ReaderCorrection(final_months=132.0))
    read = replace(refused, result=replace(said, input=replace(said.input, sex=SexOfInput("F", "user"))))
    assert json.loads(format_named("growth-api").write(material(read)))["bone_age"] == 11.0
    with pytest.raises(UsageError) as caught:
        format_named("dicom-seg").write(material(read))
    assert caught.value.code == "report_needs_answer"


def test_a_refused_film_still_has_a_picture_and_one_that_could_not_be_read_has_none() -> None:
    capture = format_named("dicom-sc")
    assert not capture.says_nothing_of(fake_refusal())
    assert capture.says_nothing_of(fake_error())
    with pytest.raises(UsageError) as caught:
        capture.write(material(fake_error()))
    assert caught.value.code == "report_needs_answer"


def test_the_registry_imports_no_writer() -> None:
    code = (
        "import sys, boneage.report.formats\n"
        "print([m for m in ('numpy', 'reportlab', 'pydicom', 'highdicom', 'rich') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_document_lists_every_format(project_root: Path) -> None:
    text = (project_root / "docs" / "reports.md").read_text()
    rows = dict(re.findall(r"^\| `([\w-]+)` \| `([\w.]+)` \|", text, flags=re.MULTILINE))
    assert rows == {entry.name: entry.ending for entry in FORMATS}
