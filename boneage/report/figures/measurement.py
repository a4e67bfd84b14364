"""The growth chart of one measurement, from its reference table, with a child on it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import Sex
from boneage.report.figures.style import BAND, CHILD, MEAN, MONTHS_PER_YEAR, add_band, chart
from boneage.report.figures.words import ENGLISH, FigureWords


def measurement_chart(
    table: MeasurementTable,
    measurement: str,
    sex: Sex,
    *,
    child: tuple[float, float] | None = None,
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
    height:
        In screen pixels.
    words:
        What the chart says.
    """
    cells = table.sexes.get(sex)
    if cells is None or measurement not in table.measurements:
        return None
    row = table.measurements.index(measurement)
    known = np.isfinite(cells.mean[row])
    if not known.any():
        return None
    years, mean, sd = cells.ages[known] / MONTHS_PER_YEAR, cells.mean[row, known], cells.sd[row, known]
    axis = words.own_age_axis if table.metadata.age_axis == "chronological_age" else words.bone_age_axis
    figure = chart(height=height, x=axis, y=f"{words.measurement(measurement)} ({table.units[row]})")
    for count, opacity in ((2, 0.12), (1, 0.18)):
        name = words.band.format(count=count)
        add_band(figure, years, mean - count * sd, mean + count * sd, colour=BAND, opacity=opacity, name=name)
    figure.add_scatter(x=years, y=mean, mode="lines", line={"color": MEAN, "width": 1.5}, name=words.mean)
    if child is not None:
        age, value = child
        figure.add_scatter(
            x=[age / MONTHS_PER_YEAR], y=[value], mode="markers",
            marker={"size": 12, "color": CHILD, "line": {"color": "#ffffff", "width": 1.5}},
            name=words.this_child, text=f"{words.age(age)}: {value:.3f}", hoverinfo="text",
        )  # fmt: skip
    return figure
