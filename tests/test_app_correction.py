"""The panel of the reader's correction: what it asks, what is applied, what the page then shows, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from app_page import FakeEstimator, buttons, fields, open_panel, opened_page, stages, upload, words_on
from fake_reading import fake_reading, fake_refusal
from streamlit.testing.v1 import AppTest

from boneage.correction.correction import PARTS, Correction
from boneage.errors import Refusal
from boneage.held_against import held_against_standard
from boneage.reference.standards import BRUSH
from boneage.result import BoneAge, Chronological, MovedBone, ReaderCorrection, Reading, refused

TITLE = "Reader's correction"


def revise(self: FakeEstimator, reading: Reading, correction: Correction) -> Reading:
    """As the estimator does: another age, and the record."""
    FakeEstimator.asked.append({"correction": correction})
    before = reading.result.bone_age
    assert before is not None
    moved = tuple(MovedBone(bone, ends, ((0.0, 0.0), (9.0, 9.0))) for bone, ends in correction.moved.items())
    own, final, held = reading.result.chronological, correction.final_months, None
    if own is not None and final is not None:
        held = {"F": Chronological(own.months, final - own.months, (final - own.months) / 10, "Brush Foundation")}
    record = ReaderCorrection(
        moved, correction.excluded, final, correction.comment, correction.reader, {"F": before}, held
    )
    age = BoneAge(136.0, (126.0, 146.0), "combined") if moved or correction.excluded else before
    return replace(reading, result=replace(reading.result, bone_age=age, reader_correction=record))


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page with the panel open on a girl's film."""
    monkeypatch.setattr(FakeEstimator, "revise", revise, raising=False)
    with opened_page(monkeypatch) as opened:
        FakeEstimator.by_name["film.dcm"] = fake_reading()
        yield open_panel(upload(opened, "film.dcm"), TITLE)


def number(page: AppTest, label: str) -> Any:
    return next(field for field in page.number_input if field.label == label)


def placing(page: AppTest) -> dict[str, Any]:
    (scene,) = (scene for alt, scene in stages(page).items() if "with its two ends" in alt)
    return scene


def typed(page: AppTest, label: str) -> Any:
    return next(field for field in page.text_input if field.label == label)


def answer(page: AppTest) -> str:
    return str(page.metric[0].value)


def shown_digest(page: AppTest) -> str:
    return str(page.session_state["shelf"].chosen)


def last_correction() -> Correction:
    return FakeEstimator.asked[-1]["correction"]  # type: ignore[no-any-return]


def test_the_ends_found_are_shown_as_numbers_and_on_the_film(page: AppTest) -> None:
    found = next(bone for bone in fake_reading().result.bones if bone.bone == "metacarpal_1").endpoints
    assert number(page, "Proximal end: x (px)").value == pytest.approx(found[0][0])
    assert number(page, "Distal end: y (px)").value == pytest.approx(found[1][1])
    assert [handle["x"] for handle in placing(page)["handles"]] == pytest.approx([found[0][0], found[1][0]])
    assert buttons(page)["This bone as found"].proto.disabled
    assert [asked for asked in FakeEstimator.asked if "correction" in asked] == []


def test_a_typed_end_is_drawn_at_once_and_counts_only_once_applied(page: AppTest) -> None:
    before = answer(page)
    page = number(page, "Distal end: y (px)").set_value(111.0).run()
    scene = placing(page)
    assert [shape["part"] for shape in scene["shapes"]] == ["before"]
    assert scene["handles"][1]["y"] == 111.0
    assert answer(page) == before
    page = buttons(page)["Apply"].click().run()
    assert not page.exception
    correction = last_correction()
    assert list(correction.moved) == ["metacarpal_1"]
    assert correction.moved["metacarpal_1"][1][1] == 111.0
    assert answer(page) == "11 y 4 mo"
    text = words_on(page)
    assert "Ends moved: Metacarpal 1 (thumb)" in text
    assert "Program's answer before: 10 y 4 mo" in text


def test_a_bone_can_be_put_back_before_anything_is_applied(page: AppTest) -> None:
    page = number(page, "Distal end: y (px)").set_value(111.0).run()
    page = buttons(page)["This bone as found"].click().run()
    assert number(page, "Distal end: y (px)").value != 111.0
    page = buttons(page)["Apply"].click().run()
    assert [asked for asked in FakeEstimator.asked if "correction" in asked] == []


def test_parts_left_out_final_age_comment_and_initials_are_applied_and_exported(page: AppTest) -> None:
    page.multiselect[0].set_value(["carpals", "ulna"]).run()
    typed(page, "Your final bone age").set_value("11y").run()
    typed(page, "Comment").set_value("cast *here*").run()
    typed(page, "Your initials").set_value("AB").run()
    page = buttons(page)["Apply"].click().run()
    assert last_correction() == Correction({}, ("carpals", "ulna"), 132.0, "cast *here*", "AB")
    text = words_on(page)
    assert "Reader's final bone age (AB): 11 y 0 mo" in text
    assert "Left out: Carpals, Ulna" in text
    assert "cast *here*" in text
    page = open_panel(page, "Exports")
    assert any("Reader's final bone age 11 y 0 mo (AB); automatic: bone age" in box.value for box in page.code)


