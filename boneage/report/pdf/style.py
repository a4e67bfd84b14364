"""Fonts, colours and paragraph styles of the PDF.

The fonts are DejaVu Sans as matplotlib brings them along; the characters that a report uses are embedded in it. They
cover Latin, Greek and Cyrillic letters; others (a name in Chinese characters) are shown as a replacement sign.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from boneage.errors import OutputError

REGULAR: Final = "BoneageSans"
BOLD: Final = "BoneageSans-Bold"
_FILES: Final = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
NOT_COVERED: Final = "\ufffd"

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


@cache
def register_fonts() -> None:
    """Make both fonts known to the PDF library.

    Raises
    ------
    OutputError
        With code ``fonts_missing`` if matplotlib's fonts are not where they belong.
    """
    package = find_spec("matplotlib")
    folder = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" if package and package.origin else None
    for name, file in _FILES.items():
        if folder is None or not (folder / file).is_file():
            msg = "the fonts of the PDF report are not installed"
            raise OutputError("fonts_missing", msg, remedy="install matplotlib again")
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def covered(text: str) -> str:
    """Return the text with `NOT_COVERED` for every character that the font does not have."""
    register_fonts()
    glyphs = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return "".join(character if ord(character) in glyphs else NOT_COVERED for character in " ".join(text.split()))


def words(text: str, style: str = "body", **changes: Any) -> Paragraph:
    """Return plain text (no markup in it is obeyed) as a paragraph of a named style."""
    found = _styles()[style]
    return Paragraph(escape(covered(text)), ParagraphStyle(style, parent=found, **changes) if changes else found)


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
