"""The panel of adult height: what is filled in, what is asked for, and that the numbers are the package's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from app_page import FakeEstimator, buttons, open_panel, opened_page, upload, words_on
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex
from streamlit.testing.v1 import AppTest

from boneage.adult_height.methods import METHODS, predict
from boneage.correction.correction import Correction
from boneage.result import Chronological, ReaderCorrection, Reading

TITLE = "Adult height"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    with opened_page(monkeypatch) as page:
        yield page


def panel_of(opened: AppTest, reading: Reading) -> AppTest:
    FakeEstimator.by_name["film.dcm"] = reading
    return open_panel(upload(opened, "film.dcm"), TITLE)


def field(page: AppTest, label: str) -> Any:
    kinds = ("selectbox", "radio", "text_input", "number_input")
    keyed = [one for kind in kinds for one in getattr(page, kind) if str(one.key).startswith("height_")]
    return next(one for one in keyed if one.label.startswith(label))


def labels(page: AppTest) -> set[str]:
    kinds = ("selectbox", "radio", "text_input", "number_input")
    return {one.label for kind in kinds for one in getattr(page, kind) if str(one.key).startswith("height_")}


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def missing(page: AppTest) -> str:
    return " ".join(box.value for box in page.info if "Not given so far" in box.value)


def test_the_film_fills_in_what_it_says_and_the_rest_is_listed(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading())
    assert field(page, "Bone age").value == "10y4m"
    assert field(page, "Scale").value == "automatic"
    assert field(page, "Sex").value == "F"
    assert field(page, "Chronological age").value == "9y10m"
    assert missing(page) == "Not given so far: Standing height now."
    assert "Predicted adult height" not in metrics(page)
    assert "The automatic bone age of this film: 10 y 4 mo." in words_on(page)
    assert "9 y 10 mo" in [box.value for box in page.caption]


def test_the_method_that_is_not_offered_is_named_with_the_reason(opened: AppTest) -> None:
    said = " ".join(box.value for box in panel_of(opened, fake_reading()).caption)
    assert "Tanner-Whitehouse Mark II (1983)" in said
    assert "no readable equations were found" in said


def test_the_height_its_error_and_its_cells_are_the_packages(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading())
    page = field(page, "Standing height").set_value(140.0).run()
    expected = predict(
        "bayley-pinneau",
        sex="F",
        height_cm=140.0,
        bone_age_months=124.0,
        bone_age_scale="automatic",
        chronological_age_months=118.0,
    )
    assert expected.error is not None
    assert metrics(page)["Predicted adult height"] == f"{expected.predicted_cm:.1f} cm"
    assert metrics(page)["Twice the stated SD"] == f"± {expected.error.two_sd_cm:.1f} cm"
    text = words_on(page)
    assert all(cell.words in text for cell in expected.cells)
    assert all(note in text for note in expected.notes)
    assert expected.reference in text


def test_a_bone_age_typed_over_needs_its_scale(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading())
    page = field(page, "Standing height").set_value(140.0).run()
    page = field(page, "Bone age").set_value("10y6m").run()
    assert field(page, "Scale").value is None
    assert "Scale of the bone age" in missing(page)
    page = field(page, "Scale").set_value("greulich_pyle").run()
    assert metrics(page)["Predicted adult height"] == "158.4 cm"


@pytest.mark.parametrize("key", METHODS)
def test_every_method_asks_for_what_it_takes(opened: AppTest, key: str) -> None:
    from boneage_page.language import table

    page = panel_of(opened, fake_reading())
    page = field(page, "Method").set_value(key).run()
    assert not page.exception
    shown = {label.partition(" (")[0] for label in labels(page)} - {"Method"}
    assert shown == {table("adult_height.fields")[name] for name in METHODS[key].accepted}


def test_khamis_roche_answers_without_a_bone_age(opened: AppTest) -> None:
    page = panel_of(opened, fake_refusal())
    page = field(page, "Method").set_value("khamis-roche").run()
    field(page, "Sex").set_value("M")
    field(page, "Chronological age").set_value("10y")
    for label, value in (("Standing", 138.0), ("Weight", 32.0), ("Mean of both", 170.5)):
        field(page, label).set_value(value)
    page = page.run()
    assert metrics(page)["Predicted adult height"] == "177.2 cm"
    assert "No bone age enters" in words_on(page)


def test_another_scale_is_refused_with_the_packages_words(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading())
    page = field(page, "Method").set_value("tanner-1975").run()
    (box,) = (box for box in page.error if "another scale" in box.value)
    assert "TW2" in box.value or "Tanner-Whitehouse 2" in box.value


def test_an_age_that_needs_a_doubtful_cell_is_refused(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading(own=165.0))
    page = field(page, "Method").set_value("roche-wainer-thissen").run()
    for label, value in (("Standing", 155.0), ("Weight", 45.0), ("Mean of both", 170.0)):
        field(page, label).set_value(value)
    page = page.run()
    assert any("not believed" in box.value and "-0.085" in box.value for box in page.error)
    assert "Predicted adult height" not in metrics(page)


def test_a_height_in_metres_is_explained(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading())
    page = field(page, "Standing height").set_value(1.4).run()
    assert any("not between 40 and 230" in box.value for box in page.error)


def test_what_is_not_of_one_child_is_explained(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading(own=48.0))
    page = field(page, "Method").set_value("roche-wainer-thissen").run()
    field(page, "Standing").set_value(150.0)
    page = field(page, "Recumbent").set_value(170.0).run()
    assert any("recumbent length minus standing height is 20.0 cm" in box.value for box in page.error)
    page = field(page, "Method").set_value("khamis-roche").run()
    for label, value in (("Standing", 200.0), ("Weight", 15.0), ("Mean of both", 165.0)):
        field(page, label).set_value(value)
    page = page.run()
    assert any("more than any height that is taken here.**" in box.value for box in page.error)
    assert "Predicted adult height" not in metrics(page)


@pytest.mark.parametrize("reading", [fake_refusal(), fake_error()])
def test_without_an_answer_a_bone_age_can_be_typed(opened: AppTest, reading: Reading) -> None:
    page = panel_of(opened, reading)
    assert field(page, "Bone age").value == ""
    assert field(page, "Scale").value is None
    page = field(page, "Bone age").set_value("10y6m").run()
    page = field(page, "Chronological age").set_value("10y").run()
    page = field(page, "Scale").set_value("greulich_pyle").run()
    page = field(page, "Standing").set_value(140.0).run()
    if field(page, "Sex").value != "F":
        page = field(page, "Sex").set_value("F").run()
    assert metrics(page)["Predicted adult height"] == "158.4 cm"


def test_of_an_unknown_sex_the_answer_of_the_one_chosen_is_filled_in(opened: AppTest) -> None:
    page = panel_of(opened, fake_unknown_sex())
    assert (field(page, "Sex").value, field(page, "Bone age").value) == (None, "")
    page = field(page, "Sex").set_value("M").run()
    assert field(page, "Bone age").value == "11y8m"


def test_the_readers_final_age_goes_first_and_its_scale_must_be_said(opened: AppTest) -> None:
    reading = fake_reading()
    said = replace(reading.result, reader_correction=ReaderCorrection(final_months=132.0))
    page = panel_of(opened, replace(reading, result=said))
    assert field(page, "Bone age").value == "11y0m"
    assert field(page, "Scale").value is None


def with_final_age(page: AppTest, text: str) -> AppTest:
    """The page with a reader's final age, none where the text is empty, and the panel open again."""
    page = open_panel(page, "Reader's correction")
    page = next(box for box in page.text_input if box.label == "Your final bone age").set_value(text).run()
    return open_panel(buttons(page)["Apply"].click().run(), TITLE)


