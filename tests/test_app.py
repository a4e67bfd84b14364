"""The page, driven as a browser would drive it; the package behind it answers from drawn hands."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex
from PIL import Image
from streamlit.testing.v1 import AppTest

from boneage import estimate
from boneage.result import Chronological, Reading, Result, SexOfInput

PROJECT = Path(__file__).resolve().parent.parent


class FakeEstimator:
    """Answers every film with one of the drawn readings and remembers what it was asked."""

    asked: list[dict[str, Any]]
    by_name: dict[str, Reading]

    def __init__(self, options: Any = None, *, rooms: Any = None) -> None:
        self.method = options.method

    def estimate_bytes(self, data: bytes, **question: Any) -> Reading:
        """Note the question and answer it."""
        FakeEstimator.asked.append({**question, "method": self.method, "size": len(data)})
        if question["name"] in FakeEstimator.by_name:
            return FakeEstimator.by_name[question["name"]]
        if question["sex"] not in {"M", "F"}:
            return fake_unknown_sex()
        own = question["chronological_age_months"]
        reading = fake_reading(own=own)
        source = replace(reading.result.input, sex=SexOfInput(question["sex"], "user"))
        return replace(reading, result=replace(reading.result, input=source))


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page as it opens."""
    monkeypatch.setattr(estimate, "Estimator", FakeEstimator)
    FakeEstimator.asked, FakeEstimator.by_name = [], {}
    st.cache_resource.clear()
    opened = AppTest.from_file(str(PROJECT / "app" / "page.py"), default_timeout=60).run()
    assert not opened.exception
    return opened


def upload(page: AppTest, name: str = "film.png", data: bytes = b"bytes of a film") -> AppTest:
    """Give the page a file."""
    return page.file_uploader[0].upload(name, data, "application/octet-stream").run()


def words_on(page: AppTest) -> str:
    """All words that the page shows."""
    kinds = ("markdown", "caption", "error", "warning", "info", "success", "code", "subheader")
    parts = [element.value for kind in kinds for element in getattr(page, kind)]
    return " ".join([*parts, *(f"{metric.label} {metric.value}" for metric in page.metric)])


def buttons(page: AppTest) -> dict[str, Any]:
    """The page's buttons by label."""
    return {button.label: button for button in page.button}


def test_page_opens_with_a_notice_and_reads_nothing(page: AppTest) -> None:
    assert "research use only" in words_on(page)
    assert "Nothing is stored" in words_on(page)
    assert FakeEstimator.asked == []
    assert not page.metric


def test_upload_of_unknown_sex_gives_both_answers(page: AppTest) -> None:
    page = upload(page)
    assert not page.exception
    assert FakeEstimator.asked[0]["sex"] is None
    assert page.radio[0].value == "unknown"
    assert [(m.label, m.value) for m in page.metric if "Bone age" in m.label] == [
        ("Bone age if boy", "11 y 8 mo"),
        ("Bone age if girl", "10 y 4 mo"),
    ]


def test_choosing_a_sex_asks_again_and_gives_one_answer(page: AppTest) -> None:
    page = upload(page)
    page.radio[0].set_value("F").run()
    assert FakeEstimator.asked[-1]["sex"] == "F"
    text = words_on(page)
    for part in ("Bone age (girl) 10 y 4 mo", "9 y 5 mo to 11 y 3 mo", "113 to 135 months", "Both routes"):
        assert part in text


def test_sex_is_taken_from_the_file_where_it_says(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    assert page.radio[0].value == "F"
    assert "The file says: girl." in words_on(page)
    assert [question["sex"] for question in FakeEstimator.asked] == [None]


def test_unknown_said_on_purpose_outranks_the_file(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    page.radio[0].set_value("unknown").run()
    assert FakeEstimator.asked[-1]["sex"] == "unknown"


def test_chronological_age_gives_difference_and_score(page: AppTest) -> None:
    page = upload(page)
    page.radio[0].set_value("F").run()
    assert "SD score" not in [metric.label for metric in page.metric]
    page.text_input[0].set_value("9y10m").run()
    assert FakeEstimator.asked[-1]["chronological_age_months"] == 118.0
    shown = {metric.label: metric.value for metric in page.metric}
    assert (shown["Chronological age"], shown["SD score"]) == ("9 y 10 mo", "+0.6")
    assert any("Usual: within 2 SD" in box.value for box in page.success)


def test_unusual_difference_is_a_warning(page: AppTest) -> None:
    reading = fake_reading()
    late = Chronological(160.0, -36.0, -3.1, "Brush Foundation")
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, chronological=late))
    page = upload(page, "film.dcm")
    assert any("Delayed: more than 2 SD behind" in box.value for box in page.warning)


def test_age_that_is_none_is_explained_and_nothing_is_answered(page: AppTest) -> None:
    page = upload(page)
    before = len(FakeEstimator.asked)
    page.text_input[0].set_value("soon eleven").run()
    assert any("10y4m" in box.value for box in page.error)
    assert len(FakeEstimator.asked) == before
    assert not page.metric


def test_same_question_is_answered_from_memory(page: AppTest) -> None:
    page = upload(page)
    page.run()
    page.run()
    assert len(FakeEstimator.asked) == 1


def test_method_reaches_the_estimator(page: AppTest) -> None:
    page = upload(page)
    page.radio(key="method").set_value("measurement").run()
    assert FakeEstimator.asked[-1]["method"] == "measurement"


