"""Calibration: nominal against observed coverage, and coverage and width of the told interval by age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boneage.evaluation.calibration import LEVELS
from boneage.evaluation.evaluate import Evaluation
from boneage.evaluation.groups import ALL
from boneage.evaluation.labelled import ROUTES
from boneage.evaluation.metrics import AGE_BANDS
from boneage.evaluation.plots.style import COLOURS, GREY, MARKERS, new_figure
from boneage.evaluation.tidy import FigureRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_calibration(evaluation: Evaluation) -> Figure | None:
    """Draw observed over nominal coverage of every route with intervals, ``None`` where there is none."""
    routes = [route for route in ROUTES if evaluation.at(route, ALL, "coverage_of_95")]
    if not routes:
        return None
    figure, (axes,) = new_figure(width=5.2, height=4.8)
    axes.plot([40, 100], [40, 100], color=GREY, lw=1, ls=":", label="as promised")
    for shift, route in enumerate(routes):
        rows = [evaluation.at(route, ALL, f"coverage_of_{level}") for level in LEVELS]
        nominal = [level + 0.7 * (shift - (len(routes) - 1) / 2) for level in LEVELS]
        _with_intervals(axes, nominal, [row for row in rows if row], route)
    axes.set_xlabel("nominal coverage of the interval, %")
    axes.set_ylabel("labels inside the interval, %")
    axes.set_xlim(45, 100)
    axes.set_ylim(45, 100)
    axes.set_title("Calibration. Levels below 95 % are derived from the 95 % interval", fontsize=9)
    axes.legend(frameon=False, loc="lower right")
    return figure


def draw_coverage_by_age(evaluation: Evaluation) -> Figure | None:
    """Draw coverage and mean width of the 95 % interval by age band, ``None`` where there is no interval."""
    routes = [route for route in ROUTES if evaluation.at(route, ALL, "coverage")]
    if not routes:
        return None
    figure, (left, right) = new_figure(columns=2, height=3.8)
    for shift, route in enumerate(routes):
        for axes, metric in ((left, "coverage"), (right, "width")):
            known = [(place, evaluation.at(route, band, metric)) for place, band in enumerate(AGE_BANDS)]
            there = [(place, row) for place, row in known if row is not None]
            places = [place + 0.16 * (shift - (len(routes) - 1) / 2) for place, _ in there]
            _with_intervals(axes, places, [row for _, row in there], route)
    left.axhline(95, color=GREY, lw=1, ls=":")
    left.axhspan(93, 97, color=GREY, alpha=0.12, lw=0)
    lowest = min(row.figure.low for row in evaluation.rows if row.metric == "coverage" and row.group in AGE_BANDS)
    left.set_ylim(min(80, 5 * np.floor(lowest / 5)), 100.5)
    left.set_ylabel("labels inside the 95 % interval, %")
    left.set_title("Coverage; grey: 93 to 97 %", fontsize=9)
    right.set_ylim(bottom=0)
    right.set_ylabel("mean width of the 95 % interval, months")
    right.set_title("Width", fontsize=9)
    for axes in (left, right):
        words = [band.removesuffix(" y").replace("16 y and over", "16 and over") for band in AGE_BANDS]
        axes.set_xticks(range(len(AGE_BANDS)), [word.replace(" and ", "\nand ") for word in words])
        axes.set_xlabel("labelled bone age, years")
    right.legend(frameon=False, loc="lower right")
    return figure


def _with_intervals(axes: Axes, places: list[float], rows: list[FigureRow], route: str) -> None:
    values = np.array([row.figure.value for row in rows])
    ends = np.array([(row.figure.low, row.figure.high) for row in rows]).reshape(-1, 2)
    bars = np.nan_to_num(np.abs(ends.T - values))
    axes.errorbar(
        places, values, yerr=bars, color=COLOURS[route], marker=MARKERS[route], ms=4.5, capsize=2, lw=1, label=route
    )
