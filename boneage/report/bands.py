"""Bands of words above and below a picture: wrapped, on a dark ground, in the font that Pillow brings along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from boneage.report.palette import PAPER, Colour

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

CHARACTERS_PER_LINE: Final = 58
"""Roughly how many characters of size 1 fit across a picture."""

SMALLEST_FONT_PX: Final = 11


@dataclass(frozen=True)
class Line:
    """One statement: its words, size relative to the band's own, and colour. Long ones are wrapped; ``""`` is a gap."""

    text: str
    size: float
    colour: Colour


def draw_band(lines: list[Line], width: int) -> Image:
    """Draw statements under each other on a band of the given width in pixels; its height is what they need."""
    from PIL import Image as Images
    from PIL import ImageDraw

    unit = max(SMALLEST_FONT_PX / 0.75, width / CHARACTERS_PER_LINE * 1.75)
    margin = round(0.8 * unit)
    placed: list[tuple[int, Line]] = []
    y = margin
    for line in lines:
        pixels = line.size * unit
        if not line.text:
            y += round(0.5 * pixels)
        for part in wrap(line.text, _font(round(pixels)), width - 2 * margin):
            placed.append((y, Line(part, line.size, line.colour)))
            y += round(1.3 * pixels)
    band = Images.new("RGB", (width, y + margin // 2), PAPER)
    draw = ImageDraw.Draw(band)
    for top, line in placed:
        draw.text((margin, top), line.text, font=_font(round(line.size * unit)), fill=line.colour)
    return band


def wrap(text: str, font: FreeTypeFont | ImageFont, width: float) -> list[str]:
    """Break a text into lines no wider than ``width`` pixels; a word that is wider than that is cut."""
    lines: list[str] = []
    current = ""
    for word in printable(text).split():
        candidate = f"{current} {word}".strip()
        if font.getlength(candidate) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        while font.getlength(word) > width and len(word) > 1:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or font.getlength(word[:n]) <= width)
            lines.append(word[:fits])
            word = word[fits:]
        current = word
    return [*lines, current] if current else lines


def printable(text: str) -> str:
    """Return the text in the characters that the font has: typographic signs as plain ones, others as ``?``."""
    plain = text.translate({0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    return plain.encode("latin-1", errors="replace").decode("latin-1")


@cache
def _font(pixels: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont as Fonts

    return Fonts.load_default(size=max(SMALLEST_FONT_PX, pixels))
