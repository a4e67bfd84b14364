"""Tables of the PDF: a head line that is repeated on every page, names left and numbers right."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.platypus import Paragraph, Table, TableStyle

from boneage.report.pdf.fonts import BOLD, REGULAR, covered, has_han, width_of
from boneage.report.pdf.style import ALERT, QUIET, RULE, WIDTH, words

_LEFT, _GAP, _RIGHT = 2.0, 6.0, 4.0
"""Points before the first column of words, before the others, and behind every column."""


def grid(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    shares: Sequence[float],
    *,
    width: float = WIDTH,
    left: Collection[int] = (0,),
    marked: Collection[int] = (),
    size: float = 7.5,
) -> Table:
    """Return a table.

    Parameters
    ----------
    head, rows:
        Texts, as many in every row.
    shares:
        Widths of the columns relative to each other.
    width:
        Of the whole table, in points.
    left:
        Columns of words, set to the left; the others hold numbers.
    marked:
        Rows (counted without the head) to be pointed out.
    size:
        Of the letters, in points.
    """
    columns = [width * share / sum(shares) for share in shares]
    cells = [
        [
            _cell(text, columns[place], size, left=place in left, head=row < 0, marked=row in marked)
            for place, text in enumerate(texts)
        ]
        for row, texts in enumerate((head, *rows), start=-1)
    ]
    style = [
        ("FONT", (0, 0), (-1, 0), BOLD, size),
        ("TEXTCOLOR", (0, 0), (-1, 0), QUIET),
        ("FONT", (0, 1), (-1, -1), REGULAR, size),
        ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, QUIET),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ("LEFTPADDING", (0, 0), (-1, -1), _LEFT),
        ("RIGHTPADDING", (0, 0), (-1, -1), _RIGHT),
    ]
    for column in left:
        gap = _LEFT if column == 0 else _GAP
        style += [("ALIGN", (column, 0), (column, -1), "LEFT"), ("LEFTPADDING", (column, 0), (column, -1), gap)]
    for row in marked:
        style += [("FONT", (0, row + 1), (-1, row + 1), BOLD, size), ("TEXTCOLOR", (0, row + 1), (-1, row + 1), ALERT)]
    return Table(cells, colWidths=columns, repeatRows=1, style=TableStyle(style), hAlign="LEFT")


def _cell(text: str, width: float, size: float, *, left: bool, head: bool, marked: bool) -> str | Paragraph:
    """Return the text, as a paragraph where it is one of words and too wide for its column, or in two fonts."""
    han = has_han(text)
    too_wide = left and width_of(text, BOLD if head else REGULAR, size) > width - _GAP - _RIGHT
    if not han and not too_wide:
        return covered(text)
    style = {"fontSize": size, "leading": 1.2 * size, "alignment": TA_LEFT if left else TA_RIGHT}
    if han and marked:
        style |= {"fontName": BOLD, "textColor": ALERT}
    return words(text, "head" if head else "cell", **style)
