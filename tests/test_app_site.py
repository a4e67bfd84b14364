"""A site calibration on the page: given as a file, applied to every film, named with every answer, taken off again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from app_page import FakeEstimator, buttons, fields, opened_page, upload, words_on
from calibrations import made_site
from fake_reading import fake_reading
from streamlit.testing.v1 import AppTest

from boneage.calibration.file import write_calibration
from boneage.options import EstimateOptions
from boneage.result import Calibration, UncalibratedAnswer
from boneage.rooms import InstalledRooms

FIELD = "Site calibration"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page with a film on it."""
    with opened_page(monkeypatch) as opened:
        FakeEstimator.by_name["film.dcm"] = fake_reading()
        yield upload(opened, "film.dcm")


@pytest.fixture
def site_file(tmp_path: Path) -> bytes:
    """A calibration that fits what is installed."""
    path = tmp_path / "site.json"
    write_calibration(made_site(InstalledRooms(EstimateOptions())), path, about={})
    return path.read_bytes()


def give(page: AppTest, content: bytes) -> AppTest:
    """Give the page a calibration."""
    (field,) = (field for field in page.file_uploader if field.label.startswith(FIELD))
    page = field.upload("site.json", content, "application/json").run()
    assert not page.exception
    return page


def test_a_calibration_is_applied_to_the_film_and_to_the_next_and_can_be_taken_off(
    page: AppTest, site_file: bytes
) -> None:
    page = give(page, site_file)
    assert FakeEstimator.asked[-1]["calibration"].name == "Hospital X"
    assert "Site calibration in use: Hospital X" in words_on(page)
    FakeEstimator.by_name["next.dcm"] = fake_reading()
    page = upload(page, "next.dcm", b"another film")
    assert FakeEstimator.asked[-1]["calibration"].name == "Hospital X"
    page = buttons(page)["Take the calibration off"].click().run()
    assert FakeEstimator.asked[-1]["calibration"] is None
    assert "Site calibration in use" not in words_on(page)
    assert any(field.label.startswith(FIELD) for field in page.file_uploader)


def test_every_film_of_the_session_is_read_anew(page: AppTest, site_file: bytes) -> None:
    from boneage_page.shelf import Shelf

    FakeEstimator.by_name["next.dcm"] = fake_reading()
    page = give(upload(page, "next.dcm", b"another film"), site_file)
    films: Shelf = page.session_state["shelf"]
    assert [asked["calibration"].name for asked in FakeEstimator.asked[-2:]] == ["Hospital X"] * 2
    assert {asked["name"] for asked in FakeEstimator.asked[-2:]} == {"film.dcm", "next.dcm"}
    assert films.waiting == []
    assert all(entry.question is not None and entry.question.site for entry in films.entries.values())


@pytest.mark.parametrize("content", [b"{}", b"no json", json.dumps({"kind": "boneage site calibration"}).encode()])
def test_what_is_no_calibration_is_explained_and_not_applied(page: AppTest, content: bytes) -> None:
    asked = len(FakeEstimator.asked)
    page = give(page, content)
    assert any("boneage calibrate" in box.value for box in page.error)
    assert len(FakeEstimator.asked) == asked
    assert page.metric


def test_a_calibration_of_other_networks_is_refused_when_it_is_given(page: AppTest, site_file: bytes) -> None:
    document = json.loads(site_file)
    document["fitted_with"]["models"] = {"segment": "ab" * 32}
    page = give(page, json.dumps(document).encode())
    assert any("other networks" in box.value for box in page.error)
    assert FakeEstimator.asked[-1]["calibration"] is None


def test_a_method_that_the_calibration_lacks_is_explained(page: AppTest, tmp_path: Path) -> None:
    site = made_site(InstalledRooms(EstimateOptions()))
    path = tmp_path / "site.json"
    routes = {name: route for name, route in site.routes.items() if name != "regression"}
    write_calibration(replace(site, routes=routes), path, about={})
    fields(page)["method"].set_value("measurement").run()
    page = give(page, path.read_bytes())
    asked = len(FakeEstimator.asked)
    page = fields(page)["method"].set_value("regression").run()
    assert any("has no correction for: regression" in box.value for box in page.error)
    assert len(FakeEstimator.asked) == asked


def stamped() -> Any:
    """A reading that a calibration has moved by six months."""
    reading = fake_reading()
    age = reading.result.bone_age
    assert age is not None
    before = UncalibratedAnswer(replace(age, months=118.0), reading.result.estimates)
    stamp = Calibration("Hospital *X*", "ab" * 32, "2026-01-31", 50, "offset", before)
    return replace(reading, result=replace(reading.result, calibration=stamp))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Corrected (site calibration Hospital", "50 local films", "as it was read", "9 y 10 mo")),
        ("zh", ("已按本院校准", "该性别 50 张片", "校正前为9岁10个月")),
    ],
)
def test_the_answer_names_the_calibration_and_the_age_before_it(
    monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    with opened_page(monkeypatch) as opened:
        FakeEstimator.by_name["film.dcm"] = stamped()
        page = upload(opened, "film.dcm")
        page = page.selectbox(key="language").set_value(language).run()
        assert not page.exception
        text = words_on(page)
        assert all(word in text for word in words), text
        assert r"Hospital \*X\*" in text
