"""Bone age against chronological age, on the bands of a published standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import plotly.graph_objects as go

from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.reference.rows import Sex
from boneage.reference.standards import BRUSH, SkeletalAgeCurve, load_standard
from boneage.report.figures.style import BAND, CHILD, MEAN, READER, add_band, chart
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.result import BoneAge

_MARGIN_YEARS: Final = 4.0
"""So many years around the visits are shown at first; zooming out shows the rest."""


@dataclass(frozen=True)
class Visit:
    """One film of a child, in months. ``interval_95`` is that of the bone age, which may be no more than a bound."""

    age_months: float
    bone_age_months: float
    interval_95: tuple[float, float] | None = None
    at_least: bool = False

    @classmethod
    def of(cls, age_months: float, found: BoneAge) -> Visit:
        """Return the visit of an answer; a grown hand stands at its bound."""
        return cls(age_months, found.said_months, found.interval_95, found.bound is not None)


def growth_chart(
    visits: Sequence[Visit],
    sex: Sex,
    *,
    reader: Visit | None = None,
    standard: str = BRUSH,
    height: int = 460,
    words: FigureWords = ENGLISH,
) -> go.Figure:
    """Return the chart of a child's visits, the last one being the present.

    Parameters
    ----------
    visits:
        In the order of time; may be empty.
    sex:
        Of the child.
    reader:
        The age that a reader settled on for the present visit, which is then named automatic.
    standard:
        Name of the standard (see `boneage.reference.standards`).
    height:
        In screen pixels.
    words:
        What the chart says.

    Notes
    -----
    The bands lie about the line where bone age equals chronological age, since the SD score of a result is the
    difference of the two in SDs; where the standard prints the mean of its own children, that is a dotted line.
    """
    curve = load_standard(standard).curves[sex]
    figure = chart(height=height, x=words.own_age_axis, y=words.bone_age_axis)
    _add_bands(figure, curve, words)
    if reader is not None:
        _add_reader(figure, reader, words)
    if visits:
        _add_visits(figure, visits, words.automatic if reader is not None else words.this_visit, words)
    if shown := [*visits, *([] if reader is None else [reader])]:
        ages = [age for visit in shown for age in (visit.age_months, visit.bone_age_months)]
        low, high = (min(ages) / MONTHS_PER_YEAR - _MARGIN_YEARS, max(ages) / MONTHS_PER_YEAR + _MARGIN_YEARS)
        figure.update_xaxes(range=[max(low, 0.0), high])
        figure.update_yaxes(range=[max(low, 0.0), high])
    return figure


def _add_bands(figure: go.Figure, curve: SkeletalAgeCurve, words: FigureWords) -> None:
    years, sds = curve.ages / MONTHS_PER_YEAR, curve.sds / MONTHS_PER_YEAR
    for count, opacity in ((2, 0.12), (1, 0.18)):
        name = words.band.format(count=count)
        low, high = np.maximum(years - count * sds, 0.0), years + count * sds
        add_band(figure, years, low, high, colour=BAND, opacity=opacity, name=name)
    figure.add_scatter(x=years, y=years, mode="lines", line={"color": MEAN, "width": 1.5}, name=words.identity)
    if curve.means is not None:
        figure.add_scatter(
            x=years, y=curve.means / MONTHS_PER_YEAR, mode="lines",
            line={"color": MEAN, "width": 1.2, "dash": "dot"}, name=words.reference_mean,
        )  # fmt: skip


def _add_visits(figure: go.Figure, visits: Sequence[Visit], present: str, words: FigureWords) -> None:
    if len(visits) > 1:
        _add_points(figure, visits[:-1], words.earlier_visits, words, line=False)
        figure.add_scatter(
            x=[visit.age_months / MONTHS_PER_YEAR for visit in visits],
            y=[visit.bone_age_months / MONTHS_PER_YEAR for visit in visits],
            mode="lines", line={"color": CHILD, "width": 1}, showlegend=False, hoverinfo="skip",
        )  # fmt: skip
    _add_points(figure, visits[-1:], present, words, line=True)


def _add_reader(figure: go.Figure, reader: Visit, words: FigureWords) -> None:
    """Show the age that a reader settled on: a diamond, without an interval."""
    figure.add_scatter(
        x=[reader.age_months / MONTHS_PER_YEAR],
        y=[reader.bone_age_months / MONTHS_PER_YEAR],
        mode="markers",
        marker={"size": 14, "symbol": "diamond", "color": READER, "line": {"color": "#ffffff", "width": 1.5}},
        name=words.reader,
        text=f"{words.reader}: {words.age(reader.age_months)} → {words.age(reader.bone_age_months)}",
        hoverinfo="text",
    )


def _add_points(figure: go.Figure, visits: Sequence[Visit], name: str, words: FigureWords, *, line: bool) -> None:
    bounds = [visit.interval_95 or (visit.bone_age_months, visit.bone_age_months) for visit in visits]
    figure.add_scatter(
        x=[visit.age_months / MONTHS_PER_YEAR for visit in visits],
        y=[visit.bone_age_months / MONTHS_PER_YEAR for visit in visits],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [(high - visit.bone_age_months) / MONTHS_PER_YEAR
                      for visit, (_, high) in zip(visits, bounds, strict=True)],
            "arrayminus": [(visit.bone_age_months - low) / MONTHS_PER_YEAR
                           for visit, (low, _) in zip(visits, bounds, strict=True)],
            "color": CHILD,
            "thickness": 1.5,
        },
        mode="markers",
        marker={"size": 12 if line else 9, "color": CHILD if line else "rgba(0,0,0,0)",
                "line": {"color": CHILD, "width": 2}},
        name=name,
        text=[
            f"{words.age(visit.age_months)} → {words.least(visit.bone_age_months, at_least=visit.at_least)}"
            for visit in visits
        ],
        hoverinfo="text",
    )  # fmt: skip
