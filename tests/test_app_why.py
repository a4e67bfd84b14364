"""Why this age: the sentence under the routes, and what the regression looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from app_page import FakeEstimator, buttons, open_panel, opened_page, upload, words_on
from fake_reading import fake_reading
from streamlit.testing.v1 import AppTest

from boneage.correction.correction import Correction
from boneage.report.because import because
from boneage.result import AgeOfBone, Reading, RegionOfRegression

BUTTON = "What the regression looks at"
CORNERS = ((10.0, 10.0), (60.0, 10.0), (60.0, 60.0), (10.0, 60.0))


def reading() -> Reading:
    """The drawn hand, with bones that have ages of their own."""
    made = fake_reading()
    lookup = made.result.estimates.measurement
    assert lookup is not None
    alone = (AgeOfBone("metacarpal_3", 120.0, (100.0, 140.0)), AgeOfBone("distal_phalanx_1", 110.0, (90.0, 130.0)))
    estimates = replace(made.result.estimates, measurement=replace(lookup, bone_ages=alone))
    return replace(made, result=replace(made.result, estimates=estimates))


def explain(self: FakeEstimator, given: Reading, correction: Correction) -> Reading:
    """As the estimator does when it is asked to explain."""
    FakeEstimator.asked.append({"correction": correction, "explain": self.explain})
    direct = given.result.estimates.regression
    assert direct is not None
    regions = (RegionOfRegression("wrist", 6.2, CORNERS), RegionOfRegression("mcp_2", -3.0, CORNERS))
    estimates = replace(given.result.estimates, regression=replace(direct, regions=regions))
    return replace(given, result=replace(given.result, estimates=estimates))


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The panel of both routes."""
    start = FakeEstimator.__init__

    def remember(self: FakeEstimator, options: object = None, *, rooms: object = None) -> None:
        start(self, options, rooms=rooms)
        self.explain = options.explain  # type: ignore[attr-defined]

    monkeypatch.setattr(FakeEstimator, "__init__", remember)
    monkeypatch.setattr(FakeEstimator, "revise", explain, raising=False)
    with opened_page(monkeypatch) as opened:
        FakeEstimator.by_name["film.dcm"] = reading()
        yield open_panel(upload(opened, "film.dcm"), "Both routes")


def test_the_sentence_stands_under_both_routes(page: AppTest) -> None:
    (answer,) = reading().result.answers().values()
    assert because(answer) in words_on(page)
    assert "Metacarpal 3 (middle) (30 % of the weight) alone says 10 y 0 mo" in because(answer)


def test_nothing_is_explained_before_it_is_asked_for(page: AppTest) -> None:
    assert [asked for asked in FakeEstimator.asked if asked.get("explain")] == []
    assert BUTTON in buttons(page)
    assert "rests most on" not in words_on(page)


def test_asked_for_the_picture_stands_beside_its_table(page: AppTest) -> None:
    before = len(page.get("image"))
    page = buttons(page)[BUTTON].click().run()
    assert not page.exception
    assert [asked["explain"] for asked in FakeEstimator.asked if "explain" in asked] == [True]
    assert len(page.get("image")) == before + 1
    regions = next(frame.value for frame in page.dataframe if "Region" in frame.value)
    assert list(regions["Region"]) == ["Wrist", "MCP 2 (index)"]
    assert list(regions["Months"]) == ["+6.2", "−3.0"]
    assert "the regression rests most on Wrist +6, MCP 2 (index) −3 months" in words_on(page)


def test_it_is_asked_once_and_forgotten_with_the_film(page: AppTest) -> None:
    page = buttons(page)[BUTTON].click().run()
    page = open_panel(open_panel(page, "Details"), "Both routes")
    assert len([asked for asked in FakeEstimator.asked if asked.get("explain")]) == 1
    assert BUTTON not in buttons(page)
    FakeEstimator.by_name["other.dcm"] = reading()
    page = upload(page, "other.dcm", b"other")
    assert BUTTON in buttons(page)


def test_the_answer_on_the_page_is_not_touched(page: AppTest) -> None:
    before = [(metric.label, metric.value) for metric in page.metric]
    page = buttons(page)[BUTTON].click().run()
    assert [(metric.label, metric.value) for metric in page.metric] == before
    assert "Corrected by a reader" not in words_on(page)


def test_it_speaks_chinese(page: AppTest) -> None:
    page = buttons(page)[BUTTON].click().run()
    page.selectbox(key="language").set_value("zh").run()
    page = open_panel(page, "两种方法", language="zh")
    text = words_on(page)
    assert "直接回归为10岁6个月，各骨为10岁1个月，依据：" in text
    assert "单独为10岁0个月" in text
    assert "回归主要依据" in text
