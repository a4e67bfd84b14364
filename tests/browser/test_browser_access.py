"""The page without a mouse, for a screen reader, on a phone; and every panel in the browser."""

from __future__ import annotations

import pytest
from accessibility import focused_name, nameless, spoken
from page_driver import PHONE, Page, example, texts
from selenium.webdriver.common.keys import Keys

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FILM = example("synthetic.dcm")
FAILED = texts("page")["panel_failed"].partition("(")[0]


def wait_for_names(page: Page) -> None:
    """Wait until all has a name: some are given a moment after the page was drawn."""
    found = [""]

    def named() -> bool:
        found[:] = nameless(page)
        return not found

    try:
        page.wait(lambda _: named(), "all has a name", seconds=5)
    except AssertionError as error:
        raise AssertionError(f"without a name: {found}") from error


def test_everything_that_can_be_worked_has_a_name_and_no_panel_fails(browser: Page) -> None:
    """Once there is an answer; the page as it opens is looked at with its upload field, in both languages."""
    page = browser.show(FILM)
    wait_for_names(page)
    titles = {title: name for name, title in texts("page")["panels"].items()}
    panels = page.panels()
    assert len(panels) > 8
    for title in panels:
        shown = page.open_panel(titles[title])
        assert FAILED not in shown.text, title
        wait_for_names(page)


def test_charts_say_their_numbers(browser: Page) -> None:
    page = browser.show(FILM)
    state = page.wait(lambda state: len(state.metrics) > 2 and not state.busy, "the answer beside the child's age")
    (bone,) = (value for label, value in state.metrics.items() if label.startswith("Bone age"))
    page.open_panel("growth")
    assert any(bone in name and state.metrics["SD score"] in name for name in spoken(page, "figure"))
    page.open_panel("routes")
    assert any(bone in name for name in spoken(page, "figure"))


def test_tables_are_named_and_their_cells_say_what_is_shown(page: Page) -> None:
    page.upload(FILM, example("rsna_1744.webp"))
    page.wait(lambda state: len(state.rows) > 2 and state.metrics and not state.busy, "both films in the table")
    shelf, bones = texts("shelf"), texts("bones")
    wait_for_names(page)
    assert {shelf["alt"]} == set(spoken(page, "Canvas", "grid"))
    said = spoken(page, "gridcell")
    assert said.count(shelf["picture"]) == 2
    assert not any(name.startswith("data:") for name in said)
    page.open_panel("bones")
    wait_for_names(page)
    assert bones["table_alt"] in spoken(page, "Canvas")
    assert max(map(len, (name for name in spoken(page, "gridcell") if name.replace(".", "").isdigit()))) < 7


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_upload_field_speaks_the_language_of_the_page(browser: Page, language: str) -> None:
    page = browser.open(language=language)
    chooser = texts("chooser", language)
    page.wait(lambda _: chooser["browse"] in spoken(page, "button"), "the button in the page's words")
    wait_for_names(page)
    field = page.driver.find_element("css selector", "[data-testid=stFileUploaderDropzone]")
    words = str(field.get_attribute("innerText"))
    assert "Upload" not in words.replace("upload", "")
    assert "per file" not in words
    said = " ".join(spoken(page, "StaticText"))
    assert chooser["largest"].format(megabytes=200) in said
    assert not {"Upload", "200MB per file", "Browse files", "file upload"} & set(spoken(page, "StaticText", "button"))


def test_a_field_says_in_the_language_of_the_page_how_it_is_applied(browser: Page) -> None:
    page = browser.open(language="zh")
    child = texts("child", "zh")
    page.upload(FILM)
    page.wait(lambda state: len(state.metrics) > 2 and not state.busy, "the answer beside the child's age")
    page.driver.find_element("css selector", f"input[aria-label='{child['age_field']}']").send_keys("10")
    page.wait(lambda _: child["press_enter"] in " ".join(spoken(page, "StaticText")), "how the field is applied")
    assert "Press Enter" not in " ".join(spoken(page, "StaticText"))


def test_what_has_no_name_or_is_too_wide_is_noticed(browser: Page) -> None:
    page = browser.open(size=PHONE)
    assert page.overflow() <= 0
    page.driver.execute_script(
        "for (const name of ['canvas', 'img', 'button']) document.body.append(document.createElement(name));"
        "document.body.lastChild.style.width = '500px'; document.querySelector('body > canvas').tabIndex = 0"
    )
    assert len(nameless(page)) == 3
    assert page.overflow() >= 100


def test_a_film_is_read_and_its_sex_stated_by_keyboard_alone(page: Page) -> None:
    names = []
    while not names or names[-1] != texts("chooser")["synthetic"]:
        page.type_keys(Keys.TAB)
        names.append(focused_name(page))
        assert len(names) < 40, names
    assert any(texts("chooser")["browse"] in name for name in names), names
    page.type_keys(Keys.ENTER)
    page.wait(lambda state: state.metrics and not state.busy, "the answer")
    group = texts("child")["sexes"]
    names = [focused_name(page)]
    while names[-1] not in group.values():
        page.type_keys(Keys.TAB)
        names.append(focused_name(page))
        assert len(names) < 40, names
    assert names[-1] == group["M"]
    page.type_keys(Keys.ARROW_LEFT)
    page.wait_for_words(texts("glance")["bone_age_of"].format(sex="girl"))


def test_nothing_sticks_out_on_a_phone(browser: Page) -> None:
    """Once there is an answer; the page as it opens is measured by the test of what is too wide."""
    page = browser.show(FILM, size=PHONE)
    assert page.overflow() <= 0
    titles = {title: name for name, title in texts("page")["panels"].items()}
    for title in page.panels():
        page.open_panel(titles[title])
        assert page.overflow() <= 0, title


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_the_numbers_beside_the_answer_stand_in_one_row(browser: Page, language: str) -> None:
    page = browser.show(FILM, language=language, size=PHONE)
    glance = texts("glance", language)
    page.wait(lambda state: glance["sds"] in state.metrics and not state.busy, "the answer beside the child's age")
    tops = page.driver.execute_script(
        "return [...document.querySelectorAll('[class*=st-key-beside_] [data-testid=stMetric]')]"
        ".map(metric => Math.round(metric.getBoundingClientRect().top))"
    )
    assert len(tops) == 3
    assert len(set(tops)) == 1, tops
