"""The page for one film: the fields, the answer at a glance, the refusal, the film, the languages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from app_page import (
    APP,
    FakeEstimator,
    buttons,
    fields,
    open_panel,
    opened_page,
    stages,
    upload,
    words_on,
)
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex
from make_dicom import SECRET
from streamlit.testing.v1 import AppTest

from boneage import estimate
from boneage.result import Chronological, Reason

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "films"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as it opens."""
    with opened_page(monkeypatch) as opened:
        yield opened


def test_page_opens_with_a_notice_and_reads_nothing(page: AppTest) -> None:
    assert "research use only" in words_on(page)
    assert "Nothing is stored" in words_on(page)
    assert FakeEstimator.asked == []
    assert not page.metric


def test_upload_of_unknown_sex_gives_both_answers(page: AppTest) -> None:
    page = upload(page)
    assert not page.exception
    assert FakeEstimator.asked[0]["sex"] is None
    assert fields(page)["sex"].value == "unknown"
    assert [(m.label, m.value) for m in page.metric if "Bone age" in m.label] == [
        ("Bone age if boy", "11 y 8 mo"),
        ("Bone age if girl", "10 y 4 mo"),
    ]


def test_choosing_a_sex_asks_again_and_gives_one_answer(page: AppTest) -> None:
    page = upload(page)
    fields(page)["sex"].set_value("F").run()
    assert FakeEstimator.asked[-1]["sex"] == "F"
    text = words_on(page)
    for part in (
        "Bone age (girl) 10 y 4 mo",
        "9 y 5 mo to 11 y 3 mo",
        "113 to 135",
        "The two routes agree",
        "rsna-train",
    ):
        assert part in text


def test_chronological_age_gives_difference_and_score(page: AppTest) -> None:
    page = upload(page)
    fields(page)["sex"].set_value("F").run()
    assert "SD score" not in [metric.label for metric in page.metric]
    assert "chronological age (no SD score)" in words_on(page)
    fields(page)["age"].set_value("9y10m").run()
    assert FakeEstimator.asked[-1]["chronological_age_months"] == 118.0
    shown = {metric.label: metric.value for metric in page.metric}
    assert (shown["Chronological age"], shown["Difference"], shown["SD score"]) == ("9 y 10 mo", "+6 mo", "+0.6")
    assert any("Usual: 6 mo ahead of chronological age, within 2 SD." in box.value for box in page.success)
    assert "Brush Foundation" in words_on(page)
    assert "chronological age (no SD score)" not in words_on(page)


def test_a_film_that_cannot_be_shown_leaves_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from boneage_page import flow

    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    told = flow.film_failed
    with opened_page(monkeypatch) as page:
        upload(page)
        monkeypatch.setattr(flow, "show_missing", fail)
        assert page.run().exception  # A test sees what a person is only told of.
        monkeypatch.setattr(flow, "film_failed", told)
        page.run()
    assert not page.exception
    assert any("This film could not be shown (ValueError)" in box.value for box in page.error)
    assert SECRET not in words_on(page)


def test_unusual_difference_is_a_warning(page: AppTest) -> None:
    reading = fake_reading()
    late = Chronological(160.0, -36.0, -3.1, "Brush Foundation")
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, chronological=late))
    page = upload(page, "film.dcm")
    assert any("Delayed: 3 y 0 mo behind chronological age, more than 2 SD." in box.value for box in page.warning)


def test_grown_hand_has_a_bound_and_no_false_precision(page: AppTest) -> None:
    reading = fake_reading(own=None)
    assert reading.result.bone_age is not None
    bound = replace(reading.result.bone_age, bound="at_or_above", bound_months=168.0)
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, bone_age=bound))
    page = upload(page, "film.dcm")
    assert page.metric[0].value == "at or above 14 y 0 mo"
    assert "10 y 4 mo" not in words_on(page).replace("10 y 6 mo", "")
    assert "at or above 168 months" in words_on(page)


def test_routes_that_differ_are_said_to(page: AppTest) -> None:
    reading = fake_reading()
    routes = reading.result.estimates
    assert routes.regression is not None
    apart = replace(routes.regression, months=180.0, interval_95=(170.0, 190.0))
    result = replace(reading.result, estimates=replace(routes, regression=apart))
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=result)
    assert "The two routes differ" in words_on(upload(page, "film.dcm"))


def test_failed_checks_are_named(page: AppTest) -> None:
    from boneage.result import Check, Quality

    reading = fake_reading()
    poor = Quality((Check("joint_confidence", True, 0.9, 0.8), Check("edge_sharpness", False, 0.1, 0.3)))
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, quality=poor))
    assert "1 of 2 checks leave a doubt: edge sharpness" in words_on(upload(page, "film.dcm"))


def test_same_question_is_answered_from_memory(page: AppTest) -> None:
    page = upload(page)
    page.run()
    page.run()
    assert len(FakeEstimator.asked) == 1


def film_on(page: AppTest) -> dict[str, Any]:
    """The film with its outlines, as it is shown."""
    (film,) = (scene for alt, scene in stages(page).items() if "21 bones outlined" in alt)
    return film


