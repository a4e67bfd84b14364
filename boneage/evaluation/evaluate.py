"""The figures of a whole set of films: by route, sex, age band, both, and quality; refusals; certainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np

from boneage.evaluation.agreement import limits_of_agreement
from boneage.evaluation.calibration import LEVELS, observed_coverage
from boneage.evaluation.groups import ALL, Groups, people_groups, quality_groups
from boneage.evaluation.labelled import ROUTES, Floats, LabelledFilm, route_ages
from boneage.evaluation.metrics import RESAMPLES, SEED, AgeFigures, age_figures, bootstrap, share
from boneage.evaluation.readers import reader_rows
from boneage.evaluation.refusal_curve import STEPS, rankings
from boneage.evaluation.tidy import FigureRow
from boneage.reference.rows import SEX_NAMES

BETWEEN: Final = "measurement - regression"
"""The route of the figures between both routes."""
REFUSED: Final = "refused"
"""The metric, and the group of films that were refused although routes had ages."""
_FIGURES: Final = tuple(field.name for field in fields(AgeFigures) if field.name != "films")


@dataclass(frozen=True)
class Evaluation:
    """Everything found on a set of films.

    Attributes
    ----------
    films:
        Labelled films that were read.
    statuses:
        Number by status.
    reasons:
        Number of films without an answer by reason code; a film may have several.
    two_answers:
        Number of films with the status ``ok`` and no single answer, because their sex was not known.
    rows:
        Every figure.
    """

    films: int
    statuses: dict[str, int]
    reasons: dict[str, int]
    two_answers: int
    rows: tuple[FigureRow, ...]

    def at(self, route: str, group: str, metric: str) -> FigureRow | None:
        """Return one figure, ``None`` where there is none."""
        return self._by_name.get((route, group, metric))

    def groups(self, route: str) -> tuple[str, ...]:
        """Return the groups that a route has figures for, in their order."""
        return tuple(dict.fromkeys(row.group for row in self.rows if row.route == route))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], FigureRow]:
        return {(row.route, row.group, row.metric): row for row in self.rows}


def evaluate_films(films: Iterable[LabelledFilm], *, resamples: int = RESAMPLES, seed: int = SEED) -> Evaluation:
    """Return the figures of labelled films.

    Parameters
    ----------
    films:
        Answered and unanswered ones; the unanswered count among refusals and errors and in no difference.
    resamples, seed:
        Of the bootstrap.
    """
    everyone = tuple(films)
    rows: list[FigureRow] = []
    for route in ROUTES:
        rows += _route_rows(everyone, route, resamples, seed)
    rows += _refusal_rows(everyone)
    rows += _between_rows(everyone, resamples, seed)
    rows += _certainty_rows(everyone)
    rows += reader_rows(film.label for film in everyone)
    return Evaluation(
        films=len(everyone),
        statuses=dict(Counter(film.status for film in everyone).most_common()),
        reasons=dict(Counter(code for film in everyone for code in film.problems or _no_code(film)).most_common()),
        two_answers=sum(film.status == "ok" and not film.answered for film in everyone),
        rows=tuple(rows),
    )


def _no_code(film: LabelledFilm) -> tuple[str, ...]:
    return () if film.status == "ok" else ("no reason",)


def _route_rows(films: Sequence[LabelledFilm], route: str, resamples: int, seed: int) -> Iterator[FigureRow]:
    answered = [film for film in films if film.answered and route in film.months]
    refused = [film for film in films if film.status == "refused" and route in film.months]
    groups: Groups = {**people_groups(answered), **quality_groups(answered)}
    if refused:
        groups[REFUSED] = refused
    for name, members in groups.items():
        yield from _age_rows(members, route, name, resamples, seed)
        if route != "answer" and name != REFUSED:
            yield FigureRow(
                route, name, "mad_beyond_answer", bootstrap(_beyond(members, route), resamples=resamples, seed=seed),
                len(members),
            )  # fmt: skip
    for name in (ALL, *SEX_NAMES.values()):
        if name in groups:
            agreement = limits_of_agreement(route_ages(groups[name], route).differences)
            yield FigureRow(route, name, "limit_of_agreement_low", agreement.lower, agreement.films)
            yield FigureRow(route, name, "limit_of_agreement_high", agreement.upper, agreement.films)
    ages = route_ages(answered, route)
    if ages.has_intervals:
        for level in LEVELS:
            yield FigureRow(route, ALL, f"coverage_of_{level}", observed_coverage(ages, level), len(answered))


def _age_rows(films: Sequence[LabelledFilm], route: str, group: str, resamples: int, seed: int) -> Iterator[FigureRow]:
    ages = route_ages(films, route)
    intervals = list(zip(ages.low, ages.high, strict=True)) if ages.has_intervals else None
    figures = age_figures(list(ages.ages), list(ages.labels), intervals, resamples=resamples, seed=seed)
    for metric in _FIGURES:
        figure = getattr(figures, metric)
        if not np.isnan(figure.value):
            yield FigureRow(route, group, metric, figure, figures.films)


def _beyond(films: Sequence[LabelledFilm], route: str) -> Floats:
    """Return by how many months a route lies further from the label than the answer, film by film."""
    return np.array(
        [abs(film.months[route] - film.label.months) - abs(film.months["answer"] - film.label.months) for film in films]
    )


def _refusal_rows(films: Sequence[LabelledFilm]) -> Iterator[FigureRow]:
    for name, members in people_groups(films).items():
        for metric in (REFUSED, "error"):
            those = np.array([film.status == metric for film in members], dtype=bool)
            yield FigureRow("answer", name, metric, share(those), len(members))
    for code in sorted({code for film in films for code in film.problems}):
        those = np.array([code in film.problems for film in films], dtype=bool)
        yield FigureRow("answer", ALL, f"no answer: {code}", share(those), len(films))


def _between_rows(films: Sequence[LabelledFilm], resamples: int, seed: int) -> Iterator[FigureRow]:
    """Yield how far both routes lie apart, and how their errors go together, on answered films."""
    both = [film for film in films if film.answered and {"measurement", "regression"} <= film.months.keys()]
    if len(both) < 3:
        return
    one, other = route_ages(both, "measurement"), route_ages(both, "regression")
    apart = one.ages - other.ages
    agreement = limits_of_agreement(apart)
    yield FigureRow(BETWEEN, ALL, "mad", bootstrap(np.abs(apart), resamples=resamples, seed=seed), len(both))
    yield FigureRow(BETWEEN, ALL, "bias", agreement.bias, len(both))
    yield FigureRow(BETWEEN, ALL, "limit_of_agreement_low", agreement.lower, len(both))
    yield FigureRow(BETWEEN, ALL, "limit_of_agreement_high", agreement.upper, len(both))

    def correlation(drawn: Floats) -> Floats:
        index = drawn.astype(int)
        first, second = one.differences[index], other.differences[index]
        first, second = (errors - errors.mean(axis=-1, keepdims=True) for errors in (first, second))
        spread = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
        return (first * second).sum(axis=-1) / np.maximum(spread, 1e-12)

    figure = bootstrap(np.arange(len(both), dtype=float), correlation, resamples=resamples, seed=seed)
    yield FigureRow(BETWEEN, ALL, "error_correlation", figure, len(both))


def _certainty_rows(films: tuple[LabelledFilm, ...]) -> Iterator[FigureRow]:
    for sign, order in rankings(films).items():
        for percent in STEPS:
            figure, _, kept = order.at(percent)
            if kept:
                yield FigureRow("answer", certainty_group(sign, percent), "mad", figure, kept)


def certainty_group(sign: str, percent: int) -> str:
    """Return the name of the films that are left when some more are refused by a sign of uncertainty."""
    return f"{percent} % more refused by {sign}"
