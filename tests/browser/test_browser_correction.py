"""A reader corrects a film in a real browser: an end is moved, a bone left out, an age settled on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from page_driver import Page, example, texts

from boneage.estimate import Estimator
from boneage.report.wording import age_words

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

CORRECTION = texts("correction")
CHILD = texts("child")


def test_a_moved_end_changes_the_answer_under_a_badge_and_can_be_taken_back(page: Page, tmp_path: Path) -> None:
    page.upload(example("rsna_1744.webp"))
    page.choose(CHILD["sex"], CHILD["sexes"]["M"])
    label = texts("glance")["bone_age_of"].format(sex="boy")
    first = page.wait(lambda state: label in state.metrics and not state.busy, label)
    before = first.metrics[label]
    page.open_panel("correction")
    field = CORRECTION["number"].format(end=CORRECTION["ends"]["distal"], axis="y")
    found = float(page.value(field))
    page.write(field, f"{found + 120:.1f}")
    page.wait(lambda state: not state.busy and float(page.value(field)) == round(found + 120, 1), "the end is moved")
    assert CORRECTION["badge"] not in page.state.text
    page.press(CORRECTION["apply"])
    after = page.wait_for_words(CORRECTION["badge"])
    assert CORRECTION["before"].format(ages=before) in after.text
    page.open_panel("export")
    said = json.loads(page.download(texts("export")["formats"]["json"], tmp_path).read_text(encoding="utf-8"))
    assert age_words(said["bone_age"]["months"]) == after.metrics[label]
    plain = Estimator().estimate(example("rsna_1744.webp"), sex="M").result.estimates.measurement
    assert plain is not None
    assert abs(said["estimates"]["measurement"]["months"] - plain.months) > 0.01
    page.open_panel("correction")
    page.press(CORRECTION["reset"])
    page.wait(
        lambda state: CORRECTION["badge"] not in state.text and state.metrics == {label: before} and not state.busy,
        "the program's answer again",
    )
