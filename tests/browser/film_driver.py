"""The film beside the answer in a real browser: where its bones lie on the screen, and mouse and fingers on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from page_driver import Page

Point = tuple[float, float]

_BONES: Final = """
const stage = document.querySelector('.boneage-stage'), frame = stage.getBoundingClientRect();
const onScreen = ([x, y], of) => { const p = new DOMPoint(x, y).matrixTransform(of); return [p.x, p.y]; };
return [...stage.querySelectorAll('.line[data-part]')].map(line => {
  const of = line.getScreenCTM(), box = line.getBBox(), length = line.getTotalLength();
  const edge = [...Array(24).keys()].map(i => line.getPointAtLength(i * length / 24)).map(p => [p.x, p.y]);
  let inside = null, far = 0;
  for (let i = 1; i < 16; i++) for (let j = 1; j < 16; j++) {
    const [x, y] = [box.x + box.width * i / 16, box.y + box.height * j / 16];
    if (!line.isPointInFill(new DOMPoint(x, y))) continue;
    const away = Math.min(...edge.map(p => Math.hypot(p[0] - x, p[1] - y)));
    if (away > far) [inside, far] = [[x, y], away];
  }
  return [line.dataset.part, inside && onScreen(inside, of), edge.map(p => onScreen(p, of))];
});
"""

_FRAME: Final = """
const stage = document.querySelector('.boneage-stage');
stage.scrollIntoView({block: 'center', behavior: 'instant'});
const {left, top, right, bottom} = stage.getBoundingClientRect();
return [Math.max(left, 0), Math.max(top, 0), Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
"""

_ON_SCREEN: Final = """
const [x, y] = arguments[0], of = document.querySelector('.boneage-stage svg.film').getScreenCTM();
const point = new DOMPoint(x, y).matrixTransform(of);
return [point.x, point.y];
"""

_SAID: Final = """
const said = document.querySelector('.boneage-stage .said');
const seen = said && getComputedStyle(said).display !== 'none';
const {left, top, right, bottom} = seen ? said.getBoundingClientRect() : {};
return [seen ? said.textContent : '', seen ? [left, top, right, bottom] : null];
"""

_FULL: Final = "return document.fullscreenElement?.classList.contains('boneage-stage') ?? false"


@dataclass(frozen=True)
class Drawn:
    """Something drawn on the film: its part, a point well inside of it, and points of its outline, on the screen."""

    part: str
    inside: Point | None
    edge: Sequence[Point]


class FilmOnScreen:
    """The film beside the answer, with a mouse and with fingers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._driver: Any = page.driver

    def frame(self) -> tuple[float, float, float, float]:
        """Bring the film into the window; its left, top, right and bottom there."""
        left, top, right, bottom = self._driver.execute_script(_FRAME)
        return left, top, right, bottom

    def drawn(self) -> list[Drawn]:
        """All that is drawn on the film."""
        return [Drawn(*found) for found in self._driver.execute_script(_BONES)]

    def on_screen(self, film_point: Sequence[float]) -> Point:
        """Where on the screen a point of the film lies."""
        x, y = self._driver.execute_script(_ON_SCREEN, list(film_point))
        return x, y

    def said(self) -> str:
        """What the film says of the thing pointed at."""
        return str(self._driver.execute_script(_SAID)[0])

    def said_place(self) -> list[float] | None:
        """Left, top, right and bottom of what it says; ``None`` where it says nothing."""
        place: list[float] | None = self._driver.execute_script(_SAID)[1]
        return place

    def point(self, at: Point) -> str:
        """Move the mouse there; what the film says."""
        self.page.command("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": at[0], "y": at[1]})
        return self.said()

    def wheel(self, at: Point, turn: float) -> None:
        """Turn the wheel there; less than nothing comes closer."""
        self.page.command(
            "Input.dispatchMouseEvent", {"type": "mouseWheel", "x": at[0], "y": at[1], "deltaX": 0, "deltaY": turn}
        )

    def fingers(self, *ways: tuple[Point, Point], steps: int = 8) -> None:
        """Put a finger down at the start of each way, move all to the ends and lift them."""

        def touch(kind: str, share: float) -> None:
            points = [
                {"x": x0 + (x1 - x0) * share, "y": y0 + (y1 - y0) * share, "id": number}
                for number, ((x0, y0), (x1, y1)) in enumerate(ways)
            ]
            self.page.command(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if kind == "touchEnd" else points}
            )

        touch("touchStart", 0)
        for step in range(1, steps + 1):
            touch("touchMove", step / steps)
            time.sleep(0.02)
        touch("touchEnd", 1)

    def tap(self, at: Point) -> str:
        """Touch the film there; what it says."""
        self.page.command("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": at[0], "y": at[1]}]})
        self.page.command("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        time.sleep(0.1)
        return self.said()

    def is_full(self) -> bool:
        """Whether the film fills the screen."""
        return bool(self._driver.execute_script(_FULL))
