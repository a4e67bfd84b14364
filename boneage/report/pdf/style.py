"""Colours and paragraph styles of the PDF."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from boneage.report.pdf.fonts import BOLD, REGULAR, markup, mostly_han, register_fonts

INK: Final = HexColor(0x1B2430)
QUIET: Final = HexColor(0x5A6472)
ACCENT: Final = HexColor(0x0F5C7A)
BAND: Final = HexColor(0xD9E6EC)
RULE: Final = HexColor(0xC9D0D8)
ALERT: Final = HexColor(0x9A5200)
REFUSED: Final = HexColor(0xA8201A)

MARGIN: Final = 15 * mm
WIDTH: Final = 180 * mm
"""Between the margins of an A4 page."""


def words(text: str, style: str = "body", **changes: Any) -> Paragraph:
    """Return plain text (no markup in it is obeyed) as a paragraph of a named style."""
    found = _styles()[style]
    if mostly_han(text):
        changes = {"wordWrap": "CJK", **changes, "fontName": REGULAR}  # Chinese has one weight: so have its numbers.
    return Paragraph(markup(text), ParagraphStyle(style, parent=found, **changes) if changes else found)


@cache
def _styles() -> dict[str, ParagraphStyle]:
    register_fonts()

    def style(size: float, colour: Color = INK, *, bold: bool = False, before: float = 0, after: float = 0) -> Any:
        return ParagraphStyle(
            "report",
            fontName=BOLD if bold else REGULAR,
            fontSize=size,
            leading=1.32 * size,
            textColor=colour,
            spaceBefore=before,
            spaceAfter=after,
        )

    return {
        "title": style(14, ACCENT, bold=True),
        "answer": style(21, bold=True, after=2),
        "assumed": style(11, ACCENT, bold=True, before=4, after=1),
        "refusal": style(16, REFUSED, bold=True, after=3),
        "lead": style(10.5, after=2),
        "verdict": style(10.5, bold=True, after=2),
        "heading": style(10.5, ACCENT, bold=True, before=8, after=3),
        "body": style(8.5, after=1.5),
        "quiet": style(7.5, QUIET, after=1),
        "alert": style(8.5, ALERT, after=1.5),
        "cell": style(7.5),
        "head": style(7.5, QUIET, bold=True),
    }
