"""The panel of earlier visits: files and films are taken in, what cannot be used is explained, the change is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from app_page import FakeEstimator, buttons, figures, open_panel, opened_page, upload, words_on
from fake_reading import fake_reading, fake_refusal, fake_unknown_sex
from streamlit.testing.v1 import AppTest

from boneage.follow_up import Change, change, visit_of
from boneage.reference.standards import BRUSH, GREULICH_PYLE_1959, skeletal_age_sds
from boneage.report.wording import signed
from boneage.result import BoneAge, Chronological, Result, Software

from boneage_page.language import table  # isort: skip
from boneage_page.panels.visits import changes_frame  # isort: skip

TITLE = "Earlier visits"


def result_at(own: float | None, months: float, **changed: Any) -> Result:
    """A girl's earlier result."""
    age = BoneAge(months, (months - 10, months + 10), "combined")
    said = None if own is None else Chronological(own, months - own, 0.1, "Brush Foundation")
    result = fake_reading().result
    source = replace(result.input, sha256=f"{own}{months}")
    return replace(result, **{"input": source, "bone_age": age, "chronological": said, **changed})


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    with opened_page(monkeypatch) as page:
        yield page


@pytest.fixture
def page(opened: AppTest) -> AppTest:
    """The panel of a girl's film, 118 months old, bone age 124 months."""
    FakeEstimator.by_name["now.dcm"] = fake_reading()
    return open_panel(upload(opened, "now.dcm"), TITLE)


