"""The strip of ages: the answer, both routes and what is usual for the child's age, on one scale of years."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from boneage.report.pdf.fonts import REGULAR, draw, width_of
from boneage.report.pdf.style import ACCENT, BAND, INK, QUIET, RULE
from boneage.report.speech import ENGLISH, Speech
from boneage.report.usual_range import usual_range
from boneage.result import Result, SexAnswer
from boneage.result.ages import SDS_LIMIT

LABELS: Final = 47 * mm
"""Width of the names of the rows."""

ROW: Final = 5.6 * mm
AXIS: Final = 6 * mm
SMALLEST_SPAN_YEARS: Final = 4
_SIZE: Final = 7.5


@dataclass(frozen=True)
class Bar:
    """One row: name, age in months and its range."""

    name: str
    months: float
    interval: tuple[float, float]
    colour: Color
    thickness: float


def reader_bars(result: Result, speech: Speech = ENGLISH) -> list[Bar]:
    """Return the row of the age that a reader settled on: a line without an interval, which nobody stated of it."""
    said = result.settled
    if said is None or said.final_months is None:
        return []
    name, months = speech.say("pdf.reader_bar"), said.final_months
    return [Bar(name[:1].upper() + name[1:], months, (months, months), ACCENT, 2.4 * mm)]


def bars_of(
    sex: str | None, answer: SexAnswer, *, prefix: str = "", speech: Speech = ENGLISH, automatic: bool = False
) -> list[Bar]:
    """Return the rows of one answer, top to bottom, their names behind ``prefix``; none without a bone age.

    ``automatic`` names the answer as the program's, for where a reader settled on another age.
    """
    if answer.bone_age is None:
        return []
    bars = []
    own = answer.chronological
    if own is not None:
        usual = usual_range(own, sex)
        if usual is not None:
            name = speech.say("pdf.usual_at", limit=f"{SDS_LIMIT:g}", age=speech.age(own.months))
            bars.append(Bar(name, own.months, usual, BAND, 3.6 * mm))
        else:
            bars.append(Bar(speech.say("pdf.own_age_bar"), own.months, (own.months, own.months), BAND, 3.6 * mm))
    age = answer.bone_age
    name = speech.say("pdf.automatic_bone_age_bar" if automatic else "pdf.bone_age_bar")
    bars.append(Bar(name, age.said_months, age.interval_95, ACCENT, 2.4 * mm))
    if (lookup := answer.estimates.measurement) is not None:
        bars.append(Bar(speech.say("pdf.measured_bar"), lookup.months, lookup.interval_95, QUIET, 1.0 * mm))
    if (direct := answer.estimates.regression) is not None:
        bars.append(Bar(speech.say("pdf.direct_bar"), direct.months, direct.interval_95, QUIET, 1.0 * mm))
    return [replace(bar, name=prefix + bar.name if prefix else bar.name[:1].upper() + bar.name[1:]) for bar in bars]


def years_shown(bars: list[Bar]) -> tuple[int, int]:
    """Return the first and last year of the scale: whole years round everything, at least four of them."""
    low = max(0, math.floor(min(bar.interval[0] for bar in bars) / 12 - 0.25))
    high = math.ceil(max(bar.interval[1] for bar in bars) / 12 + 0.25)
    return low, max(high, low + SMALLEST_SPAN_YEARS)


class AgeStrip(Flowable):
    """Draws bars over a scale of years; the numbers stand in words beside it."""

    def __init__(self, bars: list[Bar], width: float, speech: Speech = ENGLISH) -> None:
        super().__init__()
        self._bars = bars
        self._speech = speech
        self.width = width
        self.height = len(bars) * ROW + AXIS

    def draw(self) -> None:
        """Draw the scale, then the rows."""
        first, last = years_shown(self._bars)
        step = 1 if last - first <= 12 else 2
        pen = self.canv
        for year in range(first, last + 1, step):
            x = self._x(12 * year, first, last)
            pen.setStrokeColor(RULE)
            pen.setLineWidth(0.4)
            pen.line(x, AXIS, x, self.height)
            pen.setFillColor(QUIET)
            name = self._speech.say("pdf.year", year=year)
            draw(pen, x - width_of(name, REGULAR, _SIZE) / 2, 1.6 * mm, name, REGULAR, _SIZE)
        for row, bar in enumerate(self._bars):
            self._draw_bar(bar, self.height - (row + 0.5) * ROW, first, last)

    def _draw_bar(self, bar: Bar, y: float, first: int, last: int) -> None:
        pen = self.canv
        pen.setFillColor(INK)
        draw(pen, 0, y - 0.35 * _SIZE, bar.name, REGULAR, _SIZE)
        start, end = (self._x(months, first, last) for months in bar.interval)
        pen.setFillColor(bar.colour)
        pen.rect(start, y - bar.thickness / 2, end - start, bar.thickness, stroke=0, fill=1)
        middle = self._x(bar.months, first, last)
        pen.setStrokeColor(INK)
        pen.setLineWidth(1.4)
        pen.line(middle, y - 2.1 * mm, middle, y + 2.1 * mm)

    def _x(self, months: float, first: int, last: int) -> float:
        share = (months / 12 - first) / (last - first)
        return LABELS + min(max(share, 0.0), 1.0) * (self.width - LABELS - 5 * mm)
