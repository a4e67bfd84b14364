"""All that the answer says is on the first screen, of a laptop and of a phone."""

from __future__ import annotations

import pytest
from page_driver import LAPTOP, PHONE, Page, example, texts

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]


def start(text: str) -> str:
    """What a text of the catalogue starts with, up to its first place."""
    return text.partition("{")[0].strip()


def bottoms(page: Page, *, both: bool = False) -> dict[str, float]:
    """How far down each of the six facts reaches."""
    glance, words = texts("glance", page.language), page.state.text
    page.scroll_to_top()
    bone_age = glance["bone_age_if" if both else "bone_age_of"]
    differ = start(glance["routes_agree"]) not in words
    doubts = start(glance["quality_good"]) not in words
    verdict = {"en": "within 2 SD", "zh": "在 2 SD 以内"}[page.language]
    named = {
        "bone age": start(bone_age),
        "interval": start(glance["interval"]),
        "chronological age": glance["own_age"],
        "difference": glance["difference"],
        "SD score": glance["sds"],
        "verdict": verdict,
        "routes": start(glance["routes_differ" if differ else "routes_agree"]),
        "reference": start(glance["references"]),
        "quality": start(glance["quality_poor" if doubts else "quality_good"]),
    }
    return {fact: page.bottom_of(said) for fact, said in named.items()}


def assert_seen(page: Page, size: tuple[int, int], *, both: bool = False) -> None:
    """In a window of this size all six facts stand on the first screen."""
    page.resize(size)
    found = bottoms(page, both=both)
    assert max(found.values()) <= size[1], found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_six_facts_of_a_dicom_film_are_seen_without_scrolling(browser: Page, language: str) -> None:
    page = browser.open(language=language)
    page.upload(example("synthetic.dcm"))
    page.wait(lambda state: len(state.metrics) > 2 and not state.busy, "the answer beside the child's age")
    assert_seen(page, LAPTOP)
    assert_seen(page, PHONE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bounds_of_a_grown_hand_of_unknown_sex_are_seen_whole(browser: Page, language: str) -> None:
    page = browser.open(language=language)
    page.upload(example("rsna_1667.webp"))
    page.wait(lambda state: len(state.metrics) == 2 and not state.busy, "both answers")
    assert page.cut_figures() == []
    page.write(texts("child", language)["age_field"], "13y")
    page.wait(lambda state: len(state.metrics) > 4 and not state.busy, "both answers beside the child's age")
    assert page.cut_figures() == []
    page.resize(PHONE)
    assert page.cut_figures() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_so_they_are_of_both_answers_and_of_that_of_the_stated_sex(browser: Page, language: str) -> None:
    page = browser.open(language=language)
    page.upload(example("rsna_1744.webp"))
    page.write(texts("child", language)["age_field"], "10y4m")
    page.wait(lambda state: len(state.metrics) > 4 and not state.busy, "both answers beside the child's age")
    assert_seen(page, LAPTOP, both=True)
    page.choose_sex("F")
    page.wait(lambda state: 2 < len(state.metrics) < 5 and not state.busy, "the answer beside the child's age")
    assert_seen(page, LAPTOP)
    assert_seen(page, PHONE)
