"""The growth chart of one measurement, from its reference table, with a child on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import Sex
from boneage.report.figures.style import BAND, CHILD, MEAN, add_band, chart
from boneage.report.figures.words import ENGLISH, FigureWords

Point = tuple[float, float]
"""Age in months, and value."""


def measurement_chart(
    table: MeasurementTable,
    measurement: str,
    sex: Sex,
    *,
    child: Point | None = None,
    earlier: Sequence[Point] = (),
    height: int = 400,
    words: FigureWords = ENGLISH,
) -> go.Figure | None:
    """Return mean and bands of 1 and 2 SD of a measurement by age; ``None`` where the table has no cells for it.

    Parameters
    ----------
    table:
        A reference table.
    measurement:
        One of its names.
    sex:
        Of the child.
    child:
        Age in months on the table's own axis (bone age or chronological age), and the value measured.
    earlier:
        The same of earlier visits, in the order of time.
    height:
        In screen pixels.
    words:
        What the chart says.
    """
    if not table.has_curve(measurement, sex):
        return None
    cells, row = table.sexes[sex], table.measurements.index(measurement)
    known = np.isfinite(cells.mean[row])
    years, mean, sd = cells.ages[known] / MONTHS_PER_YEAR, cells.mean[row, known], cells.sd[row, known]
    axis = words.own_age_axis if table.metadata.age_axis == "chronological_age" else words.bone_age_axis
    unit = "" if table.units[row] == "mm" else f" ({table.units[row]})"  # A length says its millimetres itself.
    figure = chart(height=height, x=axis, y=f"{words.measurement(measurement)}{unit}")
    for count, opacity in ((2, 0.12), (1, 0.18)):
        name = words.band.format(count=count)
        add_band(figure, years, mean - count * sd, mean + count * sd, colour=BAND, opacity=opacity, name=name)
    figure.add_scatter(x=years, y=mean, mode="lines", line={"color": MEAN, "width": 1.5}, name=words.mean)
    if earlier:
        path = [*earlier, *((child,) if child is not None else ())]
        figure.add_scatter(
            x=[age / MONTHS_PER_YEAR for age, _ in path], y=[value for _, value in path],
            mode="lines", line={"color": CHILD, "width": 1}, showlegend=False, hoverinfo="skip",
        )  # fmt: skip
        marker = {"size": 9, "color": "rgba(0,0,0,0)", "line": {"color": CHILD, "width": 2}}
        _add_points(figure, earlier, marker, words.earlier_visits, words)
    if child is not None:
        marker = {"size": 12, "color": CHILD, "line": {"color": "#ffffff", "width": 1.5}}
        _add_points(figure, [child], marker, words.this_child, words)
    return figure


def _add_points(
    figure: go.Figure, points: Sequence[Point], marker: dict[str, Any], name: str, words: FigureWords
) -> None:
    figure.add_scatter(
        x=[age / MONTHS_PER_YEAR for age, _ in points], y=[value for _, value in points],
        mode="markers", marker=marker, name=name,
        text=[f"{words.age(age)}: {value:.3g}" for age, value in points], hoverinfo="text",
    )  # fmt: skip
