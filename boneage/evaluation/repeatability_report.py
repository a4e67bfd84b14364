"""The figures of repeatability as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from boneage.evaluation.metrics import Figure, Floats, bootstrap, root_mean_square
from boneage.evaluation.repeat_reading import AGE
from boneage.evaluation.repeatability import ALL, ByFilm, Repeatability, finite_root_mean_square

AGE_WORDS: Final = {
    f"{AGE}.answer": "answer",
    f"{AGE}.measurement": "measurement route",
    f"{AGE}.regression": "direct regression",
}


@dataclass(frozen=True)
class About:
    """What the figures come from: the command, the day, the films in words, and the number refused as they are."""

    command: str
    day: str
    films: str
    unanswered: int = 0


@dataclass(frozen=True)
class KindFigures:
    """One kind of measurement over all its bones and all variants.

    Attributes
    ----------
    kind:
        Its name.
    bones, films:
        Numbers of bones and films.
    cv, sd:
        Pooled over bones, then films, with bootstrap intervals over films; the coefficient of variation in percent
        and all ``nan`` where the kind may be near zero.
    typical_cv, typical_sd:
        Medians over films and bones, which a few failures do not move.
    between_sd:
        Root mean square over bones of the standard deviation between films.
    worst:
        The bone that repeats worst, by coefficient of variation or else by SD, and that figure.
    unequal:
        Percentage of variants in which the measurement was gained or lost.
    """

    kind: str
    bones: int
    films: int
    cv: Figure
    sd: Figure
    typical_cv: float
    typical_sd: float
    between_sd: float
    worst: tuple[str, float]
    unequal: float


def to_csv(figures: Iterable[Repeatability]) -> str:
    """Return every measurement and variant as a row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(
        ["measurement", "variant", "films", "cv_percent", "sd", "between_sd", "largest_change", "unequal_percent"]
    )
    for one in figures:
        largest = float(np.nanmax(one.film_largest)) if np.isfinite(one.film_largest).any() else float("nan")
        numbers = (one.cv, one.sd, one.between_sd, largest, 100 * one.unequal)
        writer.writerow([one.name, one.variant, one.films, *(_cell(number) for number in numbers)])
    return buffer.getvalue()


def kind_figures(figures: Sequence[Repeatability]) -> tuple[KindFigures, ...]:
    """Pool the measurements of all bones by kind (all variants together); ages are no kind."""
    kinds: dict[str, list[Repeatability]] = {}
    for one in figures:
        if one.variant == ALL and one.films and not one.name.startswith(f"{AGE}."):
            kinds.setdefault(one.kind, []).append(one)
    return tuple(_kind(name, members) for name, members in kinds.items())


def _kind(name: str, members: list[Repeatability]) -> KindFigures:
    films = sorted({film for one in members for film in one.film_names})
    relative = [_per_film(film, members, "film_cv") for film in films]
    absolute = [_per_film(film, members, "film_sd") for film in films]
    has_cv = bool(np.isfinite(relative).any())
    worst = max(members, key=lambda one: np.nan_to_num(one.cv if has_cv else one.sd))
    between = np.array([one.between_sd for one in members])
    return KindFigures(
        name,
        len(members),
        len(films),
        bootstrap(100 * np.array([value for value in relative if np.isfinite(value)]), root_mean_square),
        bootstrap(np.array(absolute), root_mean_square),
        100 * _median(np.concatenate([one.film_cv for one in members])),
        _median(np.concatenate([one.film_sd for one in members])),
        finite_root_mean_square(between),
        (worst.name.partition(".")[0], worst.cv if has_cv else worst.sd),
        100 * float(np.nanmean([one.unequal for one in members])),
    )


def _per_film(film: str, members: list[Repeatability], attribute: str) -> float:
    """Root mean square over the bones of one film."""
    values = np.array(
        [getattr(one, attribute)[one.film_names.index(film)] for one in members if film in one.film_names]
    )
    return finite_root_mean_square(values)


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def to_markdown(figures: Sequence[Repeatability], readings: ByFilm, about: About) -> Iterator[str]:
    """Yield the lines of the report: the ages by variant, the kinds, and each kind by variant."""
    yield from _head(about, len(readings))
    yield ""
    yield from age_table(figures, readings)
    yield ""
    yield from kind_table(figures)
    yield ""
    yield from variant_table(figures)


def summary(figures: Sequence[Repeatability], readings: ByFilm, about: About) -> Iterator[str]:
    """Yield the lines of the part that stands in the documents: without each kind by variant."""
    yield from _head(about, len(readings))
    yield ""
    yield from age_table(figures, readings)
    yield ""
    yield from kind_table(figures)


def _head(about: About, films: int) -> Iterator[str]:
    yield f"`{about.command}`, {about.day}: {films} films ({about.films}), each as it is and in every variant."
    if about.unanswered:
        yield f"Left out, because they were not answered as they are: {about.unanswered}."


