"""The table of several films: what stands in its columns, each of which sorts as a reader expects.

The browser sorts words by their letters and numbers by their size. So every age stands there twice: in words, whose
numbers are aligned so that letters sort them too, and in months.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import east_asian_width

import pandas as pd
import streamlit as st

from boneage.result import BoneAge, Chronological, ReaderCorrection, Result
from boneage_page.cells import tenths
from boneage_page.language import say, table
from boneage_page.shelf import Entry
from boneage_page.speech import speech

FIGURE_SPACE: Final = "\u2007"
"""As wide as a digit, and sorted before all of them."""

_SEXES: Final = ("M", "F")
_ONE_DIGIT: Final = re.compile(r"(?<!\d)\d(?!\d)")


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, and how Streamlit shows it."""

    key: str
    heading: str
    config: Any


def state_of(entry: Entry) -> str:
    """Return what became of a film: ``waiting``, or the status of its result."""
    return "waiting" if entry.result is None else entry.result.status


def columns(entries: Sequence[Entry]) -> list[Column]:
    """Return the columns for films: one answer each, or one for each sex as soon as the sex of any is not known."""
    return [
        Column("number", say("shelf.number"), st.column_config.NumberColumn(width=50)),
        Column("picture", say("shelf.picture"), st.column_config.ImageColumn(width=60)),
        _words("name", say("shelf.name"), 150),
        _words("status", say("shelf.status"), 90),
        _words("sex", say("shelf.sex"), 100),
        *(_columns_by_sex() if _by_sex(entries) else _columns_of_one_answer()),
        _words("own_age", say("shelf.own_age")),
        _numbers("own_months", say("shelf.own_months"), "%.0f"),
        _numbers("difference", say("shelf.difference"), "%+.0f"),
        _numbers("sds", say("shelf.sds"), "%+.1f"),
        Column("remarks", say("shelf.remarks"), st.column_config.TextColumn(width="large")),
    ]


def films_frame(entries: Sequence[Entry], numbers: dict[str, int]) -> pd.DataFrame:
    """Return films as a table keyed by column, one row each; ``numbers`` are those of all films by their hash."""
    states = table("shelf.states")
    rows = [
        {
            "number": numbers[entry.film.digest],
            "picture": entry.thumbnail or None,
            "name": entry.film.name,
            "status": states[state_of(entry)],
            **answer_cells(entry.result, by_sex=_by_sex(entries)),
        }
        for entry in entries
    ]
    frame = pd.DataFrame(rows, columns=[column.key for column in columns(entries)])
    numeric = [key for key in frame if "months" in key or key in {"difference", "sds"}]
    return frame.astype(dict.fromkeys(numeric, float))


def aligned(words: str) -> str:
    """Return words whose numbers of one digit take the room of two, so that they sort as the ages do.

    Examples
    --------
    >>> sorted([aligned("10 y 11 mo"), aligned("9 y 0 mo"), aligned("10 y 2 mo")])[0].strip(FIGURE_SPACE)[:3]
    '9 y'
    """
    return _ONE_DIGIT.sub(lambda found: FIGURE_SPACE + found.group(), words)


def _columns_of_one_answer() -> list[Column]:
    return [
        _words("bone_age", say("shelf.bone_age")),
        _numbers("months", say("shelf.months"), "%.1f"),
    ]


def _columns_by_sex() -> list[Column]:
    return [
        column
        for sex in _SEXES
        for column in (
            _words(f"bone_age_{sex}", say("shelf.bone_age_of", sex=speech().sex(sex))),
            _numbers(f"months_{sex}", say("shelf.months_of", sex=speech().sex(sex)), "%.1f"),
        )
    ]


def _words(key: str, heading: str, least: int = 120) -> Column:
    return Column(key, heading, st.column_config.TextColumn(width=_room(heading, least)))


def _numbers(key: str, heading: str, form: str) -> Column:
    return Column(key, heading, st.column_config.NumberColumn(format=form, width=_room(heading, 70)))


def _room(heading: str, least: int) -> int:
    """Return the width in pixels that shows a heading whole: a Han character takes the room of two letters."""
    letters = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in heading)
    return max(least, 28 + 7 * letters)


def _by_sex(entries: Sequence[Entry]) -> bool:
    """Tell whether any film has an answer for each sex."""
    return any(entry.result is not None and entry.result.by_sex for entry in entries)


def answer_cells(result: Result | None, *, by_sex: bool) -> dict[str, Any]:
    """Return what the table says of an answer, keyed by column; nothing of a film that waits."""
    if result is None:
        return {}
    said = [reason for reason in result.reasons if reason.severity != "info"]
    cells = {
        "sex": speech().sex(result.input.sex.value),
        "remarks": say("page.separator").join(speech().message(reason) for reason in said),
    }
    settled = result.settled
    if settled is not None and settled.final_months is not None:
        return cells | _reader_cells(result, settled, settled.final_months, by_sex=by_sex)
    answers = result.answers()
    own = next((answer.chronological for answer in answers.values()), None)
    cells |= _against(own, own if not result.by_sex else None)
    for sex, answer in answers.items():
        if answer.bone_age is not None:
            cells |= _age_cells(sex, by_sex, _in_a_cell(answer.bone_age), answer.bone_age.said_months)
    return cells


def _reader_cells(result: Result, settled: ReaderCorrection, months: float, *, by_sex: bool) -> dict[str, Any]:
    """Return the cells where a reader set the age: it goes first, with its own difference and SD score."""
    own = next(iter((settled.chronological or {}).values()), None)
    cells = _against(own, settled.held_against(result.input.sex.value))
    known, age = result.input.sex.value, speech().age(months)
    for sex in _SEXES if known is None else (known,):
        answer = result.answers().get(sex)
        if answer is None or answer.bone_age is None:
            words = say("shelf.by_reader_alone", age=age)
        else:
            words = say("shelf.by_reader", age=age, automatic=_in_a_cell(answer.bone_age))
        cells |= _age_cells(sex, by_sex, words, months)
    return cells


def _against(own: Chronological | None, held: Chronological | None) -> dict[str, Any]:
    """Return the cells of the child's own age, and of what the bone age is against it where that is one number."""
    return {
        "own_age": None if own is None else aligned(speech().age(own.months)),
        "own_months": None if own is None else tenths(own.months),
        "difference": None if held is None else tenths(held.difference_months),
        "sds": None if held is None else tenths(held.sds),
    }


def _age_cells(sex: str | None, by_sex: bool, words: str, months: float | None) -> dict[str, Any]:
    ending = f"_{sex}" if by_sex else ""
    return {f"bone_age{ending}": aligned(words), f"months{ending}": tenths(months)}


def _in_a_cell(age: BoneAge) -> str:
    """Return an answer in words that a cell holds whole, of a grown hand too."""
    return speech().age(age.months) if age.bound_months is None else f"≥ {speech().age(age.bound_months)}"
