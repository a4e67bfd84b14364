"""What each measurement said about the age, heaviest first."""

from __future__ import annotations

from typing import Final

import plotly.graph_objects as go

from boneage.report.figures.style import FLAGGED, MEASURED, ON_FLAGGED, ON_MEASURED, chart
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.report.text import top_contributions
from boneage.report.wording import UNUSUAL_Z, signed
from boneage.result import AgeByMeasurement

SHOWN: Final = 12


def contributions_figure(lookup: AgeByMeasurement, *, count: int = SHOWN, words: FigureWords = ENGLISH) -> go.Figure:
    """Return the shares of the weight of the heaviest measurements as bars; those far from expectation stand out."""
    parts = top_contributions(lookup, count=count)[::-1]
    flagged = [abs(part.z) >= UNUSUAL_Z for part in parts]
    figure = chart(height=80 + 30 * len(parts), x=words.weight_axis, y="")
    figure.add_bar(
        x=[100 * part.weight for part in parts],
        y=[words.measurement(part.measurement) for part in parts],
        orientation="h",
        marker={"color": [FLAGGED if one else MEASURED for one in flagged]},
        insidetextfont={"color": [ON_FLAGGED if one else ON_MEASURED for one in flagged]},
        text=[f"z {signed(part.z)}" for part in parts],
        hovertemplate="%{y}<br>%{x:.1f} %, %{text}<extra></extra>",
        showlegend=False,
    )
    return figure
