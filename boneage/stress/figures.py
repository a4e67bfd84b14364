"""How far the answers move under each change, how often that matters, and how often a film is wrongly refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from boneage.evaluation.labelled import ROUTES
from boneage.evaluation.metrics import Figure, bootstrap
from boneage.reference.standards import skeletal_age_sds
from boneage.report.wording import verdict
from boneage.result import Chronological
from boneage.stress.change import Change
from boneage.stress.reading import UNCHANGED, StressReading

SIGNIFICANT_MONTHS: Final = 12.0
"""A shift beyond this is clinically significant."""


@dataclass(frozen=True)
class Shift:
    """How far one film's answer moved under one change.

    Attributes
    ----------
    film, change, route:
        Whose, under what, and which answer (``answer``, ``measurement`` or ``regression``).
    before, after:
        Age in months as it is and under the change.
    verdict_changed:
        Whether the word on bone age against chronological age (delayed, usual, advanced) changed; ``None`` where the
        standard ends.
    """

    film: str
    change: str
    route: str
    before: float
    after: float
    verdict_changed: bool | None = None

    @property
    def months(self) -> float:
        """Age under the change minus age as it is."""
        return self.after - self.before


@dataclass(frozen=True)
class Film:
    """One film that was answered as it is.

    Attributes
    ----------
    name:
        Its name.
    unchanged:
        Its reading as it is.
    changed:
        Name of a change to the reading under it.
    chronological_months:
        The child's own age; else its label; ``None``: each unchanged answer stands for it.
    """

    name: str
    unchanged: StressReading
    changed: Mapping[str, StressReading]
    chronological_months: float | None = None

    def shift(self, change: str, route: str) -> Shift | None:
        """Return how far a route's answer moved under a change; ``None`` where it has none to compare.

        Where the sex is not known, it is that of the sex whose answer moved further, the same one for every route.
        """
        reading = self.changed.get(change)
        if reading is None or reading.status != "ok":
            return None
        first, second = self.unchanged.ages, reading.ages
        moved = {sex: abs(second[sex]["answer"] - first[sex]["answer"]) for sex in first if sex in second}
        if not moved:
            return None
        sex = max(moved, key=lambda one: moved[one])
        before, after = first[sex].get(route), second[sex].get(route)
        if before is None or after is None:
            return None
        return Shift(self.name, change, route, before, after, self._verdict_changed(sex, before, after))

    def _verdict_changed(self, sex: str, before: float, after: float) -> bool | None:
        age = before if self.chronological_months is None else self.chronological_months
        first, second = (_verdict(months, age, sex) for months in (before, after))
        return None if first is None or second is None else first != second


def _verdict(bone_age: float, age: float, sex: str) -> str | None:
    score = skeletal_age_sds(bone_age, age, sex)  # type: ignore[arg-type]
    if score.sds is None:
        return None
    return verdict(Chronological(age, bone_age - age, score.sds, score.reference))


def films_of(
    readings: Iterable[StressReading], labels: Mapping[str, float]
) -> tuple[tuple[Film, ...], tuple[str, ...]]:
    """Sort readings by film.

    Parameters
    ----------
    readings:
        In any order.
    labels:
        Film to labelled bone age in months, which stands for the child's own age where that is not known.

    Returns
    -------
    tuple
        The films that were answered as they are, and the names of those that were not.
    """
    sorted_readings: dict[str, dict[str, StressReading]] = {}
    for reading in readings:
        sorted_readings.setdefault(reading.film, {})[reading.change] = reading
    films, refused = [], []
    for name, found in sorted_readings.items():
        first = found.pop(UNCHANGED, None)
        if first is None or first.status != "ok":
            refused.append(name)
            continue
        own = first.chronological_months
        films.append(Film(name, first, found, labels.get(name) if own is None else own))
    return tuple(films), tuple(refused)


@dataclass(frozen=True)
class RouteFigures:
    """How far one route's answer moves, with bootstrap intervals over films.

    Attributes
    ----------
    films:
        Number of films behind the figures.
    mean, mean_absolute:
        Of the shift in months.
    significant:
        Percentage of shifts beyond `SIGNIFICANT_MONTHS`.
    verdict_changed:
        Percentage of shifts that change the verdict, of those that have one.
    """

    films: int
    mean: Figure
    mean_absolute: Figure
    significant: Figure
    verdict_changed: Figure


@dataclass(frozen=True)
class StressFigures:
    """One change, or several taken together.

    Attributes
    ----------
    films:
        Number of films that were answered as they are and read under it.
    refused:
        Percentage of readings without an answer.
    reasons:
        Number of readings without an answer by reason code.
    routes:
        Route to its figures.
    """

    films: int
    refused: Figure
    reasons: Mapping[str, int]
    routes: Mapping[str, RouteFigures]


def stress_figures(films: Sequence[Film], changes: Iterable[Change]) -> StressFigures:
    """Return the figures of some changes together; each film counts once, by its mean over them."""
    names = [change.name for change in changes]
    readings = [[film.changed[name] for name in names if name in film.changed] for film in films]
    readings = [found for found in readings if found]
    return StressFigures(
        len(readings),
        _over_films([[100.0 * (one.status != "ok") for one in found] for found in readings]),
        dict(Counter(one.reason for found in readings for one in found if one.status != "ok").most_common()),
        {route: _route_figures(films, names, route) for route in ROUTES},
    )


def _route_figures(films: Sequence[Film], names: Sequence[str], route: str) -> RouteFigures:
    by_film = [[shift for name in names if (shift := film.shift(name, route)) is not None] for film in films]
    by_film = [shifts for shifts in by_film if shifts]
    return RouteFigures(
        len(by_film),
        _over_films([[one.months for one in shifts] for shifts in by_film]),
        _over_films([[abs(one.months) for one in shifts] for shifts in by_film]),
        _over_films([[100.0 * (abs(one.months) > SIGNIFICANT_MONTHS) for one in shifts] for shifts in by_film]),
        _over_films([[100.0 * v for one in shifts if (v := one.verdict_changed) is not None] for shifts in by_film]),
    )


def _over_films(values: Iterable[Sequence[float]]) -> Figure:
    """Return the mean over films of each film's mean."""
    return bootstrap(np.array([float(np.mean(found)) for found in values if len(found)]))


def worst_shifts(films: Sequence[Film], changes: Iterable[Change], *, route: str, number: int) -> tuple[Shift, ...]:
    """Return the largest shifts of a route under some changes, the largest first."""
    shifts = (film.shift(change.name, route) for change in changes for film in films)
    found = sorted((one for one in shifts if one is not None), key=lambda one: -abs(one.months))
    return tuple(found[:number])
