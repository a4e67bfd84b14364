"""Pictures of the page to look at, in both languages, light and dark, on a laptop and on a phone: see docs/page.md.

They are written to ``screenshots/`` in the project's folder, which git ignores, as ``laptop-light-en-answer.png`` and
so on: the page as it opens, the first screen with an answer, and every panel.
"""

from __future__ import annotations

import pytest
from page_driver import LAPTOP, PHONE, PROJECT, Page, example, texts

pytestmark = [pytest.mark.browser_pictures]

FOLDER = PROJECT / "screenshots"
SIZES = {"laptop": LAPTOP, "phone": PHONE}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pictures_of_the_page_are_written(browser: Page, size: str, theme: str, language: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    page = browser.open(language=language, size=SIZES[size], dark=theme == "dark")

    def keep(name: str) -> None:
        path = FOLDER / f"{size}-{theme}-{language}-{name}.png"
        page.picture(path)
        assert path.stat().st_size > 5000, path

    keep("start")
    page.upload(example("rsna_1744.webp"))
    page.choose_sex("F")
    page.write(texts("child", language)["age_field"], "10y4m")
    page.wait(lambda state: len(state.metrics) > 2 and not state.busy, "the answer beside the child's age")
    page.scroll_to_top()
    keep("answer")
    titles = {title: name for name, title in texts("page", language)["panels"].items()}
    for title in page.panels():
        page.open_panel(titles[title])
        page.scroll_to_panels()
        keep(titles[title])
