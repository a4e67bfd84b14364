"""The figures of a whole set of films: by route, by sex, by age band; refusals counted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from boneage.evaluation.labelled import ROUTES, LabelledFilm
from boneage.evaluation.metrics import AGE_BANDS, RESAMPLES, SEED, AgeFigures, Figure, age_band, age_figures

HEADINGS = {
    "mad": "MAD",
    "rmse": "RMSE",
    "bias": "bias",
    "within_6": "≤ 6 mo, %",
    "within_12": "≤ 12 mo, %",
    "within_24": "≤ 24 mo, %",
    "coverage": "in 95 % interval, %",
}
SEX_NAMES = {"M": "boys", "F": "girls"}


@dataclass(frozen=True)
class GroupFigures:
    """The figures of one route on one group of films."""

    route: str
    group: str
    figures: AgeFigures


@dataclass(frozen=True)
class Evaluation:
    """Everything found on a set of films.

    Attributes
    ----------
    films:
        Number of films with a label and a row.
    statuses:
        Number by status.
    reasons:
        Number of films without an answer by reason code.
    groups:
        The figures, route by route and group by group; groups without a film are left out.
    """

    films: int
    statuses: dict[str, int]
    reasons: dict[str, int]
    groups: tuple[GroupFigures, ...]


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
    groups = []
    for route in ROUTES:
        answered = [film for film in everyone if film.status == "ok" and route in film.months]
        for name, members in _groups(answered).items():
            if members:
                groups.append(GroupFigures(route, name, _figures(members, route, resamples, seed)))
    return Evaluation(
        films=len(everyone),
        statuses=dict(Counter(film.status for film in everyone)),
        reasons=dict(Counter(film.reason_code for film in everyone if film.status != "ok").most_common()),
        groups=tuple(groups),
    )


def _groups(films: list[LabelledFilm]) -> dict[str, list[LabelledFilm]]:
    groups = {"all": films}
    for sex, name in SEX_NAMES.items():
        groups[name] = [film for film in films if film.label.sex == sex]
    for band in AGE_BANDS:
        groups[band] = [film for film in films if age_band(film.label.months) == band]
    return groups


def _figures(films: list[LabelledFilm], route: str, resamples: int, seed: int) -> AgeFigures:
    intervals = [film.interval_95 for film in films if film.interval_95 is not None]
    whole = route == "answer" and len(intervals) == len(films)
    return age_figures(
        [film.months[route] for film in films],
        [film.label.months for film in films],
        intervals if whole else None,
        resamples=resamples,
        seed=seed,
    )


def to_markdown(evaluation: Evaluation, *, title: str, command: str, about: Iterable[str] = ()) -> str:
    """Return the evaluation as Markdown.

    Parameters
    ----------
    evaluation:
        The figures.
    title:
        Of the section.
    command:
        The exact command that gave them.
    about:
        Further lines, for instance the networks' hashes.
    """
    share = 100.0 / max(evaluation.films, 1)
    counts = ", ".join(f"{number} {status} ({number * share:.1f} %)" for status, number in evaluation.statuses.items())
    lines = [f"## {title}", "", f"`{command}`", "", f"{evaluation.films} films: {counts}."]
    if evaluation.reasons:
        reasons = ", ".join(f"{code or 'no reason'} {number}" for code, number in evaluation.reasons.items())
        lines.append(f"Without an answer: {reasons}.")
    lines += [*about, "", "Months, with 95 % bootstrap intervals over films; bias is answer minus label."]
    for route in ROUTES:
        groups = [group for group in evaluation.groups if group.route == route]
        if groups:
            lines += ["", f"### {route}", "", *_markdown_table(groups)]
    return "\n".join(lines) + "\n"


def _markdown_table(groups: list[GroupFigures]) -> list[str]:
    columns = [
        name
        for name in HEADINGS
        if any(getattr(g.figures, name).value == getattr(g.figures, name).value for g in groups)
    ]
    lines = [
        f"| films | n | {' | '.join(HEADINGS[name] for name in columns)} |",
        f"|---|--:|{'--:|' * len(columns)}",
    ]
    for group in groups:
        cells = " | ".join(str(getattr(group.figures, name)) for name in columns)
        lines.append(f"| {group.group} | {group.figures.films} | {cells} |")
    return lines


def to_csv(evaluation: Evaluation) -> str:
    """Return the figures as a CSV, one row for each route and group."""
    names = [field.name for field in fields(AgeFigures) if field.name != "films"]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["route", "group", "films", *(f"{name}{end}" for name in names for end in ("", "_low", "_high"))])
    for group in evaluation.groups:
        cells: list[str] = []
        for name in names:
            figure: Figure = getattr(group.figures, name)
            cells += [f"{value:.4g}" for value in (figure.value, figure.low, figure.high)]
        writer.writerow([group.route, group.group, group.figures.films, *cells])
    return buffer.getvalue()