def test_the_fields_outlive_a_look_at_another_panel(page: AppTest) -> None:
    page.multiselect[0].set_value(["ulna"]).run()
    typed(page, "Comment").set_value("look again").run()
    page = open_panel(open_panel(page, "Details"), TITLE)
    assert page.multiselect[0].value == ["ulna"]
    assert typed(page, "Comment").value == "look again"


def test_an_age_that_is_none_is_explained_and_nothing_is_applied(page: AppTest) -> None:
    typed(page, "Your final bone age").set_value("soon eleven").run()
    page = buttons(page)["Apply"].click().run()
    assert any("10y4m" in box.value for box in page.error)
    typed(page, "Your final bone age").set_value("24y").run()
    page = buttons(page)["Apply"].click().run()
    assert any("outside 0 to 240" in box.value for box in page.error)
    assert [asked for asked in FakeEstimator.asked if "correction" in asked] == []


def test_reset_brings_the_programs_answer_back(page: AppTest) -> None:
    before = answer(page)
    page.multiselect[0].set_value(["ulna"]).run()
    page = buttons(page)["Apply"].click().run()
    assert answer(page) != before
    page = buttons(page)["Reset to the program's answer"].click().run()
    assert answer(page) == before
    assert page.multiselect[0].value == []
    assert "Program's answer before" not in words_on(page)


