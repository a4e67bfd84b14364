"""Error against refusal: what the answered films' error would be if more of the least certain ones were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boneage.evaluation.labelled import Floats, LabelledFilm
from boneage.evaluation.plots.style import GREY, new_figure
from boneage.evaluation.refusal_curve import APART, WIDTH, best_possible, rankings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST_FILMS = 20
"""A curve ends where fewer films than this are left: their mean is too noisy to be shown."""
_STYLES = {WIDTH: ("#22304f", "-"), APART: ("#8c2f7f", "--")}
"""Colours that no route has."""


def draw_error_against_refusal(films: tuple[LabelledFilm, ...]) -> Figure | None:
    """Draw MAD of the answered films over the share refused, ``None`` where there are too few films or no sign.

    The share counts the films that the program refuses itself, so the curves begin at its operating point.
    """
    orders = rankings(films)
    answered = sum(film.answered for film in films)
    refused = sum(film.status == "refused" for film in films)
    if not orders or answered < LEAST_FILMS:
        return None
    figure, (axes,) = new_figure()
    for sign, order in orders.items():
        color, dashes = _STYLES[sign]
        _curve(axes, order.curve(), refused, label=f"ranked by {sign}", color=color, ls=dashes)
    _curve(
        axes, best_possible(films).curve(), refused, label="ranked by true error (best possible)", color=GREY, ls=":"
    )
    share, mad = 100 * refused / (answered + refused), next(iter(orders.values())).curve()[0]
    axes.axhline(mad, color=GREY, lw=0.8, label="refused at random")
    axes.plot([share], [mad], marker="o", ms=7, color="black", ls="", label=f"the program: {share:.1f} % refused")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 1.15 * mad)
    axes.set_xlabel("films refused, % of those refused or answered")
    axes.set_ylabel("mean absolute difference of answered films, months")
    axes.set_title(f"Error against refusal: {answered} answered films, {refused} refused by the program", fontsize=9)
    axes.legend(frameon=False, loc="lower left")
    return figure


def _curve(axes: Axes, mads: Floats, refused: int, *, label: str, color: str, ls: str) -> None:
    shown = mads[: mads.size - LEAST_FILMS + 1]
    shares = 100 * (refused + np.arange(shown.size)) / (refused + mads.size)
    axes.plot(shares, shown, label=label, color=color, ls=ls, lw=1.4)
