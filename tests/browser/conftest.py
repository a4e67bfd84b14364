"""The page served as `boneage app` serves it, and a headless Chromium to use it with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from served import Served

if TYPE_CHECKING:
    from page_driver import Page

WORDS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--lang=en-US",
    # A window that nobody sees is otherwise put behind everything else that the machine does.
    "--disable-renderer-priority-management",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def start_browser() -> Iterator[Callable[[str], Page]]:
    """Start browsers at an address, each with nothing kept from any other; skips, saying so, where there is none."""
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -e '.[dev]'")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("no Chromium with its driver on this machine (Debian: apt-get install chromium chromium-driver)")
    from selenium import webdriver

    with ExitStack() as stack:

        def start(address: str) -> Page:
            options = webdriver.ChromeOptions()
            options.binary_location = browser
            for word in WORDS:
                options.add_argument(word)
            window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
            stack.callback(window.quit)
            from page_driver import Page

            return Page(window, address)

        yield start


@pytest.fixture(scope="session")
def new_browser(start_browser: Callable[[str], Page]) -> Iterator[Callable[[], Page]]:
    """Start browsers at the page that the tests share."""
    with Served() as served:
        yield lambda: start_browser(served.address)


@pytest.fixture(scope="session")
def browser(new_browser: Callable[[], Page]) -> Page:
    """The browser that most tests share, one after the other."""
    return new_browser()


@pytest.fixture
def page(browser: Page) -> Page:
    """The page as it opens, in English on a laptop."""
    return browser.open()