def age_table(figures: Sequence[Repeatability], readings: ByFilm) -> Iterator[str]:
    """Yield the table of the age: the spread within a film and the largest change, by variant, in months."""
    ages = [one for one in figures if one.name.startswith(f"{AGE}.")]
    names = list(dict.fromkeys(one.name for one in ages))
    yield "Age in months: standard deviation within a film (95 % interval over films), and the largest change from the"
    yield "film as it is."
    yield ""
    columns = " | ".join(f"{_age_words(name)}: SD | largest" for name in names)
    yield f"| variant | films | refused | {columns} |"
    yield f"|---|--:|--:|{'--:|--:|' * len(names)}"
    for variant in dict.fromkeys(one.variant for one in ages):
        row = {one.name: one for one in ages if one.variant == variant}
        counted = max((one.films for one in row.values()), default=0)
        cells = " | ".join(_age_cells(row[name]) for name in names)
        yield f"| {variant} | {counted} | {_refused(readings, variant)} | {cells} |"


def _age_words(name: str) -> str:
    base, _, ending = name.partition(" ")
    return f"{AGE_WORDS.get(base, base)} {ending}".strip()


def _age_cells(one: Repeatability) -> str:
    if not one.films:
        return "– | –"
    return f"{bootstrap(one.film_sd, root_mean_square)} | {np.nanmax(one.film_largest):.1f}"


def _refused(readings: ByFilm, variant: str) -> int:
    return sum(
        reading.status != "ok"
        for variants in readings.values()
        for name, reading in variants.items()
        if variant in {ALL, name}
    )


def kind_table(figures: Sequence[Repeatability]) -> Iterator[str]:
    """Yield the table of the kinds, all variants together."""
    yield "Measurements, all variants together, pooled over bones and films as root mean square (95 % interval over"
    yield "films); typical: the median over films and bones, which a film that fails in one variant does not move. CV:"
    yield "coefficient of variation; it is left out (–) where values may be near zero or are counts, and the SD speaks"
    yield "alone. SDs of sizes are in pixels of the unchanged film (px² for areas). Gained or lost: there in the film"
    yield "as it is and not in the variant, or the other way round."
    yield ""
    headings = (
        *("bones", "films", "CV, %", "typical CV, %", "SD within a film", "typical SD", "SD between films"),
        *("repeats worst", "gained or lost, %"),
    )
    yield f"| measurement | {' | '.join(headings)} |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|---|--:|"
    for kind in kind_figures(figures):
        bone, figure = kind.worst
        has_cv = np.isfinite(kind.cv.value)
        worst = f"`{bone}` {figure:.1f} %" if has_cv else f"`{bone}` {plain(figure)}"
        cells = (
            *(f"`{kind.kind}`", str(kind.bones), str(kind.films), str(kind.cv)),
            f"{kind.typical_cv:.1f}" if has_cv else "–",
            f"{plain(kind.sd.value)} ({plain(kind.sd.low)}–{plain(kind.sd.high)})",
            *(plain(kind.typical_sd), plain(kind.between_sd), worst if kind.bones > 1 else "–", f"{kind.unequal:.1f}"),
        )
        yield f"| {' | '.join(cells)} |"


def variant_table(figures: Sequence[Repeatability]) -> Iterator[str]:
    """Yield the table of each kind against each variant: CV in percent, or the SD where there is no CV."""
    rows: dict[str, dict[str, list[Repeatability]]] = {}
    for one in figures:
        if not one.name.startswith(f"{AGE}."):
            rows.setdefault(one.kind, {}).setdefault(one.variant, []).append(one)
    variants = list(dict.fromkeys(one.variant for one in figures))
    yield "Each variant against the film as it is: CV in percent, or the SD (marked s) where there is no CV; root mean"
    yield "square over bones."
    yield ""
    yield f"| measurement | {' | '.join(variants)} |"
    yield f"|---|{'--:|' * len(variants)}"
    for kind, cells in rows.items():
        yield f"| `{kind}` | {' | '.join(_pooled_cell(cells.get(variant, [])) for variant in variants)} |"


def _pooled_cell(members: list[Repeatability]) -> str:
    for values, ending in (([one.cv for one in members], ""), ([one.sd for one in members], " s")):
        pooled = finite_root_mean_square(np.array(values))
        if np.isfinite(pooled):
            return f"{pooled:.1f}" if not ending else f"{plain(pooled)}{ending}"
    return "–"


def plain(number: float) -> str:
    """Return a number with two significant digits and no exponent; ``0`` below a hundred-thousandth.

    Examples
    --------
    >>> plain(0.03456), plain(2.03), plain(5512.0), plain(1e-9), plain(float("nan"))
    ('0.035', '2.0', '5512', '0', '–')
    """
    if not np.isfinite(number):
        return "–"
    if abs(number) < 1e-5:
        return "0"
    decimals = max(0, 1 - int(np.floor(np.log10(abs(number)))))
    return f"{number:.{decimals}f}"


def _cell(number: float) -> str:
    """Return a number with four significant digits for the CSV, nothing for ``nan``."""
    return f"{number:.4g}" if np.isfinite(number) else ""
