"""Tables of the PDF: a head line that is repeated on every page, names left and numbers right."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reportlab.platypus import Table, TableStyle

from boneage.report.pdf.style import ALERT, BOLD, QUIET, REGULAR, RULE, WIDTH, covered


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
    cells = [[covered(text) for text in row] for row in (head, *rows)]
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
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    style += [("ALIGN", (column, 0), (column, -1), "LEFT") for column in left]
    for row in marked:
        style += [("FONT", (0, row + 1), (-1, row + 1), BOLD, size), ("TEXTCOLOR", (0, row + 1), (-1, row + 1), ALERT)]
    columns = [width * share / sum(shares) for share in shares]
    return Table(cells, colWidths=columns, repeatRows=1, style=TableStyle(style), hAlign="LEFT")
