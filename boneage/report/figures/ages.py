"""The ages of both routes and of the answer, as probabilities over age."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.report.figures.style import ANSWER, DIRECT, MEASURED, OWN_AGE, chart, transparent
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.result import SexAnswer

_REACH_SDS: Final = 3.5
_Z_95: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class AgeWithInterval:
    """An age, or the least that it can be, and its 95 % interval, in months."""

    months: float
    interval_95: tuple[float, float]
    at_least: bool = False


@dataclass(frozen=True, eq=False)
class AgeCurvePoints:
    """A probability over age: ages in months, density per month, and whether it is a normal approximation."""

    ages: NDArray[np.float64]
    density: NDArray[np.float64]
    approximate: bool


def ages_figure(answer: SexAnswer, *, height: int = 330, words: FigureWords = ENGLISH) -> go.Figure:
    """Return the curve of every route, each with its age and 95 % interval as a bar below, and the child's own age.

    The measurement route shows its posterior where the result holds it; the other curves are normal ones of the same
    95 % interval.
    """
    figure = chart(height=height, x=words.bone_age_axis, y=words.density_axis)
    rows = _rows(answer, words)
    tallest = max((float(curve.density.max()) for *_, curve in rows), default=1.0) * 100
    for place, (name, colour, age, curve) in enumerate(rows, start=1):
        figure.add_scatter(
            x=curve.ages / MONTHS_PER_YEAR, y=100 * curve.density, mode="lines", line={"color": colour, "width": 2},
            fill="tozeroy", fillcolor=transparent(colour, 0.12), name=name, legendgroup=name, hoverinfo="skip",
        )  # fmt: skip
        low, high = age.interval_95
        said = words.least(age.months, at_least=age.at_least)
        figure.add_scatter(
            x=[low / MONTHS_PER_YEAR, age.months / MONTHS_PER_YEAR, high / MONTHS_PER_YEAR],
            y=[-0.09 * place * tallest] * 3,
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={"color": colour, "size": [1, 11, 1]},
            text=f"{name}: {said}<br>{words.interval}: {words.age(low)} – {words.age(high)}",
            hoverinfo="text",
            legendgroup=name,
            showlegend=False,
        )
    if answer.chronological is not None:
        own = answer.chronological.months / MONTHS_PER_YEAR
        figure.add_scatter(
            x=[own, own], y=[-0.09 * (len(rows) + 1) * tallest, tallest], mode="lines",
            line={"color": OWN_AGE, "width": 2, "dash": "dash"}, name=words.own_age,
            text=f"{words.own_age}: {words.age(answer.chronological.months)}", hoverinfo="text",
        )  # fmt: skip
    figure.update_yaxes(showticklabels=False, zeroline=True)
    return figure


def normal_curve(age: AgeWithInterval, points: int = 81) -> AgeCurvePoints:
    """Return the normal curve that a 95 % interval stands for, each side of the age with the spread of its own bound.

    The two-piece normal distribution: Wallis KF, Statistical Science 2014;29:106.
    """
    below = max((age.months - age.interval_95[0]) / _Z_95, 0.1)
    above = max((age.interval_95[1] - age.months) / _Z_95, 0.1)
    ages = np.linspace(age.months - _REACH_SDS * below, age.months + _REACH_SDS * above, points)
    spread = np.where(ages < age.months, below, above)
    density = np.exp(-0.5 * ((ages - age.months) / spread) ** 2) * 2 / ((below + above) * math.sqrt(2 * math.pi))
    return AgeCurvePoints(ages, density, approximate=True)


def _rows(answer: SexAnswer, words: FigureWords) -> list[tuple[str, str, AgeWithInterval, AgeCurvePoints]]:
    rows = []
    lookup, direct, whole = answer.estimates.measurement, answer.estimates.regression, answer.bone_age
    if lookup is not None:
        age = AgeWithInterval(lookup.months, lookup.interval_95)
        curve = normal_curve(age)
        if lookup.curve is not None and lookup.curve.ages:
            curve = AgeCurvePoints(np.array(lookup.curve.ages), np.array(lookup.curve.density), approximate=False)
        rows.append((words.measured, MEASURED, age, curve))
    if direct is not None:
        age = AgeWithInterval(direct.months, direct.interval_95)
        rows.append((words.direct, DIRECT, age, normal_curve(age)))
    if whole is not None and len(rows) > 1:
        age = AgeWithInterval(whole.said_months, whole.interval_95, whole.bound is not None)
        curve = normal_curve(AgeWithInterval(whole.months, whole.interval_95))
        rows.append((words.answer, ANSWER, age, curve))
    return rows