def test_film_has_layers_and_the_original_is_one_click_off(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    parts = {shape["part"] for shape in film_on(page)["shapes"]}
    assert {"metacarpal_3", "metacarpal_3_epiphysis", "carpals"} <= parts
    page.button_group(key="layers").set_value(["axes"]).run()
    parts = {shape["part"] for shape in film_on(page)["shapes"]}
    assert "metacarpal_3.axis" in parts
    assert "metacarpal_3" not in parts
    fields(page)["original"].set_value(True).run()
    assert stages(page)["The radiograph as it came."]["shapes"] == []


def test_layers_and_grey_levels_leave_the_film_the_same_element_with_the_same_first_view(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")

    def element() -> tuple[str, Any]:
        (stage,) = (one for one in page.get("bidi_component") if "scene" in one.proto.json)
        return stage.proto.id, film_on(page)["view"]

    before = element()  # The browser keeps zoom and place of an element for as long as both stay.
    page.button_group(key="layers").set_value(["axes"]).run()
    assert element() == before
    fields(page)["level"].set_value(80).run()
    assert element() == before


def test_window_changes_the_picture_and_can_be_undone(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    before, own = film_on(page)["source"], fields(page)["level"].value
    fields(page)["level"].set_value(80).run()
    assert film_on(page)["source"] != before
    buttons(page)["Back to the film's own"].click().run()
    assert film_on(page)["source"] == before
    assert fields(page)["level"].value == own


def test_the_levels_of_a_closed_popover_are_said_anew_with_every_run(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    page.button_group(key="layers").set_value(["axes"]).run()
    for name in ("level", "width"):
        assert fields(page)[name].proto.set_value  # Else the slider opens at its least value.


def test_refusal_is_shown_with_remedy_and_film_but_no_age(page: AppTest) -> None:
    FakeEstimator.by_name["knee.png"] = fake_refusal()
    page = upload(page, "knee.png")
    assert any("No bone age was read" in box.value and "What helps" in box.value for box in page.error)
    assert any("grey levels are nearly flat" in box.value for box in page.warning)
    assert not page.metric
    assert "The radiograph as it came." in stages(page)


def test_unreadable_file_is_explained(page: AppTest) -> None:
    FakeEstimator.by_name["broken.dcm"] = fake_error()
    page = upload(page, "broken.dcm")
    assert not page.exception
    assert any("could not be read" in box.value and "Copy it again" in box.value for box in page.error)
    assert not {"sex", "way", "method"} & set(fields(page))


def test_remedies_speak_of_the_page_not_of_the_command_line(page: AppTest) -> None:
    reading = fake_unknown_sex()
    reason = Reason("sex_unknown", "both answers are given", "give it with --sex M", "warning")
    FakeEstimator.by_name["a.png"] = replace(reading, result=replace(reading.result, reasons=(reason,)))
    page = upload(page, "a.png")
    assert "Choose girl or boy" in words_on(page)
    assert "--sex" not in " ".join(box.value for box in page.warning)


def test_example_film_is_read_with_its_published_sex(page: AppTest) -> None:
    page = buttons(page)["Girl, 8 y 10 mo"].click().run()
    assert FakeEstimator.asked[0]["name"] == "rsna_1406.webp"
    assert FakeEstimator.asked[0]["sex"] == "F"
    assert FakeEstimator.asked[0]["size"] > 10_000
    assert "8 y 10 mo of bone age. It was not used in training." in words_on(page)
    assert fields(page)["sex"].value == "F"


def test_page_speaks_chinese_when_told_to(page: AppTest) -> None:
    page = upload(page)
    fields(page)["sex"].set_value("F").run()
    fields(page)["age"].set_value("9y10m").run()
    page.selectbox(key="language").set_value("zh").run()
    assert not page.exception
    text = words_on(page)
    for part in (
        "骨龄（女） 10岁4个月",
        "95% 区间：9岁5个月至11岁3个月",
        "生活年龄 9岁10个月",
        "标准差",
        "正常范围",
        "仅供研究使用",
    ):
        assert part in text
    assert "Bone age" not in text


def test_every_panel_opens_in_every_language(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from boneage_page.panels import PANELS

    from boneage.texts import TEXTS

    page = upload(page)
    for language in ("en", "zh"):
        page.selectbox(key="language").set_value(language).run()
        # Between the runs the stand-in for the browser asks for the names of choices, outside of any session.
        for name, module in list(sys.modules.items()):
            if name.startswith("boneage_page") and hasattr(module, "current"):
                monkeypatch.setattr(module, "current", lambda language=language: language)
        for panel in PANELS:
            page = open_panel(page, TEXTS.table(language, "page.panels")[panel.name], language=language)
            assert not page.error, [box.value for box in page.error]
        monkeypatch.undo()
        monkeypatch.setattr(estimate, "Estimator", FakeEstimator)


def test_panel_that_fails_leaves_the_answer_and_tells_no_details(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boneage_page import flow
    from boneage_page.panels import Panel, Shown

    def fail(shown: Shown) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(flow, "PANELS", (Panel("growth", fail),))
    page = upload(page)
    assert page.metric[0].value == "11 y 8 mo"
    assert any("ValueError" in box.value for box in page.error)
    assert SECRET not in words_on(page)


@pytest.mark.slow
def test_example_film_is_read_by_the_installed_networks() -> None:
    from boneage.software import installed_models

    if not any(model.name.startswith("segment") for model in installed_models()):
        pytest.skip("the segmentation network is not installed")
    st.cache_resource.clear()
    page = AppTest.from_file(str(APP / "page.py"), default_timeout=300).run()
    page = buttons(page)["Boy, 6 y 6 mo"].click().run()
    assert not page.exception
    assert not page.error, [box.value for box in page.error]
    assert next(metric.value for metric in page.metric if metric.label == "Bone age (boy)")
    assert any("bones outlined" in alt for alt in stages(page))