def test_spacing_reaches_the_estimator_and_an_absurd_one_is_explained(page: AppTest) -> None:
    page = upload(page)
    page.number_input[0].set_value(0.15).run()
    assert FakeEstimator.asked[-1]["pixel_spacing_mm"] == 0.15
    page.number_input[0].set_value(500.0).run()
    assert any("0.15" in box.value for box in page.error)
    assert FakeEstimator.asked[-1]["pixel_spacing_mm"] == 0.15


def test_tables_of_bones_and_contributions_are_shown(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading(z=-3.4)
    page = upload(page, "film.dcm")
    bones = next(table.value for table in page.dataframe if "Bone" in table.value)
    assert len(bones) == 21
    assert bones["Remark"].eq("unusual length").sum() == 19
    assert "Length (mm)" not in bones
    contributions = next(table.value for table in page.dataframe if "Measurement" in table.value)
    assert contributions["Weight"].is_monotonic_decreasing
    assert any("rsna-train" in caption.value for caption in page.caption)


def test_downloads_are_offered(page: AppTest) -> None:
    page = upload(page)
    labels = [button.label for button in page.get("download_button")]
    assert labels == ["JSON", "CSV", "Overlay picture", "Label map"]


def test_downloads_hold_the_result(page: AppTest) -> None:
    from boneage_page.export import downloads
    from boneage_page.films import Film

    reading = fake_reading()
    made = {file.name: file.make() for file in downloads(Film("a.b.dcm", b"film"), reading)}
    assert list(made) == ["a.b.json", "a.b.csv", "a.b_overlay.png", "a.b_labels.png"]
    assert Result.from_dict(json.loads(made["a.b.json"])).bone_age == reading.result.bone_age
    (row,) = csv.DictReader(io.StringIO(made["a.b.csv"].decode()))
    assert (row["path"], row["bone_age_months"]) == ("drawn.png", "124.0")
    labels = np.asarray(Image.open(io.BytesIO(made["a.b_labels.png"])))
    assert labels.shape == reading.radiograph.pixels.shape  # type: ignore[union-attr]
    assert Image.open(io.BytesIO(made["a.b_overlay.png"])).mode == "RGB"


def test_refusal_is_shown_with_remedy_and_film_but_no_age(page: AppTest) -> None:
    FakeEstimator.by_name["knee.png"] = fake_refusal()
    page = upload(page, "knee.png")
    assert any("No bone age was read" in box.value and "What helps" in box.value for box in page.error)
    assert any("grey levels are nearly flat" in box.value for box in page.warning)
    assert not page.metric
    assert [button.label for button in page.get("download_button")] == ["JSON", "CSV", "Overlay picture"]


def test_unreadable_file_is_explained(page: AppTest) -> None:
    FakeEstimator.by_name["broken.dcm"] = fake_error()
    page = upload(page, "broken.dcm")
    assert not page.exception
    assert any("could not be read" in box.value and "Copy it again" in box.value for box in page.error)
    assert not page.radio


def test_remedies_speak_of_the_page_not_of_the_command_line(page: AppTest) -> None:
    from boneage.result import Reason

    reading = fake_unknown_sex()
    reason = Reason("sex_unknown", "both answers are given", "give it with --sex M", "warning")
    FakeEstimator.by_name["a.png"] = replace(reading, result=replace(reading.result, reasons=(reason,)))
    page = upload(page, "a.png")
    assert "Choose girl or boy above" in words_on(page)
    assert "--sex" not in " ".join(box.value for box in page.warning)


def test_example_film_is_read_with_its_published_sex(page: AppTest) -> None:
    page = buttons(page)["Girl, 8 y 10 mo"].click().run()
    assert FakeEstimator.asked[0]["name"] == "rsna_1406.webp"
    assert FakeEstimator.asked[0]["sex"] == "F"
    assert FakeEstimator.asked[0]["size"] > 10_000
    assert "8 y 10 mo of bone age. It was not used in training." in words_on(page)
    assert page.radio[0].value == "F"


def test_another_film_starts_with_empty_fields(page: AppTest) -> None:
    page = upload(page)
    page.text_input[0].set_value("9y10m").run()
    page = buttons(page)["Boy, 9 y 7 mo"].click().run()
    assert page.text_input[0].value == ""
    assert FakeEstimator.asked[-1]["chronological_age_months"] is None


def test_few_readings_are_kept(page: AppTest) -> None:
    for number in range(5):
        page = upload(page, f"{number}.png", bytes([number]))
    assert len(page.session_state["readings"]) == 4


@pytest.mark.slow
def test_example_film_is_read_by_the_installed_networks() -> None:
    from boneage.software import installed_models

    if not any(model.name.startswith("segment") for model in installed_models()):
        pytest.skip("the segmentation network is not installed")
    st.cache_resource.clear()
    page = AppTest.from_file(str(PROJECT / "app" / "page.py"), default_timeout=300).run()
    page = buttons(page)["Boy, 6 y 6 mo"].click().run()
    assert not page.exception
    assert not page.error, [box.value for box in page.error]
    assert next(metric.value for metric in page.metric if metric.label == "Bone age (boy)")
    assert len(next(table.value for table in page.dataframe if "Bone" in table.value)) > 15