def give(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    (field,) = (one for one in page.file_uploader if str(one.key).startswith("earlier_"))
    return field.set_value([(name, data, "application/json") for name, data in files]).run()


def tables(page: AppTest) -> list[Any]:
    return [frame.value for frame in page.dataframe]


def traces(page: AppTest, alt: str) -> dict[str, Any]:
    """The named parts of the chart whose words for a screen reader begin like this."""
    (chart,) = (spec for said, spec in figures(page).items() if said.startswith(alt))
    return {trace["name"]: trace for trace in chart["data"] if "name" in trace}


def numbers(coordinates: Any) -> list[float]:
    """The coordinates of a trace; longer ones are not written as plain lists."""
    assert isinstance(coordinates, list)
    return [pytest.approx(number) for number in coordinates]


def test_at_first_there_is_none_and_it_is_said(page: AppTest) -> None:
    assert any("No earlier visit" in box.value for box in page.info)


def test_an_earlier_result_gives_table_chart_and_change(page: AppTest) -> None:
    earlier = result_at(94.0, 94.0)
    page = give(page, ("2024.json", earlier.to_json().encode()))
    assert not page.exception
    expected = change(visit_of(earlier, name="2024.json"), visit_of(fake_reading().result, name="now"))
    (metric,) = (metric for metric in page.metric if "Change of bone age" in metric.label)
    assert metric.label == "Change of bone age since 2024.json"
    assert expected.per_year == 1.25
    assert metric.value == f"{expected.per_year:.1f} years per year" == "1.2 years per year"
    text = words_on(page)
    low, high = expected.interval_95
    assert f"+{low:.1f} to +{high:.1f} years per year" in text
    assert f"SD of this change {expected.sd_months:.1f} months" in text
    visits = next(frame for frame in tables(page) if "SD score" in frame)
    assert list(visits["Film"]) == ["2024.json", "this film"]
    assert list(visits["Chronological age"]) == ["7 y 10 mo", "9 y 10 mo"]
    (chart,) = (spec for alt, spec in figures(page).items() if "all visits" in alt)
    names = {trace.get("name") for trace in chart["data"]}
    assert {"earlier visits", "this visit"} <= names


@pytest.mark.parametrize(("rate", "said"), [(-0.03, "0.0"), (-0.26, "−0.3"), (1.25, "1.2")])
def test_a_rate_has_a_sign_only_where_it_falls(rate: float, said: str) -> None:
    one = visit_of(result_at(94.0, 94.0), name="2024.json")
    assert changes_frame([Change(one, one, 12.0, 12 * rate, rate, (0.0, 1.0), 1.0)])["Years per year"][0] == said


def test_several_visits_are_compared_with_this_one_the_latest_first(page: AppTest) -> None:
    files = [(f"{own}.json", result_at(own, own + 2).to_json().encode()) for own in (70.0, 100.0, 117.0)]
    page = give(page, *files)
    changes = next(frame for frame in tables(page) if "Years per year" in frame)
    assert list(changes["Since"]) == ["100.0.json", "70.0.json"]
    assert any("117.0.json: less than 3 months" in box.value for box in page.warning)


def test_two_files_of_one_name_are_two_visits(page: AppTest) -> None:
    first, second = (result_at(own, own + 2).to_json().encode() for own in (70.0, 100.0))
    page = give(give(page, ("result.json", first)), ("result.json", second))
    visits = next(frame for frame in tables(page) if "SD score" in frame)
    assert list(visits["Film"]) == ["result.json", "result.json (2)", "this film"]
    assert list(visits["Chronological age"])[:2] == ["5 y 10 mo", "8 y 4 mo"]
    page = give(page, ("again.json", first))
    visits = next(frame for frame in tables(page) if "SD score" in frame)
    assert len(visits) == 3


def test_earlier_visits_stand_on_the_growth_chart_of_the_film(page: AppTest) -> None:
    page = open_panel(page, "Growth chart")
    assert "earlier visits" not in traces(page, "Growth chart of bone age")
    page = give(open_panel(page, TITLE), ("2024.json", result_at(94.0, 98.0).to_json().encode()))
    page = open_panel(page, "Growth chart")
    drawn = traces(page, "Growth chart of bone age")
    assert numbers(drawn["earlier visits"]["x"]) == [94 / 12]
    assert numbers(drawn["earlier visits"]["y"]) == [98 / 12]
    assert numbers(drawn["this visit"]["x"]) == [118 / 12]


def test_a_film_of_the_session_stands_on_the_growth_chart(opened: AppTest) -> None:
    FakeEstimator.by_name["then.dcm"] = replace(fake_reading(), result=result_at(94.0, 98.0))
    FakeEstimator.by_name["now.dcm"] = fake_reading()
    page = open_panel(upload(upload(opened, "then.dcm", b"then"), "now.dcm", b"now"), TITLE)
    (field,) = (one for one in page.multiselect if str(one.key).startswith("earlier_films"))
    page = open_panel(field.set_value([_digest(page, "then.dcm")]).run(), "Growth chart")
    assert numbers(traces(page, "Growth chart of bone age")["earlier visits"]["y"]) == [98 / 12]


def test_a_boys_visit_is_not_put_on_a_girls_curves(page: AppTest) -> None:
    page = give(page, ("old.json", boys(result_at(94.0, 98.0)).to_json().encode()))
    assert "earlier visits" not in traces(open_panel(page, "Growth chart"), "Growth chart of bone age")


def test_earlier_visits_stand_on_the_chart_of_a_measurement(page: AppTest) -> None:
    earlier = result_at(94.0, 98.0, values={"metacarpal_3.length_ratio": 0.31})
    page = open_panel(give(page, ("2024.json", earlier.to_json().encode())), "Measurements")
    choice = next(field for field in page.selectbox if field.label == "Measurement")
    page = choice.set_value("metacarpal_3.length_ratio").run()
    drawn = traces(page, "Growth chart of one measurement")
    assert numbers(drawn["earlier visits"]["x"]) == [98 / 12]
    assert numbers(drawn["earlier visits"]["y"]) == [0.31]
    assert "Earlier visits: 0.310 at 8 y 2 mo." in words_on(page)


def test_scores_of_all_visits_follow_the_standard(page: AppTest) -> None:
    page = give(page, ("2024.json", result_at(94.0, 98.0).to_json().encode()))
    scores = {}
    for standard in (BRUSH, GREULICH_PYLE_1959):
        page = page.selectbox(key="visits_standard").set_value(standard).run()
        frame = next(frame for frame in tables(page) if "SD score" in frame)
        expected = [skeletal_age_sds(*pair, "F", standard=standard).sds for pair in ((98.0, 94.0), (124.0, 118.0))]
        scores[standard] = list(frame["SD score"])
        assert scores[standard] == [signed(score) for score in expected if score is not None]
        assert f"SD scores by {table('growth.standards')[standard]}." in words_on(page)
    assert scores[BRUSH] != scores[GREULICH_PYLE_1959]


def test_a_files_name_is_not_taken_for_markdown(page: AppTest) -> None:
    page = give(page, ("a*b*_c.json", b"none"))
    assert any(box.value.startswith(r"a\*b\*\_c.json: ") for box in page.warning)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.json", b"not json", "not the JSON of a result"),
        ("b.json", result_at(None, 99.0).to_json().encode(), "own age at this film is not known"),
        ("c.json", result_at(130.0, 131.0).to_json().encode(), "later than the one shown"),
        ("d.json", fake_reading().result.to_json().encode(), "the same film"),
    ],
)
def test_what_cannot_be_used_is_explained(page: AppTest, name: str, data: bytes, words: str) -> None:
    page = give(page, (name, data))
    assert any(box.value.startswith(f"{name}: ") and words in box.value for box in page.warning)
    assert not [metric for metric in page.metric if "Change of bone age" in metric.label]


