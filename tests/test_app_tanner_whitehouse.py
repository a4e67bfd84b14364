"""The Tanner-Whitehouse panel: a card for each bone, scores only once all are rated, ages beside the automatic one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from app_page import FakeEstimator, open_panel, opened_page, upload, words_on
from fake_reading import fake_reading, fake_unknown_sex
from streamlit.testing.v1 import AppTest

from boneage.tanner_whitehouse.rate import rate
from boneage.tanner_whitehouse.systems import SYSTEMS

TITLE = "Tanner-Whitehouse"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    with opened_page(monkeypatch) as page:
        yield page


@pytest.fixture
def page(opened: AppTest) -> AppTest:
    """The panel of a girl's film."""
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    return open_panel(upload(opened, "film.dcm"), TITLE)


def stages_of(page: AppTest) -> dict[str, Any]:
    """The pills by bone."""
    groups = {group.key: group for group in page.button_group if group.key and group.key.startswith("tw_")}
    return {key.split("_", 2)[2].rsplit("_", 2)[0]: group for key, group in groups.items()}


def rate_all(page: AppTest, system: str, place: int) -> tuple[AppTest, dict[str, str]]:
    stages = {bone: SYSTEMS[system].allowed(bone, "F")[place] for bone in SYSTEMS[system].bones("F")}
    for bone, stage in stages.items():
        stages_of(page)[bone].set_value(stage)
    return page.run(), stages


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_every_bone_has_its_stages_and_its_picture(page: AppTest) -> None:
    system = SYSTEMS["tw3-rus"]
    assert set(stages_of(page)) == set(system.bones("F"))
    labels = {group.label for group in page.button_group}
    assert {"Radius", "Metacarpal 3 (middle)"} <= labels
    assert len(page.get("image")) >= 13
    assert stages_of(page)["ulna"].options == list(system.allowed("ulna", "F"))


def test_nothing_is_scored_before_every_bone_is_rated(page: AppTest) -> None:
    assert any("0 of 13 bones are rated" in box.value for box in page.info)
    page = stages_of(page)["radius"].set_value("F").run()
    (box,) = (box for box in page.info if "1 of 13" in box.value)
    assert "Radius" not in box.value
    assert "Ulna" in box.value
    assert "Score" not in metrics(page)


def test_score_and_age_are_the_packages_beside_the_automatic_age(page: AppTest) -> None:
    page, stages = rate_all(page, "tw3-rus", 5)
    rating = rate("tw3-rus", "F", stages)
    assert rating.bone_age_months is not None
    shown = metrics(page)
    years, months = divmod(round(rating.bone_age_months), 12)
    assert shown["Score"] == str(rating.score)
    assert shown["Bone age by your stages"] == f"{years} y {months} mo"
    assert shown["Automatic bone age"] == "10 y 4 mo"
    text = words_on(page)
    assert "different scales" in text
    assert all(note in text for note in rating.notes)
    assert all(cell.words in text for cell in rating.cells)
    (points,) = (frame.value for frame in page.dataframe if "Points" in frame.value)
    assert points["Points"].sum() == rating.score


def test_stages_stay_when_another_system_or_panel_is_looked_at(page: AppTest) -> None:
    page, _ = rate_all(page, "tw3-rus", 5)
    page = page.selectbox(key=next(box.key for box in page.selectbox if "tw_system" in str(box.key))).set_value(
        "tw2-rus"
    ).run()  # fmt: skip
    assert metrics(page)["Bone age by your stages"] == "no age in this system"
    page = open_panel(open_panel(page, "Details"), TITLE)
    assert metrics(page)["Bone age by your stages"] == "no age in this system"


def test_grades_are_not_taken_for_stages(page: AppTest) -> None:
    page, _ = rate_all(page, "tw3-rus", 5)
    system = next(box for box in page.selectbox if "tw_system" in str(box.key))
    page = system.set_value("rus-chn").run()
    assert any("0 of 13 bones are rated" in box.value for box in page.info)
    page, _ = rate_all(page, "rus-chn", -1)
    assert metrics(page)["Bone age by your stages"].startswith("at or above")


def test_carpals_without_a_name_have_no_picture_but_can_be_rated(page: AppTest) -> None:
    system = next(box for box in page.selectbox if "tw_system" in str(box.key))
    page = system.set_value("tw2-carpal").run()
    assert not page.exception
    assert "no picture" in words_on(page)
    page, _ = rate_all(page, "tw2-carpal", 3)
    assert "Score" in metrics(page)


def test_with_an_unknown_sex_one_is_asked_for_and_none_assumed(opened: AppTest) -> None:
    FakeEstimator.by_name["film.png"] = fake_unknown_sex()
    page = open_panel(upload(opened, "film.png"), TITLE)
    assert any("differ: choose one" in box.value for box in page.info)
    assert not stages_of(page)
    page = next(radio for radio in page.radio if "tw_sex" in str(radio.key)).set_value("F").run()
    page, _ = rate_all(page, "tw3-rus", 4)
    assert metrics(page)["Automatic bone age"] == "10 y 4 mo"


def test_the_panel_speaks_chinese(page: AppTest) -> None:
    page.selectbox(key="language").set_value("zh").run()
    page = open_panel(page, "TW计分法", language="zh")
    assert any("已评定 0/13" in box.value for box in page.info)
    assert "桡骨" in {group.label for group in page.button_group}