@pytest.fixture
def corrected_page(opened: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The panel of a girl's film of which a reader said 12 years."""

    def revise(self: FakeEstimator, reading: Reading, correction: Correction) -> Reading:
        said = ReaderCorrection(final_months=correction.final_months)
        return replace(reading, result=replace(reading.result, reader_correction=said))

    monkeypatch.setattr(FakeEstimator, "revise", revise, raising=False)
    return with_final_age(panel_of(opened, fake_reading()), "12y")


def test_the_scale_of_a_readers_age_is_not_carried_to_the_automatic_one(corrected_page: AppTest) -> None:
    page = field(corrected_page, "Method").set_value("tanner-1975").run()
    page = field(page, "Scale").set_value("tw2_rus").run()
    page = field(page, "Standing height").set_value(145.0).run()
    page = field(page, "Menarche").set_value("no").run()
    assert "Predicted adult height" in metrics(page)
    page = with_final_age(page, "")
    assert "The automatic bone age of this film" in words_on(page)
    assert field(page, "Scale").value == "automatic"
    assert any("another scale" in box.value for box in page.error)
    assert "Predicted adult height" not in metrics(page)
    assert field(with_final_age(page, "13y"), "Scale").value == "tw2_rus"


def test_an_age_typed_over_that_of_the_reader_is_not_called_the_readers(corrected_page: AppTest) -> None:
    assert "The reader's final bone age: 12 y 0 mo." in words_on(corrected_page)
    page = with_final_age(field(corrected_page, "Bone age").set_value("11y").run(), "13y")
    assert field(page, "Bone age").value == "11y"
    assert "The reader's final bone age" not in words_on(page)
    assert "11 y 0 mo" in [box.value for box in page.caption]


def test_an_age_in_whole_years_is_not_taken_for_one_to_the_month(opened: AppTest) -> None:
    reading = fake_reading()
    own = replace(reading.result.chronological or Chronological(0.0), months=120.0, in_whole_years=True)
    page = panel_of(opened, replace(reading, result=replace(reading.result, chronological=own)))
    assert field(page, "Chronological age").value == ""
    assert "The file states whole years only (10): the age is needed to the month." in words_on(page)
    page = field(page, "Method").set_value("khamis-roche").run()
    assert "Chronological age" in missing(page)
    page = field(page, "Chronological age").set_value("10y5m").run()
    assert "10 y 5 mo" in [box.value for box in page.caption]
    assert "whole years" not in words_on(page)
    assert "文件只写明整岁（10 岁）" in words_on(in_chinese(field(page, "Chronological age").set_value("").run()))


def test_a_bound_is_not_taken_for_an_age(opened: AppTest) -> None:
    reading = fake_reading()
    age = reading.result.bone_age
    assert age is not None
    grown = replace(age, bound="at_or_above", bound_months=168.0)
    page = panel_of(opened, replace(reading, result=replace(reading.result, bone_age=grown)))
    assert field(page, "Bone age").value == ""
    assert "no more than a bound" in words_on(page)


@pytest.mark.parametrize("own", [118.0, 118.4])
def test_an_age_left_as_filled_in_counts_with_its_whole_precision(opened: AppTest, own: float) -> None:
    page = panel_of(opened, fake_reading(own=own))
    assert field(page, "Chronological age").value == "9y10m"
    page = field(page, "Method").set_value("khamis-roche").run()
    for label, value in (("Standing", 138.0), ("Weight", 32.0), ("Mean of both", 170.5)):
        field(page, label).set_value(value)
    page = page.run()
    given = {"height_cm": 138.0, "weight_kg": 32.0, "midparent_height_cm": 170.5}
    expected = predict("khamis-roche", sex="F", chronological_age_months=own, **given)
    assert metrics(page)["Predicted adult height"] == f"{expected.predicted_cm:.1f} cm"


def in_chinese(page: AppTest) -> AppTest:
    page.selectbox(key="language").set_value("zh").run()
    return open_panel(page, "成年身高", language="zh")


def test_the_panel_speaks_chinese(opened: AppTest) -> None:
    page = in_chinese(panel_of(opened, fake_reading()))
    assert any("尚缺：现身高（站立）" in box.value for box in page.info)
    page = field(page, "现身高").set_value(140.0).run()
    said = [line.value for line in page.text]
    assert any("，第 10-3 行，占成年身高的百分比：" in line for line in said), said
    assert any("按规则用“平均”表：骨龄比生活年龄超前 6.0 个月。" in line for line in said), said
    assert any("美国加州伯克利 192 名健康儿童" in line for line in said), said
    assert not any("children" in line or "Table" in line for line in said if "J Pediatr" not in line), said


def test_refusals_and_wrong_numbers_are_chinese_too(opened: AppTest) -> None:
    page = in_chinese(panel_of(opened, fake_reading()))
    page = field(page, "方法").set_value("tanner-1975").run()
    (box,) = (box.value for box in page.error if "另一种标准" in box.value)
    assert "请按该标准阅片，或选择其他方法。" in box
    page = field(page, "方法").set_value("bayley-pinneau").run()
    page = field(page, "现身高").set_value(1.4).run()
    assert any("现身高为 1.4，不在 40 至 230 cm 之间：请以 cm 为单位填写" in box.value for box in page.error)


def test_khamis_roche_in_chinese_asks_for_no_bone_age(opened: AppTest) -> None:
    page = panel_of(opened, fake_reading())
    page.selectbox(key="language").set_value("zh").run()
    page = open_panel(page, "成年身高", language="zh")
    choice = field(page, "方法")
    assert "Khamis-Roche 1994（不需骨龄）" in choice.options
    page = choice.set_value("khamis-roche").run()
    assert [box.value for box in page.info if "尚缺" in box.value] == ["尚缺：现身高（站立）、体重、父母身高的平均值。"]
    assert not any(label.startswith("骨龄") for label in labels(page))
    for label, value in (("现身高", 138.0), ("体重", 32.0), ("父母", 170.5)):
        field(page, label).set_value(value)
    assert "预测成年身高" in metrics(page.run())
