"""Nothing on the page is too faint to read, in light and in dark, with an answer and with something missing."""

from __future__ import annotations

import pytest
from contrast import contrasts, faint
from page_driver import Page, example, texts

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FAILED = texts("page")["panel_failed"].partition("(")[0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_and_icon_stands_out(browser: Page, dark: bool) -> None:
    page = browser.open(dark=dark)
    assert faint(page) == set()
    page.upload(example("rsna_1744.webp"))
    page.wait(lambda state: state.metrics and state.alerts and not state.busy, "the answers and what is missing")
    page.choose(texts("child")["sex"], texts("child")["sexes"]["F"])
    page.write(texts("child")["age_field"], "10y4m")
    page.wait(lambda state: len(state.metrics) > 2 and not state.busy, "the answer beside the child's age")
    papers = [sum(seen.paper[:3]) / 3 for seen in contrasts(page)]
    assert (sorted(papers)[len(papers) // 2] < 80) == dark
    titles = {title: name for name, title in texts("page")["panels"].items()}
    found = faint(page)
    for title in page.panels():
        assert FAILED not in page.open_panel(titles[title]).text, title
        found |= faint(page)
    assert found == set()


def test_what_is_too_faint_is_noticed(page: Page) -> None:
    page.driver.execute_script(
        "const p = document.createElement('p'); p.textContent = 'hardly seen';"
        "p.style = 'color: #999; background: #fff';"
        "document.querySelector('[data-testid=stMain]').prepend(p)"
    )
    assert {seen.words for seen in faint(page)} == {"hardly seen"}
