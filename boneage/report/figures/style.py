"""What the figures share: colours that stand out on light and on dark ground, and the frame of a chart."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

MEASURED: Final = "#d97706"
DIRECT: Final = "#6366f1"
ANSWER: Final = "#0d9488"
OWN_AGE: Final = "#888888"
CHILD: Final = "#dc2626"
READER: Final = "#a855f7"
BAND: Final = "#3b82f6"
MEAN: Final = "#3b82f6"
FLAGGED: Final = "#dc2626"
ON_MEASURED: Final = "#1c1917"
"""Text on an area of `MEASURED`; this and the next at a contrast of at least 4.5 (WCAG 2.1)."""

ON_FLAGGED: Final = "#ffffff"
"""Text on an area of `FLAGGED`."""


def chart(*, height: int, x: str, y: str, **layout: Any) -> go.Figure:
    """Return an empty chart with transparent ground and titled axes; dragging it scrolls the page, as on a phone."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        **layout,
    )
    figure.update_xaxes(title=x, automargin=True)
    figure.update_yaxes(title=y, automargin=True)
    return figure


def transparent(colour: str, opacity: float) -> str:
    """Return ``#rrggbb`` as ``rgba(...)`` with an opacity from 0 to 1."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def add_band(figure: go.Figure, x: Any, low: Any, high: Any, *, colour: str, opacity: float, name: str) -> None:
    """Shade the band between two curves."""
    figure.add_scatter(x=x, y=low, mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip")
    figure.add_scatter(
        x=x,
        y=high,
        mode="lines",
        line={"width": 0},
        fill="tonexty",
        fillcolor=transparent(colour, opacity),
        name=name,
        hoverinfo="skip",
    )
