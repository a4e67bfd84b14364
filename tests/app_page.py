"""The page driven as a browser would drive it, with a stand-in for the package's estimator."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st
from fake_reading import fake_reading, fake_unknown_sex
from streamlit.testing.v1 import AppTest

from boneage import estimate
from boneage.result import Reading, SexOfInput

APP = Path(__file__).resolve().parent.parent / "app"
sys.path.insert(0, str(APP))


class FakeEstimator:
    """Answers every film with one of the drawn readings and remembers what it was asked."""

    asked: list[dict[str, Any]]
    by_name: dict[str, Reading]

    def __init__(self, options: Any = None, *, rooms: Any = None) -> None:
        self.method = options.method
        self.calibration = options.calibration

    def estimate_bytes(self, data: bytes, *, listener: Any = None, **question: Any) -> Reading:
        """Note the question and answer it."""
        if listener is not None:
            listener("segment")
        FakeEstimator.asked.append(
            {**question, "method": self.method, "size": len(data), "calibration": self.calibration}
        )
        own = question["chronological_age_months"]
        if question["name"] in FakeEstimator.by_name:
            reading = FakeEstimator.by_name[question["name"]]
        elif question["sex"] not in {"M", "F"}:
            reading = fake_unknown_sex()
        else:
            reading = fake_reading(own=own)
            source = replace(reading.result.input, sex=SexOfInput(question["sex"], "user"))
            reading = replace(reading, result=replace(reading.result, input=source))
        named = replace(reading.result.input, path=question["name"])
        return replace(reading, result=replace(reading.result, input=named))


def _raise(error: Exception) -> None:
    raise error


@contextmanager
def opened_page(monkeypatch: Any) -> Iterator[AppTest]:
    """The page as it opens, with `FakeEstimator` behind it; a film that cannot be shown is an exception of the page."""
    from boneage_page import flow

    monkeypatch.setattr(flow, "film_failed", _raise)
    monkeypatch.setattr(estimate, "Estimator", FakeEstimator)
    FakeEstimator.asked, FakeEstimator.by_name = [], {}
    st.cache_resource.clear()
    page = AppTest.from_file(str(APP / "page.py"), default_timeout=60).run()
    assert not page.exception
    yield page


def upload(page: AppTest, name: str = "film.png", data: bytes = b"bytes of a film") -> AppTest:
    """Give the page a file."""
    return page.file_uploader[0].upload(name, data, "application/octet-stream").run()


def open_panel(page: AppTest, title: str, *, language: str = "en") -> AppTest:
    """Open a panel by the title of its tab."""
    page.session_state[f"panel_{language}"] = title
    page = page.run()
    assert not page.exception
    return page


def words_on(page: AppTest) -> str:
    """All words that the page shows."""
    kinds = ("text", "header", "markdown", "caption", "error", "warning", "info", "success", "code", "subheader")
    parts = [element.value for kind in kinds for element in getattr(page, kind)]
    return " ".join([*parts, *(f"{metric.label} {metric.value}" for metric in page.metric)])


def buttons(page: AppTest) -> dict[str, Any]:
    """The page's buttons by label."""
    return {button.label: button for button in page.button}


def figures(page: AppTest) -> dict[str, dict[str, Any]]:
    """The specifications of the page's plotly charts by what they say to a screen reader."""
    import json

    return {chart.proto.alt: json.loads(chart.proto.spec) for chart in page.get("plotly_chart")}


def stages(page: AppTest) -> dict[str, dict[str, Any]]:
    """The scenes on the page's stages (see `boneage_page.stage`) by what they say to a screen reader."""
    import json

    data = [json.loads(stage.proto.json) for stage in page.get("bidi_component")]
    return {one["words"]["alt"]: one["scene"] for one in data if "scene" in one}


def fields(page: AppTest) -> dict[str, Any]:
    """The page's fields by the first part of their key."""
    kinds = ("radio", "text_input", "number_input", "date_input", "toggle", "slider", "selectbox")
    return {field.key.partition("_")[0]: field for kind in kinds for field in getattr(page, kind) if field.key}
