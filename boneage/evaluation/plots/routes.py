"""Both routes against each other, on answered films and on those that were refused although both had an age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from boneage.evaluation.labelled import LabelledFilm
from boneage.evaluation.plots.style import COLOURS, GREY, OLDEST_YEARS, in_years, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_routes(films: Sequence[LabelledFilm]) -> Figure | None:
    """Draw the regression's age over the measured one, ``None`` where no answered film has both."""
    both = [film for film in films if {"measurement", "regression"} <= film.months.keys()]
    answered = np.array([_ages(film) for film in both if film.answered]).reshape(-1, 2)
    refused = np.array([_ages(film) for film in both if film.status == "refused"]).reshape(-1, 2)
    if not answered.size:
        return None
    figure, (axes,) = new_figure(width=5.4, height=5.2)
    ends = [0, 12 * OLDEST_YEARS]
    axes.plot(ends, ends, color=GREY, lw=1, label="same age")
    axes.plot(*answered.T, ls="", marker="o", ms=2.5, mew=0, alpha=0.45, color=COLOURS["answer"], label="answered")
    if refused.size:
        axes.plot(*refused.T, ls="", marker="X", ms=6.5, color="#c1121f", mec="white", label="refused")
    in_years(axes, "measurement")
    axes.set_yticks(axes.get_xticks(), [text.get_text() for text in axes.get_xticklabels()])
    axes.set_ylim(axes.get_xlim())
    axes.set_ylabel("regression, years")
    axes.set_aspect("equal")
    apart = answered[:, 0] - answered[:, 1]
    axes.set_title(
        f"{len(answered)} answered films: routes {np.mean(np.abs(apart)):.1f} months apart on average",
        fontsize=9,
    )
    axes.legend(frameon=False, loc="upper left")
    return figure


def _ages(film: LabelledFilm) -> tuple[float, float]:
    return film.months["measurement"], film.months["regression"]
