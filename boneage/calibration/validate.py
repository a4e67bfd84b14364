"""What a calibration changes, by repeated cross-validation: no film is judged by a correction that has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from boneage.calibration.fit import Floats, RouteFilms, fit_route
from boneage.calibration.site import RouteCalibration
from boneage.evaluation.metrics import Figure, bootstrap
from boneage.reference.rows import SEXES

FOLDS: Final = 5
REPEATS: Final = 10
SEED: Final = 0

LEAST_CHANGE_MONTHS: Final = 0.1
"""A change of the mean absolute difference below this is none."""

Verdict = Literal["helps", "harms", "not_shown"]


@dataclass(frozen=True)
class BeforeAfter:
    """The figures of one route on a group of films without and with the calibration, each with its 95 % interval.

    Attributes
    ----------
    route, group:
        Route, and ``all``, ``M`` or ``F``.
    films:
        Number of films.
    mad, rmse, bias:
        Mean absolute, root mean square and mean difference (answer minus reading) in months, before and after.
    coverage:
        Percentage of readings within the 95 % interval, before and after; ``nan`` where intervals are not known.
    mad_change:
        After minus before, of the same films: below 0 is better.
    """

    route: str
    group: str
    films: int
    mad: tuple[Figure, Figure]
    rmse: tuple[Figure, Figure]
    bias: tuple[Figure, Figure]
    coverage: tuple[Figure, Figure]
    mad_change: Figure

    @property
    def verdict(self) -> Verdict:
        """What the change of the mean absolute difference says: its interval lies below 0, above 0, or holds it."""
        change = self.mad_change
        if change.high < 0 and change.value <= -LEAST_CHANGE_MONTHS:
            return "helps"
        return "harms" if change.low > 0 and change.value >= LEAST_CHANGE_MONTHS else "not_shown"


@dataclass(frozen=True, eq=False)
class _Corrected:
    """Answers of n films and their intervals, shape (repeats, n)."""

    months: Floats
    low: Floats
    high: Floats


def cross_validate(
    route: str, films: RouteFilms, *, folds: int = FOLDS, repeats: int = REPEATS, seed: int = SEED
) -> tuple[BeforeAfter, ...]:
    """Return the figures of one route before and after, over all films and by sex.

    Parameters
    ----------
    route:
        Its name.
    films:
        With readings.
    folds, repeats, seed:
        In each repeat the films of each sex are dealt into folds at random, and each fold is corrected by what was
        fitted on the others: choice between offset and slope, shrinkage and factor on the interval included.

    Notes
    -----
    A film's difference after is that of all repeats: their mean (bias), mean size (MAD) and root mean square (RMSE).
    The intervals are bootstrap intervals over films.
    """
    after = _out_of_fold(films, folds, repeats, seed)
    before = _Corrected(films.answers[None], films.low[None], films.high[None])
    groups = {"all": np.ones(films.answers.size, dtype=bool)} | {sex: films.sexes == sex for sex in SEXES}
    return tuple(
        _figures(route, name, films.readings, before, after, members)
        for name, members in groups.items()
        if members.any()
    )


def _out_of_fold(films: RouteFilms, folds: int, repeats: int, seed: int) -> _Corrected:
    generator = np.random.default_rng(seed)
    months, low, high = (np.empty((repeats, films.answers.size)) for _ in range(3))
    for repeat in range(repeats):
        dealt = _deal(films.sexes, folds, generator)
        for fold in range(folds):
            held = np.flatnonzero(dealt == fold)
            fitted = fit_route(films.take(dealt != fold), share=(folds - 1) / folds)
            parts = correct_films(fitted, films.take(held))
            months[repeat, held], low[repeat, held], high[repeat, held] = parts
    return _Corrected(months, low, high)


def _deal(sexes: NDArray[np.str_], folds: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Return the fold of each film, as many of each sex in every fold as can be."""
    dealt = np.zeros(sexes.size, dtype=np.intp)
    for sex in SEXES:
        members = np.flatnonzero(sexes == sex)
        dealt[generator.permutation(members)] = np.arange(members.size) % folds
    return dealt


def correct_films(route: RouteCalibration, films: RouteFilms) -> tuple[Floats, Floats, Floats]:
    """Return the corrected answers of films and both ends of their intervals, in months, shape (n,) each."""
    rows = [
        route.correct(str(sex), float(answer), (float(low), float(high)))
        for sex, answer, low, high in zip(films.sexes, films.answers, films.low, films.high, strict=True)
    ]
    table = np.array([(months, *interval) for months, interval in rows], dtype=np.float64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _figures(
    route: str, group: str, readings: Floats, before: _Corrected, after: _Corrected, members: NDArray[np.bool_]
) -> BeforeAfter:
    sides = []
    for part in (before, after):
        difference = part.months[:, members] - readings[members]
        inside = (part.low <= readings) & (readings <= part.high)
        known = bool(np.isfinite(part.high - part.low).all())
        covered = 100.0 * inside[:, members].mean(axis=0) if known else np.zeros(0)
        size = np.abs(difference).mean(axis=0)
        mean_square = (difference**2).mean(axis=0)
        sides.append((size, mean_square, difference.mean(axis=0), covered))
    (size, mean_square, bias, covered), (size_2, mean_square_2, bias_2, covered_2) = sides
    return BeforeAfter(
        route=route,
        group=group,
        films=int(members.sum()),
        mad=(bootstrap(size), bootstrap(size_2)),
        rmse=(_root(bootstrap(mean_square)), _root(bootstrap(mean_square_2))),
        bias=(bootstrap(bias), bootstrap(bias_2)),
        coverage=(bootstrap(covered), bootstrap(covered_2)),
        mad_change=bootstrap(size_2 - size),
    )


def _root(figure: Figure) -> Figure:
    """Return the square root of a figure; percentiles keep their order under it."""
    return Figure(figure.value**0.5, figure.low**0.5, figure.high**0.5)