def test_a_correction_that_leaves_too_little_can_be_taken_back(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    before, bones = answer(page), page.selectbox(key=f"correct_bone_{shown_digest(page)}").options

    def refuse(self: FakeEstimator, reading: Reading, correction: Correction) -> Reading:
        error = Refusal("too_little_left", "fewer than 5 bones are left", remedy="leave out fewer bones")
        found = refused(reading.result.input, error)
        return replace(reading, result=replace(found, reader_correction=ReaderCorrection(excluded=correction.excluded)))

    monkeypatch.setattr(FakeEstimator, "revise", refuse)
    page.multiselect[0].set_value(list(PARTS)).run()
    page = buttons(page)["Apply"].click().run()
    assert not page.exception
    assert "fewer than 5 bones" in " ".join(box.value.lower() for box in page.error)
    assert TITLE in [tab.label for tab in page.tabs]
    assert page.selectbox(key=f"correct_bone_{shown_digest(page)}").options == bones
    page = buttons(page)["Reset to the program's answer"].click().run()
    assert not page.exception
    assert answer(page) == before
    assert open_panel(page, TITLE).multiselect[0].value == []


def test_an_end_off_the_film_is_neither_shown_nor_applied(page: AppTest) -> None:
    seen = placing(page)
    page = number(page, "Distal end: x (px)").set_value(99999.0).run()
    assert placing(page)["handles"] == seen["handles"]
    page = buttons(page)["Apply"].click().run()
    assert any("off the film, which has" in box.value and "Metacarpal 1 (thumb)" in box.value for box in page.error)
    assert [asked for asked in FakeEstimator.asked if "correction" in asked] == []
    page = buttons(page)["This bone as found"].click().run()
    assert not page.error


def test_the_same_correction_is_not_computed_again(page: AppTest) -> None:
    page.multiselect[0].set_value(["ulna"]).run()
    page = buttons(page)["Apply"].click().run()
    page = open_panel(open_panel(page, "Details"), TITLE).run()
    assert len([asked for asked in FakeEstimator.asked if "correction" in asked]) == 1


def test_a_correction_belongs_to_its_film(page: AppTest) -> None:
    page.multiselect[0].set_value(["ulna"]).run()
    page = buttons(page)["Apply"].click().run()
    FakeEstimator.by_name["other.dcm"] = fake_reading()
    page = upload(page, "other.dcm", b"another film")
    assert "Program's answer before" not in words_on(page)
    assert page.multiselect[0].value == []


def test_what_the_browser_says_was_placed_is_a_point_or_nothing() -> None:
    from boneage_page.panels.correction import placed
    from boneage_page.stage import placed_point

    assert placed_point({"handle": 1, "x": 14.26, "y": 88}, 2) == (1, (14.26, 88.0))
    for said in (
        None,
        {},
        {"handle": 2, "x": 1, "y": 1},
        {"handle": 0, "x": None, "y": 1},
        {"handle": True, "x": 1, "y": 1},
    ):
        assert placed_point(said, 2) is None
    ends = ((10.0, 90.0), (12.0, 20.0))
    assert placed(ends, 0, 14.26, 88) == ((14.3, 88.0), (12.0, 20.0))
    assert placed(ends, 1, 13, 22.5) == ((10.0, 90.0), (13.0, 22.5))


def test_a_film_without_bones_has_no_such_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened_page(monkeypatch) as opened:
        FakeEstimator.by_name["knee.png"] = fake_refusal()
        page = upload(opened, "knee.png")
        assert TITLE not in [tab.label for tab in page.tabs]


def test_the_panel_and_the_notice_speak_chinese(page: AppTest) -> None:
    page.multiselect[0].set_value(["carpals"]).run()
    page = buttons(page)["Apply"].click().run()
    page.selectbox(key="language").set_value("zh").run()
    text = words_on(page)
    assert "未计入：腕骨" in text
    assert "程序原结果：10岁4个月" in text
    page = open_panel(page, "导出", language="zh")
    assert any("未计入：腕骨。" in box.value for box in page.code)
    page = open_panel(page, "阅片者修改", language="zh")
    assert "应用" in buttons(page)
    assert fields(page)


def settled_on(page: AppTest, age: str, reader: str = "AB") -> AppTest:
    """The page once a reader has set a final age."""
    typed(page, "Your final bone age").set_value(age).run()
    typed(page, "Your initials").set_value(reader).run()
    page = buttons(page)["Apply"].click().run()
    assert not page.exception
    return page


def verdicts(page: AppTest) -> list[str]:
    return [box.value for kind in ("success", "warning", "info") for box in getattr(page, kind)]


def test_without_a_readers_age_nothing_is_named_automatic_and_the_verdict_is_one_line(page: AppTest) -> None:
    assert page.metric[0].label == "Bone age (girl)"
    assert "Usual: 6 mo ahead of chronological age, within 2 SD." in verdicts(page)
    assert "utomatic" not in words_on(page)


def test_the_age_that_a_reader_sets_goes_first_with_its_own_verdict(page: AppTest) -> None:
    page = settled_on(page, "15y")
    shown = [(metric.label, metric.value) for metric in page.metric]
    assert shown[:4] == [
        ("Bone age set by the reader (AB)", "15 y 0 mo"),
        ("Chronological age", "9 y 10 mo"),
        ("Difference", "+62 mo"),
        ("SD score", "+6.2"),
    ]
    assert shown[4] == ("Automatic bone age (girl)", "10 y 4 mo")
    said = verdicts(page)
    assert "Advanced: 5 y 2 mo ahead of chronological age, more than 2 SD." in said
    assert "Automatic: Usual: 6 mo ahead of chronological age, within 2 SD." in said
    assert not [text for text in said if text.startswith("Usual")]
    intervals = [text.value for text in page.markdown if "95 % interval" in text.value]
    assert intervals
    assert all("Automatic: " in text for text in intervals)


def test_the_growth_chart_and_its_sentence_speak_of_the_readers_age(page: AppTest) -> None:
    page = open_panel(settled_on(page, "15y"), "Growth chart")
    text = words_on(page)
    score = held_against_standard(180.0, 118.0, "F", BRUSH).chronological.sds
    said = "the bone age set by the reader is 15 y 0 mo, 5 y 2 mo ahead of chronological age; SD score"
    assert f"{said} {score:+.1f} by Brush" in text
    assert "Automatic: At a chronological age of 9 y 10 mo the bone age is 10 y 4 mo (95 %" in text
    page = open_panel(page, "Both routes")
    assert "Automatic answer" in page.dataframe[0].value.to_string()


def test_in_the_table_of_films_the_readers_age_goes_first(page: AppTest) -> None:
    from boneage_page.films_table import FIGURE_SPACE, answer_cells
    from boneage_page.several import fits

    settled_on(page, "15y")
    entry = next(iter(page.session_state["shelf"].entries.values()))
    assert fits(entry, "beyond")
    cells = answer_cells(entry.result, by_sex=False)
    assert cells["bone_age"].replace(FIGURE_SPACE, "") == "15 y 0 mo (reader); automatic 10 y 4 mo"
    assert (cells["months"], cells["difference"], cells["sds"]) == (180.0, 62.0, 6.2)


def test_the_age_that_a_reader_sets_is_named_in_chinese_too(page: AppTest) -> None:
    page = settled_on(page, "15y")
    page.selectbox(key="language").set_value("zh").run()
    assert page.metric[0].label == "阅片者设定的骨龄（AB）"
    assert page.metric[4].label == "自动骨龄（女）"
    said = verdicts(page)
    assert "超前：骨龄比生活年龄超前5岁2个月，超过 2 SD。" in said
    assert "自动结果：正常范围：骨龄比生活年龄超前6个月，在 2 SD 以内。" in said
    page = open_panel(page, "生长曲线", language="zh")
    assert "阅片者设定的骨龄为15岁0个月" in words_on(page)