def test_differences_that_make_a_comparison_doubtful_are_warned_of(page: AppTest) -> None:
    page = give(page, ("old.json", result_at(94.0, 94.0, software=Software("0.0.0")).to_json().encode()))
    said = " ".join(box.value for box in page.warning)
    for words in ("different versions", "reference tables", "different networks"):
        assert words in said


def boys(result: Result) -> Result:
    return replace(result, input=replace(result.input, sex=replace(result.input.sex, value="M")))


def test_a_visit_of_the_other_sex_is_named_and_has_no_part_in_change_and_line(page: AppTest) -> None:
    files = {"girl.json": result_at(70.0, 72.0), "boy.json": boys(result_at(94.0, 98.0))}
    page = give(page, *((name, result.to_json().encode()) for name, result in files.items()))
    assert any(box.value.startswith("boy.json: read with the other sex") for box in page.warning)
    (headline,) = (metric.label for metric in page.metric if "Change of bone age" in metric.label)
    assert headline == "Change of bone age since girl.json"
    assert list(next(frame for frame in tables(page) if "Since" in frame)["Since"]) == ["girl.json"]
    assert list(next(frame for frame in tables(page) if "SD score" in frame)["Film"])[1] == "boy.json"
    (alt,) = (alt for alt in figures(page) if "all visits" in alt)
    assert numbers(traces(page, alt)["earlier visits"]["x"]) == [70 / 12]
    assert "7 y 10 mo" not in alt


def test_one_result_is_removed_alone(page: AppTest) -> None:
    files = [(f"{own}.json", result_at(own, own + 2).to_json().encode()) for own in (70.0, 100.0)]
    page = buttons(give(page, *files))["Remove 70.0.json"].click().run()
    visits = next(frame for frame in tables(page) if "SD score" in frame)
    assert list(visits["Film"]) == ["100.0.json", "this film"]


def test_files_stay_until_they_are_removed(page: AppTest) -> None:
    page = give(page, ("2024.json", result_at(94.0, 94.0).to_json().encode()))
    page = open_panel(open_panel(page, "Details"), TITLE)
    assert any("Change of bone age" in metric.label for metric in page.metric)
    next(button for button in page.button if button.label.startswith("Remove the uploaded")).click().run()
    assert any("No earlier visit" in box.value for box in page.info)


def test_another_film_of_the_session_can_be_the_earlier_visit(opened: AppTest) -> None:
    earlier = fake_reading()
    FakeEstimator.by_name["then.dcm"] = replace(earlier, result=result_at(94.0, 94.0))
    FakeEstimator.by_name["now.dcm"] = fake_reading()
    page = upload(upload(opened, "then.dcm", b"then"), "now.dcm", b"now")
    page = open_panel(page, TITLE)
    (field,) = (one for one in page.multiselect if str(one.key).startswith("earlier_films"))
    assert field.options == ["then.dcm"]
    page = field.set_value([_digest(page, "then.dcm")]).run()
    assert any(metric.label == "Change of bone age since then.dcm" for metric in page.metric)


def test_a_chosen_film_that_has_lost_its_answer_is_left_out(opened: AppTest) -> None:
    FakeEstimator.by_name["then.dcm"] = replace(fake_reading(), result=result_at(94.0, 94.0))
    FakeEstimator.by_name["now.dcm"] = fake_reading()
    page = open_panel(upload(upload(opened, "then.dcm", b"then"), "now.dcm", b"now"), TITLE)
    (field,) = (one for one in page.multiselect if str(one.key).startswith("earlier_films"))
    digest = _digest(page, "then.dcm")
    page = field.set_value([digest]).run()
    page.session_state["shelf"].entries[digest].result = fake_refusal().result
    page = page.run()
    assert not page.exception
    assert not page.error
    assert any("No earlier visit" in box.value for box in page.info)


def _digest(page: AppTest, name: str) -> str:
    entries = page.session_state["shelf"].entries
    return next(digest for digest, entry in entries.items() if entry.film.name == name)


def test_without_sex_or_age_of_this_film_it_is_said_what_is_needed(opened: AppTest) -> None:
    FakeEstimator.by_name["unknown.png"] = fake_unknown_sex()
    page = open_panel(upload(opened, "unknown.png", b"u"), TITLE)
    assert any("Choose the sex" in box.value for box in page.info)
    FakeEstimator.by_name["ageless.png"] = fake_reading(own=None)
    page = upload(page, "ageless.png", b"a")
    assert any("chronological age" in box.value for box in page.info)


def test_the_panel_speaks_chinese(page: AppTest) -> None:
    page = give(page, ("2024.json", result_at(94.0, 94.0).to_json().encode()))
    page.selectbox(key="language").set_value("zh").run()
    page = open_panel(page, "既往结果", language="zh")
    assert any("自 2024.json 以来" in metric.label for metric in page.metric)
