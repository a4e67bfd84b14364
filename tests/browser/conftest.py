"""The page served as `boneage app` serves it, and a headless Chromium to use it with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from served import Served

if TYPE_CHECKING:
    from page_driver import Page
    from selenium.webdriver.remote.webdriver import WebDriver

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
def chromium() -> Callable[[], WebDriver]:
    """Start browsers, each with nothing kept from any other; skips, saying so, where there is none."""
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -e '.[dev]'")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("no Chromium with its driver on this machine (Debian: apt-get install chromium chromium-driver)")
    from selenium import webdriver

    def start() -> WebDriver:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for word in WORDS:
            options.add_argument(word)
        return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))

    return start


@contextmanager
def opened(chromium: Callable[[], WebDriver]) -> Iterator[Callable[[str], Page]]:
    """Open pages at an address, each in a browser of its own, and close them all in the end."""
    from page_driver import Page

    with ExitStack() as stack:

        def open_page(address: str) -> Page:
            window = chromium()
            stack.callback(window.quit)
            return Page(window, address)

        yield open_page


@pytest.fixture(scope="session")
def served(chromium: Callable[[], WebDriver]) -> Iterator[Served]:
    """The server that the tests share, where there is a browser to use it with."""
    with Served() as served:
        yield served


@pytest.fixture(scope="session")
def browser(chromium: Callable[[], WebDriver], served: Served) -> Iterator[Page]:
    """The browser that most tests share, one after the other."""
    with opened(chromium) as open_page:
        yield open_page(served.address)


@pytest.fixture
def start_browser(chromium: Callable[[], WebDriver]) -> Iterator[Callable[[str], Page]]:
    """Start browsers at an address, closed after the test: one that stays open takes its share of the machine."""
    with opened(chromium) as open_page:
        yield open_page


@pytest.fixture
def new_browser(start_browser: Callable[[str], Page], served: Served) -> Callable[[], Page]:
    """Start browsers at the page that the tests share."""
    return lambda: start_browser(served.address)


@pytest.fixture
def page(browser: Page) -> Page:
    """The page as it opens, in English on a laptop."""
    return browser.open()
