"""A small SVG canvas: outlines, dimension lines and words that can be read on a light and on a dark page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Points = NDArray[np.float64]

ARROW: Final = 7.0
"""Length of an arrow head."""

STYLE: Final = """
svg { font-family: "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; font-size: 14px; }
.paper { fill: #fdfdfb; stroke: #d5d8dc; }
.shaft { fill: #dfe8f5; stroke: #35588c; stroke-width: 1.6; }
.epiphysis { fill: #fbe3b0; stroke: #a8690a; stroke-width: 1.6; }
.carpal { fill: #f7d3e1; stroke: #a83a6c; stroke-width: 1.6; }
.faint { fill: #eef1f5; stroke: #a9b3c1; stroke-width: 1; }
.region { fill: #2f7d4f; fill-opacity: 0.10; stroke: #2f7d4f; stroke-width: 1.4; stroke-dasharray: 6 4; }
.band { fill: #7a5cc2; fill-opacity: 0.16; stroke: none; }
.line { fill: #2b2f36; stroke: none; }
.axis { stroke: #6b7380; stroke-width: 1.2; stroke-dasharray: 9 4 2 4; fill: none; }
.help { stroke: #8a919c; stroke-width: 0.8; fill: none; }
.dimension { stroke: #b3261e; stroke-width: 1.5; fill: none; }
.head { fill: #b3261e; stroke: none; }
.dot { fill: #b3261e; stroke: #fdfdfb; stroke-width: 1; }
.curve { stroke: #35588c; stroke-width: 2; fill: none; }
.level { stroke: #7a5cc2; stroke-width: 1.2; stroke-dasharray: 5 4; fill: none; }
.words { fill: #1d2530; }
.quiet { fill: #5b6470; font-size: 12.5px; }
.number { fill: #9a1c15; }
.halo { paint-order: stroke; stroke: #fdfdfb; stroke-width: 4px; stroke-linejoin: round; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #14181f; stroke: #3a424e; }
  .shaft { fill: #22344f; stroke: #8db4ee; }
  .epiphysis { fill: #4a3814; stroke: #f0bb55; }
  .carpal { fill: #4a2335; stroke: #f190b8; }
  .faint { fill: #1d242d; stroke: #55606e; }
  .region { fill: #6cc794; stroke: #6cc794; }
  .band { fill: #b9a4f2; }
  .line { fill: #05070a; stroke: #8db4ee; stroke-width: 0.6; }
  .axis { stroke: #a3acb8; }
  .help { stroke: #7d8794; }
  .dimension { stroke: #ff8a80; }
  .head { fill: #ff8a80; }
  .dot { fill: #ff8a80; stroke: #14181f; }
  .curve { stroke: #8db4ee; }
  .level { stroke: #b9a4f2; }
  .words { fill: #e8ebf0; }
  .quiet { fill: #a9b2be; }
  .number { fill: #ffab9f; }
  .halo { stroke: #14181f; }
}
"""


@dataclass
class Canvas:
    """An SVG picture under construction.

    Attributes
    ----------
    width, height:
        In SVG units.
    title, description:
        For those who hear the page instead of seeing it.
    scale:
        SVG units per pixel of what is drawn.
    origin:
        Pixel ``[x, y]`` of the drawn map that lies at SVG position ``shift``.
    shift:
        In SVG units.
    """

    width: float
    height: float
    title: str
    description: str
    scale: float = 1.0
    origin: Point = (0.0, 0.0)
    shift: Point = (0.0, 0.0)
    _parts: list[str] = field(default_factory=list)

    def place(self, point: Point | Points) -> Point:
        """Carry a pixel position to the canvas."""
        x = (float(point[0]) - self.origin[0]) * self.scale + self.shift[0]
        y = (float(point[1]) - self.origin[1]) * self.scale + self.shift[1]
        return x, y

    def polygon(self, points: Points, style: str) -> None:
        """Draw a closed outline given in pixels."""
        placed = [self.place(point) for point in points]
        self.path(placed, style, closed=True)

    def path(self, placed: list[Point], style: str, *, closed: bool = False) -> None:
        """Draw a line through points given on the canvas."""
        text = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in placed) + ("Z" if closed else "")
        self._parts.append(f'<path class="{style}" d="{text}"/>')

    def line(self, start: Point | Points, end: Point | Points, style: str) -> None:
        """Draw a straight line between two pixel positions."""
        self.path([self.place(start), self.place(end)], style)

    def dot(self, point: Point | Points, radius: float = 3.5) -> None:
        """Mark a pixel position."""
        x, y = self.place(point)
        self._parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def rectangle(self, low: Point | Points, high: Point | Points, style: str) -> None:
        """Fill the upright rectangle between two pixel positions."""
        (x0, y0), (x1, y1) = self.place(low), self.place(high)
        left, top = min(x0, x1), min(y0, y1)
        self._parts.append(
            f'<rect class="{style}" x="{left:.1f}" y="{top:.1f}" width="{abs(x1 - x0):.1f}" '
            f'height="{abs(y1 - y0):.1f}"/>'
        )

    def dimension(
        self, start: Point | Points, end: Point | Points, *, name: str, value: float, aside: Point = (0.0, 0.0)
    ) -> None:
        """Draw a measured length as a double arrow, moved aside with help lines that lead back.

        Parameters
        ----------
        start, end:
            In pixels; their distance is the length measured.
        name, value:
            Of the measurement, kept as attributes (``data-name``, ``data-value``) for whoever reads the file.
        aside:
            Shift of the arrow on the canvas.
        """
        first, last = self.place(start), self.place(end)
        a = (first[0] + aside[0], first[1] + aside[1])
        b = (last[0] + aside[0], last[1] + aside[1])
        self._parts.append(f'<g data-name={quoteattr(name)} data-value="{value:.4f}" data-scale="{self.scale}">')
        if aside != (0.0, 0.0):
            self.path([first, a], "help")
            self.path([last, b], "help")
        self.path([a, b], "dimension")
        self._heads(np.array(a), np.array(b))
        self._parts.append("</g>")

    def _heads(self, a: Points, b: Points) -> None:
        """Draw the two heads; where there is no room between them, they point inwards from outside."""
        length = float(np.linalg.norm(b - a))
        along = (b - a) / max(length, 1e-9)
        side = np.array([-along[1], along[0]]) * ARROW * 0.38
        outside = length < 2.4 * ARROW
        for tip, direction in ((a, along), (b, -along)):
            inward = -direction if outside else direction
            tail = tip + inward * ARROW
            self.path([tuple(tip), tuple(tail + side), tuple(tail - side)], "head", closed=True)
            if outside:
                self.path([tuple(tail), tuple(tip + inward * 2.2 * ARROW)], "dimension")

    def words(self, at: Point, text: str, *, style: str = "words", anchor: str = "start", turned: float = 0.0) -> None:
        """Write at a position on the canvas (``turned``: degrees clockwise about it)."""
        turn = f' transform="rotate({turned:g} {at[0]:.1f} {at[1]:.1f})"' if turned else ""
        self._parts.append(
            f'<text class="{style} halo" x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}"{turn}>'
            f"{escape(text)}</text>"
        )

    def svg(self) -> str:
        """Return the picture."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}" role="img">'
        )
        about = f"<title>{escape(self.title)}</title>\n<desc>{escape(self.description)}</desc>\n<style>{STYLE}</style>"
        paper = f'<rect class="paper" x="0.5" y="0.5" width="{self.width - 1:g}" height="{self.height - 1:g}" rx="8"/>'
        return "\n".join([head, about, paper, *self._parts, "</svg>"]) + "\n"
