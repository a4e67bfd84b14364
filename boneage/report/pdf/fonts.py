"""The fonts of the PDF, and which of them a text is set in.

DejaVu Sans, as matplotlib brings it along, covers Latin, Greek and Cyrillic letters. What it lacks, Chinese above all,
is set in the Chinese font that is installed (`boneage.report.pdf.han`). The characters that a report uses are embedded.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from boneage.errors import OutputError
from boneage.report.pdf.han import han_font

REGULAR: Final = "BoneageSans"
BOLD: Final = "BoneageSans-Bold"
_FILES: Final = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
NOT_COVERED: Final = "\ufffd"
ELLIPSIS: Final = "…"


@cache
def register_fonts() -> None:
    """Make the fonts known to the PDF library.

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
    """Return the text in one line, with `NOT_COVERED` for every character that no font has."""
    line = " ".join(text.split())
    return "".join(sign if _is_plain(sign) or han_font().covers(sign) else NOT_COVERED for sign in line)


def runs(text: str) -> list[tuple[bool, str]]:
    """Return the text in pieces of one script each: whether it is set in the Chinese font, and the piece.

    Examples
    --------
    >>> runs("骨龄 10 y")
    [(True, '骨龄'), (False, ' 10 y')]
    """
    return [(han, "".join(part)) for han, part in groupby(covered(text), key=lambda one: not _is_plain(one))]


def mostly_han(text: str) -> bool:
    """Tell whether Chinese takes up most of a text's room: its signs are about twice as wide as letters."""
    return sum(2 * len(part) if han else -len(part.strip()) for han, part in runs(text)) > 0


def has_han(text: str) -> bool:
    """Tell whether any of a text is set in the Chinese font."""
    return any(han for han, _ in runs(text))


def markup(text: str) -> str:
    """Return plain text (no markup in it is obeyed) as the markup of a paragraph that is in the other font."""
    return "".join(
        f'<font name="{han_font().name}">{escape(part)}</font>' if han else escape(part) for han, part in runs(text)
    )


def width_of(text: str, font: str, size: float) -> float:
    """Return the width of a text in points."""
    return sum(pdfmetrics.stringWidth(part, han_font().name if han else font, size) for han, part in runs(text))


def ending_of(text: str, width: float, font: str, size: float) -> str:
    """Return the text, of one that is too wide for ``width`` points the end that fits behind an ellipsis."""
    if width_of(text, font, size) <= width:
        return text
    ends = (f"{ELLIPSIS}{text[start:]}" for start in range(1, len(text)))
    return next((end for end in ends if width_of(end, font, size) <= width), ELLIPSIS)


def draw(canvas: Canvas, x: float, y: float, text: str, font: str, size: float) -> None:
    """Draw a text in one line that begins at ``x``."""
    for han, part in runs(text):
        name = han_font().name if han else font
        canvas.setFont(name, size)
        canvas.drawString(x, y, part)
        x += pdfmetrics.stringWidth(part, name, size)


def _is_plain(character: str) -> bool:
    register_fonts()
    return character == NOT_COVERED or ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph
