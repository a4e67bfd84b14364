"""The page served as `boneage app` serves it, and a headless Chromium to use it with."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from page_driver import Page

PROJECT = Path(__file__).resolve().parents[2]
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
def new_browser() -> Iterator[Callable[[], Page]]:
    """Start browsers, each with nothing kept from any other; skips, saying so, where there is none."""
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -e '.[dev]'")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("no Chromium with its driver on this machine (Debian: apt-get install chromium chromium-driver)")
    from selenium import webdriver

    with ExitStack() as stack:
        served = stack.enter_context(_Served())

        def start() -> Page:
            options = webdriver.ChromeOptions()
            options.binary_location = browser
            for word in WORDS:
                options.add_argument(word)
            window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
            stack.callback(window.quit)
            from page_driver import Page

            return Page(window, served.address)

        yield start


@pytest.fixture(scope="session")
def browser(new_browser: Callable[[], Page]) -> Page:
    """The browser that most tests share, one after the other."""
    return new_browser()


@pytest.fixture
def page(browser: Page) -> Page:
    """The page as it opens, in English on a laptop."""
    return browser.open()


class _Served:
    """`boneage app` on a free port, until the end; nothing may have gone wrong within it."""

    def __enter__(self) -> _Served:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        words = [sys.executable, "-m", "boneage", "app", "--no-browser", "--port", str(port)]
        self._said = tempfile.TemporaryFile()  # A pipe that nobody empties would stop the server once it is full.
        self._process = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=self._said)
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5):
                    return self
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    self._process.kill()
                    raise
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")
        self._said.close()
        assert "Traceback" not in said, said
