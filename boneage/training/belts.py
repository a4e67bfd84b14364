"""Belts of an answer: their shape from as many films as there are, their reach from `tune`.

The thousand films of `tune` leave twenty in some cells of sex and age, too few for the quantiles of errors there. The
``train`` films are ten times as many, and `boneage.training.held_out` reads each by a network that has not seen it.
That network has seen half as many films as the shipped ones and errs more, so its belts are drawn together (or apart)
by one factor, with which they hold 95 % of `tune` (split-conformal prediction with a scaled score: Papadopoulos H,
Gammerman A, Vovk V. Normalized nonconformity measures for regression conformal prediction. AIA 2008:64-69).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boneage.reference.belt import MASS, Belt, fit_belt
from boneage.reference.rows import SEXES, Sex

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answered:
    """Films of known age with an answer; each of shape (n,).

    Attributes
    ----------
    months, known:
        The answer and the true age, in months.
    wider:
        What the disagreement of the routes widens the bounds by.
    male:
        Whether each is a boy.
    """

    months: Floats
    known: Floats
    wider: Floats
    male: NDArray[np.bool_]

    def of(self, sex: Sex) -> Answered:
        """Return the films of one sex."""
        chosen = self.male == (sex == "M")
        return Answered(self.months[chosen], self.known[chosen], self.wider[chosen], self.male[chosen])


def fit_belts(films: Answered, more: Answered | None = None) -> dict[Sex, Belt]:
    """Fit the belt of each sex.

    Parameters
    ----------
    films:
        Films that were not used to fit what answers.
    more:
        Many more films, answered by something like it that has not seen them. They give the belts their shape,
        ``films`` their reach.
    """
    parts = {sex: (films if more is None else more).of(sex) for sex in SEXES}
    belts = {sex: fit_belt(part.known, part.months, part.wider, usual=0.0) for sex, part in parts.items()}
    if more is None:
        return belts
    factor = reach_factor(belts, films)
    return {sex: scaled(belt, factor) for sex, belt in belts.items()}


def reach_factor(belts: Mapping[Sex, Belt], films: Answered) -> float:
    """Return the factor on the belts' reach with which they hold 95 % of some films, and of a film to come.

    Parameters
    ----------
    belts:
        Bounds by sex.
    films:
        Other films than the belts were fitted on, at least 20.
    """
    scores = []
    for sex, belt in belts.items():
        part = films.of(sex)
        low, high = (np.interp(part.known, belt.ages, bound) for bound in (belt.low, belt.high))
        left = (part.months - part.known) / part.wider
        scores.append(np.abs(left - (low + high) / 2) / ((high - low) / 2))
    ordered = np.sort(np.concatenate(scores))
    return float(ordered[min(math.ceil((ordered.size + 1) * MASS), ordered.size) - 1])


def scaled(belt: Belt, factor: float) -> Belt:
    """Return a belt that reaches ``factor`` times as far to both sides of its middle."""
    middle, half = (belt.low + belt.high) / 2, (belt.high - belt.low) / 2
    return replace(belt, low=middle - factor * half, high=middle + factor * half)
