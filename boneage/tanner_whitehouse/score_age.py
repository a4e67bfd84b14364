"""From a maturity score to a bone age.

The tables print a score for each of a row of ages; between two rows the age is interpolated linearly. A score that is
printed at several ages stands for the middle of them. Below the first row, and from the last row on, there is a bound
and no number: there the score cannot tell one age from another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

from boneage.errors import TableError
from boneage.keyed_text import ExactAge, KeyedText, keyed
from boneage.reference.age_words import exact_age_words
from boneage.reference.published import Cell, bracket, read_published
from boneage.reference.rows import SEX_NAMES, SEXES, Sex
from boneage.tanner_whitehouse.stage_scores import GROUP

Bound = Literal["below", "at_or_above"]


@dataclass(frozen=True)
class AgeTable:
    """Where a system's ages stand.

    Attributes
    ----------
    file, title:
        The CSV file, and the table in words.
    score, age, months_each:
        Columns of score and age, and how many months the age's unit has.
    scale:
        The rows that are taken (column ``scale``); ``None`` takes all.
    note_column:
        Column with remarks on single rows.
    left_out:
        Rows whose remark contains one of these words are no rows of the standard.
    doubtful:
        What a result must say where it rests on all of these rows: sex, their scores, and the words.
    """

    file: str
    title: str
    score: str
    age: str
    months_each: float
    scale: str | None = None
    note_column: str = "note"
    left_out: tuple[str, ...] = ()
    doubtful: tuple[tuple[Sex, tuple[int, ...], KeyedText], ...] = field(default=())


@dataclass(frozen=True)
class AgeRows:
    """Scores, strictly rising, and the first and last age in months at which each is printed."""

    scores: tuple[float, ...]
    first: tuple[float, ...]
    last: tuple[float, ...]

    @cached_property
    def middle(self) -> tuple[float, ...]:
        """Return the age that each score stands for."""
        return tuple((first + last) / 2 for first, last in zip(self.first, self.last, strict=True))


@dataclass(frozen=True)
class ScoreAge:
    """The age of a score, or the bound where there is none.

    Attributes
    ----------
    months:
        Bone age in months, or ``None``.
    bound:
        ``below`` or ``at_or_above`` the age ``bound_months``, or ``None``.
    bound_months:
        The age of the table's end.
    cells:
        The cells used.
    notes:
        What must be said about them.
    """

    months: float | None
    bound: Bound | None
    bound_months: float | None
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=16)
def age_rows(table: AgeTable) -> dict[Sex, AgeRows]:
    """Load a table.

    Raises
    ------
    TableError
        If the file is missing, changed or broken, or its scores fall.
    """
    columns = read_published(GROUP, table.file, ("sex", table.score, table.age), optional=("scale", table.note_column))
    sexes, scores = columns.sexes(), columns.numbers(table.score)
    months = columns.numbers(table.age) * table.months_each
    scales, notes = columns.cells.get("scale"), columns.cells.get(table.note_column)
    found: dict[Sex, AgeRows] = {}
    for index, sex in enumerate(SEXES):
        ages: dict[float, list[float]] = {}
        for row in range(columns.rows):
            note = notes[row] if notes else ""
            foreign = table.scale is not None and scales is not None and scales[row] != table.scale
            if sexes[row] != index or foreign or any(words in note for words in table.left_out):
                continue
            ages.setdefault(float(scores[row]), []).append(round(float(months[row]), 6))
        rows = AgeRows(tuple(ages), tuple(min(at) for at in ages.values()), tuple(max(at) for at in ages.values()))
        falls = any(low >= high for low, high in pairwise(rows.scores))
        if falls or any(low >= high for low, high in zip(rows.last, rows.first[1:], strict=False)):
            msg = f"{table.file}: the scores of sex {sex} do not rise with age"
            raise TableError("table_scores_not_rising", msg, remedy="Install the package again.")
        found[sex] = rows
    return found


def age_of_score(table: AgeTable, sex: Sex, score: float) -> ScoreAge:
    """Return the bone age of a score, interpolated between the printed scores."""
    rows = age_rows(table)[sex]
    end = len(rows.scores) - 1
    if score < rows.scores[0]:
        words = "The score lies below the table, which begins with {score:g} at {age}."
        note = keyed("below_the_table", words, score=rows.scores[0], age=ExactAge(rows.first[0]))
        return ScoreAge(None, "below", rows.first[0], (_cell(table, sex, rows, 0),), (note,))
    if score >= rows.scores[end]:
        words = "The score has reached the end of the table, {score:g} at {age}."
        note = keyed("end_of_the_table", words, score=rows.scores[end], age=ExactAge(rows.first[end]))
        return ScoreAge(None, "at_or_above", rows.first[end], (_cell(table, sex, rows, end),), (note,))
    place = bracket(rows.scores, score)
    months = place.blend(rows.middle)
    words = "The score {score:g} is printed from {first} to {last}; the middle is taken."
    notes = [
        keyed(
            "printed_at_several_ages",
            words,
            score=rows.scores[row],
            first=ExactAge(rows.first[row]),
            last=ExactAge(rows.last[row]),
        )
        for row in place.rows
        if rows.first[row] != rows.last[row]
    ]
    used = {rows.scores[row] for row in place.rows}
    notes += [note for whose, scores, note in table.doubtful if whose == sex and used.issuperset(scores)]
    return ScoreAge(months, None, None, tuple(_cell(table, sex, rows, row) for row in place.rows), tuple(notes))


def _cell(table: AgeTable, sex: Sex, rows: AgeRows, row: int) -> Cell:
    ends = dict.fromkeys((rows.first[row], rows.last[row]))
    where = " to ".join(f"{age / 12:g} years" if table.months_each == 12 else exact_age_words(age) for age in ends)
    return Cell(f"{table.title}, {SEX_NAMES[sex]}", where, "score", rows.scores[row])
