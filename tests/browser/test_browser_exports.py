"""Every file that the page offers is downloaded and says what the page says."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pydicom
import pytest
from dicom_films import below, groups_of, value_of
from page_driver import Page, example, texts
from PIL import Image
from report_material import pdf_text

from boneage.report.formats import FORMATS
from boneage.report.letter import letter
from boneage.report.speech import Speech
from boneage.report.wording import age_words
from boneage.result import Result

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

EXPORT = texts("export")


def test_every_export_of_a_dicom_film_says_what_the_page_says(page: Page, tmp_path: Path) -> None:
    film = example("synthetic.dcm")
    source = pydicom.dcmread(film)
    page.upload(film)
    shown = page.wait(lambda state: state.metrics and not state.busy, "the answer")
    page.open_panel("export")
    files = {entry.name: page.download(EXPORT["formats"][entry.name], tmp_path / entry.name) for entry in FORMATS}
    said = json.loads(files["json"].read_text(encoding="utf-8"))
    age = age_words(said["bone_age"]["months"])
    months = said["bone_age"]["months"]
    assert age in shown.metrics.values()
    assert f"{months:.1f} months" in shown.text
    assert " ".join(letter(Result.from_dict(said), Speech()).split()) in page.state.text

    (row,) = csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig")))
    assert float(row["bone_age_months"]) == pytest.approx(months, abs=0.06)
    assert age in files["text"].read_text(encoding="utf-8")
    assert age in pdf_text(files["pdf"].read_bytes())
    assert age in files["fhir"].read_text(encoding="utf-8")
    growth = json.loads(files["growth-api"].read_text(encoding="utf-8"))
    assert growth["bone_age"] == pytest.approx(months / 12, abs=0.001)
    group = groups_of(pydicom.dcmread(files["dicom-sr"]))["bone age"]
    (number,) = below(group, "85151-9")
    assert value_of(number) == (pytest.approx(months, abs=0.006), "mo")
    within = pdf_text(pydicom.dcmread(files["dicom-pdf"]).EncapsulatedDocument)
    assert age in within
    assert f"{months:.1f} months" in within
    assert EXPORT["dicom"] in page.state.text
    for name in ("dicom-sr", "dicom-sc", "dicom-pdf", "dicom-seg"):
        written = pydicom.dcmread(files[name])
        assert written.StudyInstanceUID == source.StudyInstanceUID
    with Image.open(page.download(EXPORT["labels"], tmp_path / "labels")) as labels:
        assert labels.size == (said["input"]["columns"], said["input"]["rows"])
    with Image.open(page.download(EXPORT["overlay"], tmp_path / "overlay")) as overlay:
        assert min(overlay.size) > 500
    assert "synthetic" not in " ".join(path.name for path in files.values())


def test_a_dicom_file_that_breaks_off_is_explained_and_each_export_that_is_offered_comes(
    page: Page, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.dcm"
    data = example("synthetic.dcm").read_bytes()
    broken.write_bytes(data[: len(data) // 2])
    page.upload(broken)
    shown = page.wait(lambda state: state.alerts and not state.busy, "the file is not readable")
    assert texts("glance")["failed"] in shown.alerts[0]
    page.open_panel("export")
    text = page.wait_for_words(EXPORT["systems"]).text
    offered = [name for name, label in EXPORT["formats"].items() if f"download {label}" in text]
    assert {"json", "csv"} <= set(offered)
    for name in offered:
        assert page.download(EXPORT["formats"][name], tmp_path / name).stat().st_size


def test_a_film_that_is_no_dicom_offers_no_dicom(browser: Page) -> None:
    page = browser.show(example("rsna_1744.webp"))
    page.open_panel("export")
    shown = page.wait_for_words(EXPORT["systems"]).text
    assert EXPORT["formats"]["json"] in shown
    assert EXPORT["formats"]["dicom-sr"] not in shown
