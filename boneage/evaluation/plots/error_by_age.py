"""Error by age: bias and mean absolute difference of each route by year of the labelled bone age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from boneage.evaluation.labelled import ROUTES, Floats, LabelledFilm, route_ages
from boneage.evaluation.metrics import bootstrap
from boneage.evaluation.plots.style import COLOURS, GREY, MARKERS, OLDEST_YEARS, in_years, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST_FILMS = 5
"""A year with fewer films is left out: its interval would say nothing."""


def draw_error_by_age(films: Sequence[LabelledFilm]) -> Figure | None:
    """Draw bias and MAD by year of the label with bootstrap intervals, ``None`` where no year has enough films."""
    answered = [film for film in films if film.answered]
    figure, (left, right) = new_figure(columns=2, height=3.9)
    drawn = False
    for shift, route in enumerate(ROUTES):
        ages = route_ages(answered, route)
        drawn |= _by_year(left, ages.labels, ages.differences, route, 2.5 * (shift - 1))
        _by_year(right, ages.labels, np.abs(ages.differences), route, 2.5 * (shift - 1))
    if not drawn:
        return None
    left.axhline(0, color=GREY, lw=1)
    left.set_ylabel("mean of age minus label, months")
    left.set_title("Bias; below zero: read too young", fontsize=9)
    right.set_ylim(bottom=0)
    right.set_ylabel("mean absolute difference, months")
    right.set_title("Mean absolute difference", fontsize=9)
    for axes in (left, right):
        in_years(axes, "labelled bone age")
    right.legend(frameon=False, loc="upper left")
    return figure


def _by_year(axes: Axes, labels: Floats, values: Floats, route: str, shift: float) -> bool:
    places, figures = [], []
    for year in range(OLDEST_YEARS + 1):
        chosen = values[(labels >= 12 * year) & (labels < 12 * (year + 1))]
        if chosen.size >= LEAST_FILMS:
            places.append(12 * year + 6 + shift)
            figures.append(bootstrap(chosen))
    if not figures:
        return False
    means = np.array([figure.value for figure in figures])
    bars = np.abs(np.array([(figure.low, figure.high) for figure in figures]).T - means)
    axes.errorbar(
        places, means, yerr=bars, color=COLOURS[route], marker=MARKERS[route], ms=3.5, capsize=1.5, lw=0.9, label=route
    )
    return True
