"""The page in a real browser: what stands on it, read as plain data, and what a person does there.

Things are found as a person or a screen reader finds them: by label, role and the texts of the page's catalogue.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from page_scripts import BOTTOM, CUT, FILM_VIEW, OPEN, PLACE, STATE, WORKING
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

PROJECT: Final = Path(__file__).resolve().parents[2]
EXAMPLES: Final = PROJECT / "examples" / "films"
SECONDS: Final = 60.0
"""How long anything is waited for; nothing takes as long on an idle machine."""

GLANCE_SECONDS: Final = 0.5
"""How often the whole page is read while it is at work: reading it all takes from the work that is waited for."""

LAPTOP: Final = (1366, 768)
PHONE: Final = (390, 844)

_NOT_READY: Final = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)


def texts(panel: str, language: str = "en") -> dict[str, Any]:
    """The texts of a subject, by key, read without the program."""
    path = PROJECT / "boneage" / "texts" / language / f"{panel}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class State:
    """What stands on the page at one moment, without what is left over from before.

    Attributes
    ----------
    metrics:
        Large figures by their label.
    alerts:
        Words of every coloured box.
    busy:
        Whether the page is at work.
    crashed:
        Whether it shows that something went wrong within it.
    rows:
        Cells of the tables, row by row.
    text:
        All its words.
    """

    metrics: dict[str, str]
    alerts: list[str]
    busy: bool
    crashed: bool
    rows: list[list[str]]
    text: str


class Page:
    """One browser window with the page; every `open` is a session of its own, as for another person."""

    def __init__(self, driver: WebDriver, address: str) -> None:
        self.driver = driver
        self.address = address
        self.language = "en"
        self._shown: object = None

    def open(self, *, language: str = "en", size: tuple[int, int] = LAPTOP, dark: bool = False) -> Page:
        """Open the page anew in a window of this size."""
        self.language = language
        self.resize(size)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", {"features": [theme]})
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/?lang={language}")
        lead = texts("page", language)["lead"]
        self.wait(lambda state: lead in state.text and not state.busy, "the page opens")
        return self

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size; what stands on the page stays."""
        self._shown = None
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
        self.command("Emulation.setDeviceMetricsOverride", metrics)

    def show(self, film: Path, *, language: str = "en", size: tuple[int, int] = LAPTOP) -> Page:
        """The page with a film that was read; opened anew unless it stands there as when it was first shown."""
        asked = film, language, size
        if self._shown != (asked, self._looks()):
            self.open(language=language, size=size)
            self.upload(film)
            self.wait(lambda state: state.metrics and self.film_view()[0] and not state.busy, "the answer and the film")
            self._shown = asked, self._looks()
        return self

    def _looks(self) -> object:
        return self.state.metrics, self.film_view(), self.drawn()

    @property
    def state(self) -> State:
        """What stands on the page now."""
        return State(**self.driver.execute_script(STATE))

    def wait(self, condition: Callable[[State], Any], what: str, *, seconds: float = SECONDS) -> State:
        """Wait until the page is as wanted, and return it; fail with the page's words where it never is."""
        deadline = time.monotonic() + seconds
        while True:
            state = self.state
            failed = state.crashed or texts("page", self.language)["film_failed"].partition("(")[0] in state.text
            assert not failed, f"the page shows an error of its own: {state.text}"
            if condition(state):
                return state
            assert time.monotonic() < deadline, f"waited in vain: {what}. The page says: {state}"
            self._rest(GLANCE_SECONDS)

    def _rest(self, seconds: float) -> None:
        """Pause a moment, and for as long as the page is at work, but no longer than this."""
        deadline = time.monotonic() + seconds
        time.sleep(0.05)
        while time.monotonic() < deadline and self.driver.execute_script(WORKING):
            time.sleep(0.05)

    def wait_for_words(self, words: str) -> State:
        """Wait until the page has these words and is at rest."""
        return self.wait(lambda state: words in state.text and not state.busy, words)

    def wait_for_answer(self, **metrics: str) -> State:
        """Wait until the page is at rest with these large figures, each named by the start of its label."""
        wanted = {name.replace("_", " "): value for name, value in metrics.items()}

        def shown(state: State) -> bool:
            found = {key: value for name in wanted for key, value in state.metrics.items() if key.startswith(name)}
            return not state.busy and len(found) >= len(wanted) and set(wanted.values()) <= set(found.values())

        return self.wait(shown, f"the figures {wanted}")

    def upload(self, *paths: Path) -> None:
        """Give the page files; where there are films already, through the button for more."""

        def give() -> None:
            if not self.driver.find_elements(By.CSS_SELECTOR, "input[type=file]"):
                self.button(texts("chooser", self.language)["title"]).click()
            self._one("input[type=file]").send_keys("\n".join(str(path) for path in paths))

        self._patiently(give)

    def give_file(self, field: str, path: Path) -> None:
        """Give a file to the field of this label, which need not be the one for films."""

        def give() -> None:
            fields = self.driver.find_elements(By.CSS_SELECTOR, "[data-testid=stFileUploader]")
            found = next(one for one in fields if (one.text or "").strip().startswith(field))
            found.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(path))

        self._patiently(give)

    def press(self, label: str) -> None:
        """Press the button of this label."""
        self._patiently(lambda: self.button(label).click())

    def button(self, label: str) -> WebElement:
        """The button whose words, or whose name where it has none, are these."""
        for element in self.driver.find_elements(By.CSS_SELECTOR, "button"):
            name = element.get_attribute("innerText") or element.get_attribute("aria-label") or ""
            if label in (line.strip() for line in name.splitlines()) and element.is_displayed():
                return element
        raise NoSuchElementException(label)

    def choose(self, group: str, option: str) -> None:
        """Choose an option of the group of radio buttons of this label."""

        def click() -> None:
            labels = self._one(f"[role=radiogroup][aria-label='{group}']").find_elements(By.CSS_SELECTOR, "label")
            next(label for label in labels if (label.text or "").strip() == option).click()

        self._patiently(click)

    def chosen(self, group: str) -> str:
        """The option that is chosen of the group of radio buttons of this label; empty where none is."""
        labels = self._one(f"[role=radiogroup][aria-label='{group}']").find_elements(By.CSS_SELECTOR, "label")
        is_checked = "return !!arguments[0].querySelector('input:checked')"
        checked = (label for label in labels if self.driver.execute_script(is_checked, label))
        return next(((label.text or "").strip() for label in checked), "")

    def switch(self, label: str) -> None:
        """Turn the switch of this label on or off."""

        def click() -> None:
            switches = self.driver.find_elements(By.CSS_SELECTOR, "[data-testid=stCheckbox] label")
            next(one for one in switches if (one.text or "").strip() == label).click()

        self._patiently(click)

    def choose_sex(self, sex: str) -> None:
        """Say the child's sex, ``F``, ``M`` or ``unknown``, once the fields are there."""
        words = texts("child", self.language)
        self.choose(words["sex"], words["sexes"][sex])

    def choose_in_list(self, label: str, option: str) -> None:
        """Choose an option of the list of this label, typing it."""

        def choose() -> None:
            field = self._one(f"input[aria-label^='{label}']")
            field.click()
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(option)
            options = self.driver.find_elements(By.CSS_SELECTOR, "[role=option]")
            next(found for found in options if (found.text or "").strip() == option).click()

        self._patiently(choose)

    def write(self, label: str, text: str) -> None:
        """Write into the field of this label in place of what stands there, and leave it."""

        def write() -> None:
            field = self._one(f"input[aria-label='{label}']")
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(text, Keys.TAB)

        self._patiently(write)

    def value(self, label: str) -> str:
        """What stands in the field of this label."""
        return str(self._one(f"input[aria-label='{label}']").get_attribute("value"))

    def value_starting(self, label: str) -> str:
        """What stands in the list whose name starts with this label."""
        return str(self._one(f"input[aria-label^='{label}']").get_attribute("value"))

    def open_panel(self, name: str) -> State:
        """Open a panel by its title and wait until it is shown."""
        title = texts("page", self.language)["panels"][name]

        def click() -> None:
            tabs = self.driver.find_elements(By.CSS_SELECTOR, "[role=tab]")
            tab = next((tab for tab in tabs if (tab.text or "").strip() == title), None)
            if tab is None:
                raise NoSuchElementException(title)
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", tab)
            tab.click()

        self._patiently(click)
        seen = [""]

        def shown(state: State) -> bool:
            before, seen[0] = seen[0], state.text if self.driver.execute_script(OPEN, title) else ""
            time.sleep(0.2)  # Between the click and the first words of the panel the page may seem to be at rest.
            return not state.busy and seen[0] != "" and seen[0] == before

        return self.wait(shown, f"the panel {title} is shown")

    def panels(self) -> list[str]:
        """The titles of the panels."""
        return [(tab.text or "").strip() for tab in self.driver.find_elements(By.CSS_SELECTOR, "[role=tab]")]

    def click_table(self, row: int) -> None:
        """Click a row of the table of films, 1 being the first under the heading."""
        self._click_cell(200, 38 + 52 * (row - 0.5))

    def sort_table(self, across: int) -> None:
        """Click the heading of the table of films that lies so many pixels from its left edge."""
        self._click_cell(across, 19)

    def _click_cell(self, across: float, down: float) -> None:
        canvas = self._one("[data-testid=stDataFrame] canvas[data-testid=data-grid-canvas]")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
        across, down = across - canvas.size["width"] / 2, down - canvas.size["height"] / 2
        ActionChains(self.driver).move_to_element_with_offset(canvas, int(across), int(down)).click().perform()

    def download(self, label: str, folder: Path, *, seconds: float = SECONDS) -> Path:
        """Press a download button and return the file, once it is whole."""
        folder.mkdir(parents=True, exist_ok=True)
        self.command("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
        before = set(folder.iterdir())
        self.press(label)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            new = set(folder.iterdir()) - before
            if len(new) == 1 and not any(path.name.endswith((".crdownload", ".tmp")) for path in new):
                (path,) = new
                if path.stat().st_size:
                    return path
            time.sleep(0.05)
        msg = f"no file came of {label!r}: {list(folder.iterdir())}"
        raise AssertionError(msg)

    def type_keys(self, *keys: str) -> None:
        """Type keys wherever the keyboard is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def bottom_of(self, words: str) -> float:
        """How far down the window the words of the answer reach that have these words, in pixels."""
        return float(self.driver.execute_script(BOTTOM, words))

    def cut_figures(self) -> list[str]:
        """The large figures of the answer that are not seen whole."""
        return list(self.driver.execute_script(CUT))

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        script = "return document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.driver.execute_script(script))

    def film_view(self, number: int = 0) -> tuple[float, str]:
        """How far a film is zoomed into, and the part of it that is seen; before it is drawn 0 and nothing.

        The first film, 0, is that beside the answer.
        """
        zoom, box = self.driver.execute_script(FILM_VIEW, number)
        return float(zoom), str(box)

    def zoom_film(self) -> None:
        """Turn the wheel over the film beside the answer."""
        film = self._one(".boneage-stage svg.film")
        ActionChains(self.driver).scroll_from_origin(ScrollOrigin.from_element(film, 20, -30), 0, -800).perform()

    def film_picture(self) -> str:
        """The picture of the film beside the answer, as an address."""
        return str(self._one(".boneage-stage svg.film image").get_attribute("href"))

    def drawn(self) -> set[str]:
        """What is drawn on the film beside the answer."""
        script = (
            "const stage = document.querySelector('.boneage-stage');"
            "return stage ? [...stage.querySelectorAll('.line')].map(line => line.dataset.part) : []"
        )
        return {part for part in self.driver.execute_script(script) if part}

    def shapes(self) -> int:
        """How many things of any kind are drawn on the film beside the answer."""
        script = "return document.querySelector('.boneage-stage').querySelectorAll('svg.film g > *').length"
        return int(self.driver.execute_script(script))

    def drag_end(self, number: int, right: int, down: int) -> None:
        """Drag an end of the bone in question (0 proximal, 1 distal) by so many pixels of the screen."""
        handle = self.driver.find_elements(By.CSS_SELECTOR, ".boneage-stage .handle")[number]
        self._bring_to_rest(handle)
        chain = ActionChains(self.driver).move_to_element(handle).click_and_hold()
        chain.move_by_offset(right // 2, down // 2).move_by_offset(right - right // 2, down - down // 2)
        chain.release().perform()

    def _bring_to_rest(self, element: WebElement) -> None:
        """Bring something into the window, and wait until it stands where it was a moment ago."""
        places: list[object] = []

        def rests() -> bool:
            places.append(self.driver.execute_script(PLACE, element))
            return places[-2:-1] == places[-1:]

        self.wait(lambda _: rests(), "it stands still")

    def focus_end(self, number: int) -> None:
        """Put the keyboard on an end of the bone in question."""
        handle = self.driver.find_elements(By.CSS_SELECTOR, ".boneage-stage .handle")[number]
        self.driver.execute_script("arguments[0].focus()", handle)

    def slide(self, label: str, key: str) -> None:
        """Move the slider of this label by keys; its field is hidden to the eye, so it cannot be clicked on."""
        slider = f"[role=group][aria-label='{label}'] input"
        self._patiently(lambda: self.driver.execute_script("arguments[0].focus()", self._one(slider)))
        self.type_keys(key)

    def scroll_to_top(self) -> None:
        """Show the first screen."""
        self.driver.execute_script("document.querySelector('[data-testid=stMain]').scrollTop = 0")

    def scroll_to_panels(self) -> None:
        """Show the panels at the top of the window."""
        self.driver.execute_script("document.querySelector('[role=tablist]').scrollIntoView({block: 'start'})")

    def picture(self, path: Path) -> None:
        """Save what is in the window as PNG."""
        self.driver.save_screenshot(str(path))

    def _one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def _patiently(self, act: Callable[[], Any], *, seconds: float = SECONDS) -> None:
        """Do something as soon as the page, which draws itself anew all the time, lets it."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                act()
                return
            except (*_NOT_READY, StopIteration):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Ask the browser itself, by its debugging protocol."""
        driver: Any = self.driver
        answer: dict[str, Any] = driver.execute_cdp_cmd(name, arguments)
        return answer


def example(name: str) -> Path:
    """The path of an example film."""
    return EXAMPLES / name


def cells(state: State) -> Sequence[dict[str, str]]:
    """The table of films, a dictionary by heading for each row; without the arrow at the heading that sorts."""
    headings, *rows = state.rows
    names = [heading.lstrip("↑↓ ") for heading in headings]
    return [dict(zip(names, row, strict=False)) for row in rows]
