"""Linear equations whose coefficients are printed by age: Roche-Wainer-Thissen, Khamis-Guo and Khamis-Roche.

Between two printed ages the coefficients are interpolated linearly, since their columns run smoothly with age. A few
printed cells break the smooth run. The files keep what is printed. A `Correction` stands only where another
transcription of the publication carries the number, and every prediction that it touches says so; for every other such
cell, a `Doubt`, there is no prediction: a table cell is never made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from boneage.errors import Refusal, TableError
from boneage.keyed_text import ExactAge, KeyedText, keyed
from boneage.reference.age_words import row_words
from boneage.reference.published import Cell, bracket, read_published
from boneage.reference.rows import SEX_NAMES, SEXES, Sex

GROUP: Final = "adult_height"
PLAIN_MEAN: Final = keyed("plain_mean", "It rests on the plain mean of both parents' heights.")
NOT_EXTRAPOLATED: Final = keyed("not_extrapolated", "There is no prediction here; nothing is extrapolated.")
_ANOTHER_METHOD: Final = keyed("another_method", "Use another method for this age; no number is put in its place.")


@dataclass(frozen=True)
class Correction:
    """A printed cell that is a misprint, and the number of another transcription, which is computed with."""

    sex: Sex
    months: float
    column: str
    printed: float
    used: float


@dataclass(frozen=True)
class Doubt:
    """A printed cell that is not believed as it breaks its column, which ``run`` shows about it.

    Ages whose interpolation touches its row are refused.
    """

    sex: Sex
    months: float
    column: str
    printed: float
    run: str


@dataclass(frozen=True)
class Equations:
    """Where one publication's equations stand.

    Attributes
    ----------
    file:
        The CSV file.
    age_column, months_each:
        Column of the age, and how many months its unit has.
    title:
        The table in words.
    columns:
        Column of the file to its words; all but the intercept are coefficients.
    intercept:
        Column of the intercept.
    length_cm:
        Unit of length that the equations give a height in, in cm.
    corrections:
        Misprints for which another transcription has the number.
    doubts:
        Cells that nothing is computed with.
    """

    file: str
    age_column: str
    months_each: float
    title: str
    columns: Mapping[str, str] = field(hash=False)
    intercept: str = "intercept_cm"
    length_cm: float = 1.0
    corrections: tuple[Correction, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Rows:
    """The equations of one sex: ages in months, rising, and each column as printed and as computed with."""

    months: tuple[float, ...]
    printed: dict[str, tuple[float, ...]]
    used: dict[str, tuple[float, ...]]


@lru_cache(maxsize=4)
def load_rows(equations: Equations) -> dict[Sex, Rows]:
    """Load the equations of both sexes.

    Raises
    ------
    TableError
        If the file is missing, changed or broken, or a correction or a doubt does not meet the number that it is about.
    """
    columns = read_published(GROUP, equations.file, ("sex", equations.age_column, *equations.columns))
    sexes, months = columns.sexes(), columns.numbers(equations.age_column) * equations.months_each
    numbers = {name: columns.numbers(name) for name in equations.columns}
    found: dict[Sex, Rows] = {}
    for index, sex in enumerate(SEXES):
        rows = np.flatnonzero(sexes == index)
        ages = tuple(float(months[row]) for row in rows)
        printed = {name: tuple(float(values[row]) for row in rows) for name, values in numbers.items()}
        used = {name: list(values) for name, values in printed.items()}
        named: tuple[Correction | Doubt, ...] = (*equations.corrections, *equations.doubts)
        for item in named:
            if item.sex == sex:
                row = ages.index(item.months)
                if printed[item.column][row] != item.printed:
                    msg = f"{equations.file}: a correction or a doubt does not meet the number that it is about"
                    raise TableError("table_correction", msg, remedy="Install the package again.")
                if isinstance(item, Correction):
                    used[item.column][row] = item.used
        found[sex] = Rows(ages, printed, {name: tuple(values) for name, values in used.items()})
    return found


@dataclass(frozen=True)
class Solved:
    """Height by the equation, the cells used, and what must be said about them."""

    cm: float
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]


def solve(equations: Equations, sex: Sex, age_months: float, terms: Mapping[str, float]) -> Solved:
    """Compute the equation of an age.

    Parameters
    ----------
    equations, sex:
        Which equations.
    age_months:
        Chronological age.
    terms:
        Column to the value that its coefficient multiplies, in the units of the file; the intercept stands alone.

    Raises
    ------
    Refusal
        ``age_outside_table``; ``unreliable_table_cell`` where a printed cell that is not believed takes part.
    """
    rows = load_rows(equations)[sex]
    who = SEX_NAMES[sex]
    first, last = rows.months[0], rows.months[-1]
    if not first <= age_months <= last:
        msg = keyed(
            "age_outside_table",
            "the equations for {who} cover chronological ages from {first} to {last}; this one is {age}",
            who=who,
            first=ExactAge(first),
            last=ExactAge(last),
            age=ExactAge(age_months),
        )
        raise Refusal("age_outside_table", msg, remedy=NOT_EXTRAPOLATED)
    place = bracket(rows.months, age_months)
    _refuse_doubts(equations, sex, [rows.months[row] for row in place.rows])
    cells = tuple(
        Cell(f"{equations.title}, {who}", row_words(rows.months[row]), words, rows.used[column][row])
        for row in place.rows
        for column, words in equations.columns.items()
    )
    used, printed = (
        _value(equations, {name: place.blend(values) for name, values in numbers.items()}, terms)
        for numbers in (rows.used, rows.printed)
    )
    notes = []
    if len(place.rows) > 1:
        low, high = (row_words(rows.months[row]) for row in place.rows)
        words = "The coefficients are interpolated between the rows {low} and {high}."
        notes.append(keyed("interpolated", words, low=low, high=high))
    notes += _corrected(equations, sex, [rows.months[row] for row in place.rows], printed)
    return Solved(used, cells, tuple(notes))


def _value(equations: Equations, coefficients: Mapping[str, float], terms: Mapping[str, float]) -> float:
    height = coefficients[equations.intercept] + sum(coefficients[name] * value for name, value in terms.items())
    return height * equations.length_cm


def _refuse_doubts(equations: Equations, sex: Sex, months: Sequence[float]) -> None:
    for item in equations.doubts:
        if item.sex == sex and item.months in months:
            who = SEX_NAMES[sex]
            msg = keyed(
                "unreliable_table_cell",
                "this age needs row {row} of {title}, {who}, whose {column} is printed {printed:g}; it is not believed:"
                " it breaks its column, which runs {run}",
                row=row_words(item.months),
                title=equations.title,
                who=who,
                column=equations.columns[item.column],
                printed=item.printed,
                run=item.run,
            )
            raise Refusal("unreliable_table_cell", msg, remedy=_ANOTHER_METHOD)


def _corrected(equations: Equations, sex: Sex, months: Sequence[float], as_printed: float) -> list[KeyedText]:
    return [
        keyed(
            "misprint",
            "Row {row}: {column} is printed {printed:g}, which breaks its column; another transcription has {used:g},"
            " which is computed with. With what is printed it would be {cm:.1f} cm.",
            row=row_words(item.months),
            column=equations.columns[item.column],
            printed=item.printed,
            used=item.used,
            cm=as_printed,
        )
        for item in equations.corrections
        if item.sex == sex and item.months in months
    ]
