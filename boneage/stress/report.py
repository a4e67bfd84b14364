"""The stress test as Markdown, and as CSVs: one row for each change and route, one for each film and change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from boneage.evaluation.labelled import ROUTES
from boneage.evaluation.metrics import Figure
from boneage.stress.change import EFFECTS, Change, Effect
from boneage.stress.figures import SIGNIFICANT_MONTHS, Film, StressFigures, stress_figures, worst_shifts

TARGET_MONTHS: Final = 1.0
TARGET_REFUSED: Final = 2.0
"""Percentage of films that a harmless change may make the tool refuse."""
GROUPS: Final[dict[str, tuple[Effect, ...]]] = {
    "a reader would not notice them": ("unseen",),
    "a reader would give the same age": ("unseen", "same"),
    "something may be lost": ("loss",),
}
"""Changes that the summary takes together; the second group holds the first."""
ROUTE_WORDS: Final = {"answer": "answer", "measurement": "measured bones", "regression": "direct regression"}
WORST: Final = 10


@dataclass(frozen=True)
class About:
    """What the report comes from: the command, the day, the films in words, and the names of those left out."""

    command: str
    day: str
    films: str
    left_out: tuple[str, ...] = ()


def to_markdown(films: Sequence[Film], changes: Sequence[Change], about: About) -> Iterator[str]:
    """Yield the lines of the report."""
    yield f"`{about.command}`, {about.day}: {len(films)} films ({about.films}) under {len(changes)} changes."
    if about.left_out:
        names = ", ".join(about.left_out)
        yield f"Left out, because they were not answered as they are: {len(about.left_out)} ({names})."
    yield ""
    yield from summary(films, changes)
    yield ""
    yield from change_table(films, changes)
    yield ""
    yield from worst_table(films, changes)


def summary(films: Sequence[Film], changes: Sequence[Change]) -> Iterator[str]:
    """Yield the lines on each group of changes, those that have a target first."""
    unseen = _group(films, changes, ("unseen",))
    shift, refused = unseen.routes["answer"].mean_absolute, unseen.refused
    if unseen.films:
        yield (
            f"Changes that a reader would not notice: mean absolute shift of the answer {shift.said(2)} months, "
            f"{_met(shift.value < TARGET_MONTHS)} (target: below {TARGET_MONTHS:g}); wrongly refused {refused} %, "
            f"{_met(refused.value <= TARGET_REFUSED)} (target: at most {TARGET_REFUSED:g} %)."
        )
        yield _too_often_refused(films, [change for change in changes if change.effect != "loss"])
        yield ""
    shifts = ("mean shift", "mean absolute shift", f"> {SIGNIFICANT_MONTHS:g} mo, %", "verdict changes, %")
    yield f"| changes | number | wrongly refused, % | route | n | {' | '.join(shifts)} |"
    yield "|---|--:|--:|---|--:|--:|--:|--:|--:|"
    for words, effects in GROUPS.items():
        number = sum(change.effect in effects for change in changes)
        if not number:
            continue
        group = _group(films, changes, effects)
        for route, found in group.routes.items():
            cells = (
                *(words, str(number), str(group.refused), ROUTE_WORDS[route], str(found.films)),
                *(found.mean.said(2), found.mean_absolute.said(2), str(found.significant), str(found.verdict_changed)),
            )
            yield f"| {' | '.join(cells)} |"
    yield ""
    yield "Months, with 95 % bootstrap intervals over films. Shift: under the change minus as it is. Verdict: delayed,"
    yield "usual or advanced by ±2 SD; where a film's own age is not known its labelled bone age stands for it, and"
    yield "where there is no label the unchanged answer. Wrongly refused: not answered under the change, of the films"
    yield "that are answered as they are."


def _group(films: Sequence[Film], changes: Iterable[Change], effects: Sequence[Effect]) -> StressFigures:
    return stress_figures(films, [change for change in changes if change.effect in effects])


def _too_often_refused(films: Sequence[Film], harmless: Iterable[Change]) -> str:
    """Return the sentence on the changes that a reader would read past, one by one."""
    shares = {change.name: stress_figures(films, [change]).refused.value for change in harmless}
    above = [f"`{name}` {share:.1f} %" for name, share in shares.items() if share > TARGET_REFUSED]
    what = f"After which a reader would give the same age, but more than {TARGET_REFUSED:g} % are refused"
    return f"{what}: {', '.join(above) or 'none'}."


def _met(met: bool) -> str:
    return "met" if met else "missed"


def change_table(films: Sequence[Film], changes: Iterable[Change]) -> Iterator[str]:
    """Yield the table of every change."""
    yield "Effect on a reader: " + "; ".join(f"*{name}*: {words}" for name, words in EFFECTS.items()) + "."
    yield ""
    headings = ("change", "what is done", "effect", "n", "answer: mean shift", "answer: mean absolute shift")
    more = (
        "measured bones",
        "direct regression",
        f"> {SIGNIFICANT_MONTHS:g} mo, %",
        "verdict changes, %",
        "refused, %",
        "why refused",
    )
    yield f"| {' | '.join((*headings, *more))} |"
    yield f"|---|---|---|{'--:|' * 8}---|"
    for change in changes:
        found = stress_figures(films, [change])
        answer = found.routes["answer"]
        cells = (
            *(f"`{change.name}`", change.strength, change.effect, str(found.films)),
            *(answer.mean.said(2), answer.mean_absolute.said(2)),
            *(found.routes[route].mean_absolute.said(2) for route in ("measurement", "regression")),
            *(_short(figure) for figure in (answer.significant, answer.verdict_changed, found.refused)),
            ", ".join(f"{reason} {number}" for reason, number in found.reasons.items()) or "–",
        )
        yield f"| {' | '.join(cells)} |"


def _short(figure: Figure) -> str:
    return f"{figure.value:.1f}" if figure.value == figure.value else "–"


def worst_table(films: Sequence[Film], changes: Sequence[Change]) -> Iterator[str]:
    """Yield the table of the answers that moved furthest under changes that a reader would read past."""
    harmless = [change for change in changes if change.effect != "loss"]
    yield "The answers that moved furthest under changes after which a reader would give the same age, in months:"
    yield ""
    yield "| film | change | answer | measured bones | direct regression |"
    yield "|---|---|--:|--:|--:|"
    by_name = {film.name: film for film in films}
    for worst in worst_shifts(films, harmless, route="answer", number=WORST):
        shifts = [by_name[worst.film].shift(worst.change, route) for route in ROUTES]
        cells = (f"{one.before:.1f} → {one.after:.1f}" if one else "–" for one in shifts)
        yield f"| {worst.film} | `{worst.change}` | {' | '.join(cells)} |"


FIGURES: Final = ("mean", "mean_absolute", "significant", "verdict_changed")


def figures_csv(films: Sequence[Film], changes: Iterable[Change]) -> str:
    """Return the figures as a CSV, one row for each change and route."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = ("refused", *FIGURES)
    numbers = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    writer.writerow(["change", "family", "strength", "effect", "route", "films", "answered", *numbers])
    for change in changes:
        found = stress_figures(films, [change])
        for route, figures in found.routes.items():
            cells = [
                _cell(value)
                for one in (found.refused, *(getattr(figures, n) for n in FIGURES))
                for value in _three(one)
            ]
            what = [change.name, change.family, change.strength, change.effect, route]
            writer.writerow([*what, found.films, figures.films, *cells])
    return buffer.getvalue()


def _three(figure: Figure) -> tuple[float, float, float]:
    return figure.value, figure.low, figure.high


def _cell(number: float) -> str:
    return f"{number:.4g}" if number == number else ""


def shifts_csv(films: Iterable[Film], changes: Sequence[Change]) -> str:
    """Return every reading as a row: film, change, status, and each route's age as it is and under the change."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    ages = [f"{route}_{when}" for route in ROUTES for when in ("unchanged", "changed")]
    writer.writerow(["film", "chronological_months", "change", "status", "reason", *ages, "verdict_changed"])
    for film in films:
        for change in changes:
            reading = film.changed.get(change.name)
            if reading is None:
                continue
            shifts = [film.shift(change.name, route) for route in ROUTES]
            months = [
                _cell(value) for one in shifts for value in ((one.before, one.after) if one else (float("nan"),) * 2)
            ]
            own = "" if film.chronological_months is None else f"{film.chronological_months:g}"
            changed = shifts[0].verdict_changed if shifts[0] else None
            verdict = "" if changed is None else int(changed)
            writer.writerow([film.name, own, change.name, reading.status, reading.reason, *months, verdict])
    return buffer.getvalue()
