"""Bland-Altman plots: the difference of each route from the label over the mean of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from boneage.evaluation.agreement import limits_of_agreement
from boneage.evaluation.labelled import LabelledFilm, route_ages
from boneage.evaluation.plots.style import COLOURS, in_years, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST_FILMS = 3


def draw_bland_altman(films: Sequence[LabelledFilm], route: str) -> Figure | None:
    """Draw one route on the answered films, ``None`` where it has too few.

    Solid line: bias. Dashed: limits of agreement, bias ± 1.96 SD. Bands: their 95 % intervals.
    """
    ages = route_ages([film for film in films if film.answered], route)
    if ages.ages.size < LEAST_FILMS:
        return None
    agreement = limits_of_agreement(ages.differences)
    figure, (axes,) = new_figure()
    means = (ages.ages + ages.labels) / 2
    axes.plot(means, ages.differences, ls="", marker="o", ms=2.5, alpha=0.45, color=COLOURS[route], mew=0)
    lines = (
        (agreement.upper, "--", "upper limit"),
        (agreement.bias, "-", "bias"),
        (agreement.lower, "--", "lower limit"),
    )
    for line, dashes, words in lines:
        axes.axhline(line.value, color="black", lw=1, ls=dashes)
        axes.axhspan(line.low, line.high, color="black", alpha=0.12, lw=0)
        axes.annotate(
            f"{words} {line.value:+.1f}",
            (1.0, line.value),
            xycoords=("axes fraction", "data"),
            xytext=(-3, 2),
            textcoords="offset points",
            ha="right",
            va="bottom",
            bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 0.8},
        )
    in_years(axes, f"mean of {route} and label")
    axes.set_ylabel(f"{route} minus label, months")
    axes.set_title(f"Bland-Altman, {route}: {agreement.films} films, limits of agreement ± 1.96 SD", fontsize=9)
    return figure
