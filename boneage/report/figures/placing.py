"""A part of the film round one bone, on which its two ends are shown and can be placed with a click."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from boneage.correction.correction import Ends, Point
from boneage.report.figures.film import film_data_uri
from boneage.report.figures.style import ANSWER, CHILD
from boneage.report.overlay import film_window

TARGETS: Final = 71
"""Places along a side that a click can fall on: a film cannot be clicked, points can."""

ROOM: Final = 0.35
"""What is shown beyond either end, as a share of the bone's length."""

CLOSE: Final = 0.4
"""Side of a close view, as a share of the bone's length."""

TARGET_META: Final = "targets"


def placing_figure(
    pixels: NDArray[np.float32],
    ends: Ends,
    *,
    names: tuple[str, str],
    before: Ends | None = None,
    close_to: int | None = None,
    height: int = 460,
) -> go.Figure:
    """Return the film round a bone; coordinates are film pixels.

    Parameters
    ----------
    pixels:
        The film, shape (rows, columns), 0 to 1 with bone bright.
    ends:
        Proximal and distal end, ``[x, y]``.
    names:
        Words of the two ends.
    before:
        The ends as the program found them, drawn thinner, where they differ.
    close_to:
        0 or 1 shows the surroundings of that end alone; ``None`` the whole bone.
    height:
        In screen pixels.

    Notes
    -----
    The trace whose ``meta`` is `TARGET_META` is a lattice of unseen points: what is clicked is the nearest of them,
    within a `TARGETS`-th of the side.
    """
    left, top, side = view_of(ends, close_to, before=before)
    rows, columns = pixels.shape
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="#000000",
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        clickmode="event+select",
    )
    hidden = {"visible": False, "showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_xaxes(range=[left, left + side], constrain="domain", **hidden)
    figure.update_yaxes(range=[top + side, top], scaleanchor="x", constrain="domain", **hidden)
    x0, y0 = (min(max(int(np.floor(edge)), 0), size - 1) for edge, size in ((left, columns), (top, rows)))
    x1 = min(max(int(np.ceil(left + side)), x0 + 1), columns)
    y1 = min(max(int(np.ceil(top + side)), y0 + 1), rows)
    part = pixels[y0:y1, x0:x1]
    figure.add_layout_image(
        source=film_data_uri(part, film_window(part)),
        xref="x", yref="y", x=x0 - 0.5, y=y0 - 0.5, sizex=x1 - x0, sizey=y1 - y0, sizing="stretch", layer="below",
    )  # fmt: skip
    if before is not None and before != ends:
        _add_axis(figure, before, ("", ""), ANSWER, width=1.2, size=7)
    _add_axis(figure, ends, names, CHILD, width=2.2, size=11)
    steps = (np.arange(TARGETS) + 0.5) / TARGETS * side
    x, y = np.meshgrid(left + steps, top + steps)
    figure.add_scatter(
        x=np.round(x, 1).ravel(), y=np.round(y, 1).ravel(), mode="markers",
        marker={"size": max(4.0, height / TARGETS + 1), "opacity": 0.0, "symbol": "square"},
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
        hoverinfo="none", meta=TARGET_META,
    )  # fmt: skip
    return figure


def view_of(ends: Ends, close_to: int | None, *, before: Ends | None = None) -> tuple[float, float, float]:
    """Return left, top and side of the square that is shown: round one end, or round all, those before included."""
    axis = before or ends
    length = max(math.dist(*axis), 1.0)
    if close_to is not None:
        low = high = np.array(ends[close_to])
        side = CLOSE * length
    else:
        points = np.array([*ends, *axis])
        low, high = points.min(axis=0), points.max(axis=0)
        side = float((high - low).max()) + 2 * ROOM * length
    left, top = ((low + high) / 2 - side / 2).tolist()
    return left, top, side


def clicked_point(x: object, y: object) -> Point | None:
    """Return what was clicked as a point on the film, ``None`` where it is none."""
    if isinstance(x, (int, float)) and isinstance(y, (int, float)):
        return float(x), float(y)
    return None


def _add_axis(figure: go.Figure, ends: Ends, names: tuple[str, str], colour: str, *, width: float, size: float) -> None:
    figure.add_scatter(
        x=[x for x, _ in ends], y=[y for _, y in ends], mode="lines+markers+text", text=list(names),
        textposition="middle right", textfont={"color": "#ffffff", "size": 14},
        line={"color": colour, "width": width},
        marker={"size": size, "symbol": "cross-thin", "line": {"color": colour, "width": width}},
        hoverinfo="skip",
    )  # fmt: skip
