"""The error of what is still answered when the least certain films are refused one after another.

A sign of uncertainty is worth something if the error falls as films are refused by it. The same curve with the films
ordered by their true error is the best that any sign could do; refusing at random leaves the error as it is.
(El-Yaniv R, Wiener Y, *On the foundations of noise-free selective classification*, JMLR 2010;11:1605–1641.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from boneage.evaluation.labelled import LabelledFilm
from boneage.evaluation.metrics import Figure, Floats, bootstrap

STEPS: Final = (0, 1, 2, 5, 10, 20, 30, 50)
"""Percentages of answered films that are refused in tables."""

WIDTH: Final = "interval width"
APART: Final = "routes' difference"


@dataclass(frozen=True, eq=False)
class Ranked:
    """Answered films ordered from the most to the least certain.

    Attributes
    ----------
    distance:
        Absolute difference from the label in months, shape (n,). Films that are equally uncertain share the mean of
        theirs, so that no order among them is made up.
    uncertainty:
        What they are ordered by, in months, rising.
    """

    distance: Floats
    uncertainty: Floats

    def curve(self) -> Floats:
        """Return the mean absolute difference when 0, 1, …, n − 1 films are refused, least certain first."""
        kept = np.arange(1, self.distance.size + 1)
        return (np.cumsum(self.distance) / kept)[::-1]

    def at(self, percent: float) -> tuple[Figure, float, int]:
        """Return what is left when a percentage of the films is refused.

        Returns
        -------
        tuple
            Mean absolute difference with its bootstrap interval over the films kept; the largest uncertainty that is
            still answered, months; the number of films kept.
        """
        kept = self.distance.size - round(self.distance.size * percent / 100)
        if kept == 0:
            return bootstrap(self.distance[:0]), float("nan"), 0
        return bootstrap(self.distance[:kept]), float(self.uncertainty[kept - 1]), kept


def ranked(distance: Floats, uncertainty: Floats) -> Ranked:
    """Order films by a sign of uncertainty.

    Parameters
    ----------
    distance:
        Absolute differences from the labels, months, shape (n,).
    uncertainty:
        The sign, months, shape (n,); larger is less certain.
    """
    values, place = np.unique(uncertainty, return_inverse=True)
    counts = np.bincount(place, minlength=values.size)
    means = np.bincount(place, weights=distance, minlength=values.size) / np.maximum(counts, 1)
    return Ranked(np.repeat(means, counts), np.repeat(values, counts))


def rankings(films: tuple[LabelledFilm, ...]) -> dict[str, Ranked]:
    """Return the answered films ordered by each sign that all of them have: interval width, the routes' difference."""
    answered = [film for film in films if film.answered]
    distance = np.array([abs(film.months["answer"] - film.label.months) for film in answered])
    found: dict[str, Ranked] = {}
    if answered and all("answer" in film.intervals for film in answered):
        ends = np.array([film.intervals["answer"] for film in answered])
        found[WIDTH] = ranked(distance, ends[:, 1] - ends[:, 0])
    if answered and all({"measurement", "regression"} <= film.months.keys() for film in answered):
        apart = np.array([abs(film.months["measurement"] - film.months["regression"]) for film in answered])
        found[APART] = ranked(distance, apart)
    return found


def best_possible(films: tuple[LabelledFilm, ...]) -> Ranked:
    """Return the answered films ordered by their true error."""
    distance = np.array([abs(film.months["answer"] - film.label.months) for film in films if film.answered])
    return ranked(distance, distance)
