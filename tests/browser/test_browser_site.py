"""A site calibration in a real browser: the file is given, the corrected answer stamped, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from calibrations import made_site
from page_driver import Page, example, texts

from boneage.calibration.file import write_calibration
from boneage.options import EstimateOptions
from boneage.report.wording import age_words
from boneage.rooms import InstalledRooms

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

SITE = texts("site")
CHILD = texts("child")
STAMP = "Corrected (site calibration Hospital X"


def test_a_calibration_file_corrects_the_answer_and_is_named_with_it(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    write_calibration(made_site(InstalledRooms(EstimateOptions())), path, about={})
    page.upload(example("rsna_1744.webp"))
    page.choose(CHILD["sex"], CHILD["sexes"]["M"])
    label = texts("glance")["bone_age_of"].format(sex="boy")
    before = page.wait(lambda state: label in state.metrics and not state.busy, "the answer").metrics[label]
    page.press(CHILD["more"])
    page.give_file(SITE["file"], path)
    shown = page.wait_for_words(STAMP)
    assert SITE["in_use"].format(name="Hospital X") in page.driver.execute_script("return document.body.innerText")
    assert before in shown.text.partition(STAMP)[2]
    years, months = (int(word) for word in before.replace("mo", "").split("y"))
    assert shown.metrics[label] in {age_words(12 * years + months + further) for further in (5, 6, 7)}
    page.press(SITE["remove"])
    page.wait(lambda state: state.metrics.get(label) == before and STAMP not in state.text, "the answer as before")
