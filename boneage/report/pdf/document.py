"""The PDF document: its pages in order, the foot of each page, and the date, on which alone two runs differ."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate

from boneage.report.material import Material
from boneage.report.pdf.first_page import first_page
from boneage.report.pdf.fonts import REGULAR, draw, ending_of, register_fonts, width_of
from boneage.report.pdf.measured import measured_pages
from boneage.report.pdf.style import MARGIN, QUIET, RULE

FOOT: Final = 9 * mm
FOOT_SIZE: Final = 6.5
FOOT_GAP: Final = 5 * mm
"""Left free between the notice and the film."""


def write_pdf(material: Material) -> bytes:
    """Return the report of a film as a PDF (A4).

    Parameters
    ----------
    material:
        Of any film; a refused one has its refusal and its picture on the first page.

    Returns
    -------
    bytes
        The same for the same material. Fonts are embedded (but see `boneage.report.pdf.han`), and all text can be
        searched and copied.

    Raises
    ------
    OutputError
        With code ``fonts_missing`` if the fonts are not installed.
    """
    register_fonts()
    result = material.reading.result
    buffer = io.BytesIO()
    speech = material.speech
    software = f"boneage {result.software.version}".strip()

    def canvas(*arguments: Any, **options: Any) -> Canvas:
        return _FootedCanvas(*arguments, **options, software=software, material=material)

    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN - 6,
        rightMargin=MARGIN - 6,  # The frame has a padding of 6 points.
        topMargin=11 * mm,
        bottomMargin=16 * mm,
        title=speech.say("pdf.title"),
        author="",
        subject=speech.research_use(),
        creator=software,
        lang=speech.say("pdf.language"),
        invariant=1,
        initialFontName=REGULAR,
    )
    document.build([*first_page(material), *measured_pages(result, speech)], canvasmaker=canvas)
    return buffer.getvalue()


class _FootedCanvas(Canvas):
    """Keeps the pages until their number is known, and writes the foot of each."""

    def __init__(self, *arguments: Any, software: str, material: Material, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.setDateFormatter(lambda *_: _pdf_date(material.made))
        self._software = software
        self._film = material.reading.result.input.path
        self._speech = material.speech
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the kept pages, each with its foot."""
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._write_foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _write_foot(self, number: int, pages: int) -> None:
        left, right = MARGIN, A4[0] - MARGIN
        self.setStrokeColor(RULE)
        self.setLineWidth(0.4)
        self.line(left, FOOT + 3.5 * mm, right, FOOT + 3.5 * mm)
        self.setFillColor(QUIET)
        notice = self._speech.research_use()
        draw(self, left, FOOT, notice, REGULAR, FOOT_SIZE)
        before, after = f"{self._software} · ", f" · {self._speech.say('pdf.page', number=number, pages=pages)}"
        taken = sum(width_of(words, REGULAR, FOOT_SIZE) for words in (notice, before, after))
        film = ending_of(self._film, right - left - taken - FOOT_GAP, REGULAR, FOOT_SIZE)
        place = f"{before}{film}{after}"
        draw(self, right - width_of(place, REGULAR, FOOT_SIZE), FOOT, place, REGULAR, FOOT_SIZE)


def _pdf_date(made: datetime) -> str:
    """Return a time as PDF writes it, for instance ``D:20260131120000+01'00'``."""
    offset = made.strftime("%z") or "+0000"
    return f"D:{made:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
