"""Several films: a table to sort, to filter and to choose from; they are read one at a time while the page is used."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from boneage.report.csv_row import csv_row, csv_text
from boneage.report.identifiers import without_path
from boneage.report.wording import SDS_LIMIT
from boneage.result import BoneAge, Reading, Result
from boneage_page import speech
from boneage_page.language import say, table
from boneage_page.shelf import Entry, Shelf, keep_pictures, read_first, shelf

FEWEST: Final = 2
"""One film alone needs no table."""

_PICK: Final = "film_shown"
_TABLE: Final = "films_table"
_ROW_PX: Final = 52
_MOST_PX: Final = 300
_SECONDS_BETWEEN: Final = 1.0


def show_films() -> None:
    """Show the films of the session where there are several, and read one of those that wait."""
    films = shelf()
    if len(films.entries) >= FEWEST:
        every = _SECONDS_BETWEEN if films.waiting else None
        st.fragment(_show, run_every=every)(films.chosen, bool(films.waiting))


def _show(chosen: str | None, were_waiting: bool) -> None:
    films = shelf()
    st.subheader(say("shelf.title", count=len(films.entries)), anchor=False)
    _read_one(films)
    _show_choice(films)
    entries = _filtered(list(films.entries.values()))
    _show_table(films, entries)
    with st.container(horizontal=True):
        st.download_button(
            say("shelf.csv"), _csv(films), "films.csv", "text/csv", on_click="ignore", icon=":material/download:"
        )
        st.button(say("shelf.clear"), on_click=_clear, icon=":material/delete:")
    if films.chosen != chosen or (were_waiting and not films.waiting) or not films.entries:
        st.rerun()


def _read_one(films: Shelf) -> None:
    """Read one of the films that wait, with progress; say what became of all once none waits."""
    waiting, count = films.waiting, len(films.entries)
    if waiting:
        done = count - len(waiting)
        st.progress(done / count, say("shelf.progress", number=done + 1, count=count, name=waiting[0].film.name))
        keep_pictures(waiting[0], read_first(waiting[0]))
        return
    states = [_state(entry) for entry in films.entries.values()]
    st.caption(
        say(
            "shelf.done",
            count=count,
            ok=states.count("ok"),
            refused=states.count("refused"),
            failed=states.count("error"),
        )
    )


def _show_choice(films: Shelf) -> None:
    """Show the choice of the film as a list too: a table is hard to use without a mouse."""
    numbers = {digest: number for number, digest in enumerate(films.entries, start=1)}
    st.session_state[_PICK] = films.chosen
    st.selectbox(
        say("shelf.open"),
        list(numbers),
        key=_PICK,
        format_func=lambda digest: say("shelf.item", number=numbers[digest], name=films.entries[digest].film.name),
        help=say("shelf.open_help"),
        on_change=lambda: _choose(st.session_state[_PICK]),
    )


def _show_table(films: Shelf, entries: list[Entry]) -> None:
    frame = films_frame(films, entries)
    names = _column_names()
    st.dataframe(
        frame.rename(columns=names),
        hide_index=True,
        width="stretch",
        height=min(_MOST_PX, 38 + _ROW_PX * max(len(frame), 1)),
        row_height=_ROW_PX,
        placeholder="",
        key=_TABLE,
        alt=say("shelf.alt"),
        on_select=lambda: _take_cell(entries),
        selection_mode="single-cell",
        column_config={
            names["number"]: st.column_config.NumberColumn(width=50),
            names["picture"]: st.column_config.ImageColumn(width=60),
            names["name"]: st.column_config.TextColumn(width=150),
            names["status"]: st.column_config.TextColumn(width=90),
            names["sex"]: st.column_config.TextColumn(width=100),
            names["bone_age"]: st.column_config.TextColumn(width=220),
            names["months"]: st.column_config.NumberColumn(format="%.1f", width=70),
            names["own_age"]: st.column_config.TextColumn(width=90),
            names["difference"]: st.column_config.NumberColumn(format="%+.0f", width=80),
            names["sds"]: st.column_config.NumberColumn(format="%+.1f", width=70),
            names["remarks"]: st.column_config.TextColumn(width="large"),
        },
    )


def films_frame(films: Shelf, entries: list[Entry]) -> pd.DataFrame:
    """Return films as a table keyed by column, one row each."""
    numbers = {digest: number for number, digest in enumerate(films.entries, start=1)}
    states = table("shelf.states")
    rows = [
        {
            "number": numbers[entry.film.digest],
            "picture": entry.thumbnail or None,
            "name": entry.film.name,
            "status": states[_state(entry)],
            **_answer_cells(entry.result),
        }
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=list(_column_names()))


def _answer_cells(result: Result | None) -> dict[str, Any]:
    if result is None:
        return {}
    answers = result.answers()
    ages = {sex: answer.bone_age for sex, answer in answers.items() if answer.bone_age is not None}
    one = len(ages) == 1 and not result.by_sex
    own = next((answer.chronological for answer in answers.values()), None)
    said = [reason for reason in result.reasons if reason.severity != "info"]
    words = [
        say("shelf.if_sex", sex=speech.sex(sex), age=speech.answer(age)) if result.by_sex else speech.answer(age)
        for sex, age in ages.items()
    ]
    separator = say("page.separator")
    return {
        "sex": speech.sex(result.input.sex.value),
        "bone_age": separator.join(words),
        "months": _tenths(_months(next(iter(ages.values()))) if one else None),
        "own_age": None if own is None else speech.age(own.months),
        "difference": _tenths(own.difference_months if own is not None and one else None),
        "sds": _tenths(own.sds if own is not None and one else None),
        "remarks": separator.join(speech.message(reason) for reason in said),
    }


def _tenths(value: float | None) -> float | None:
    """Round to about what is shown: a screen reader says all that a cell holds."""
    return None if value is None else round(value, 1) + 0.0


def _months(age: BoneAge) -> float | None:
    return age.months if age.bound_months is None else age.bound_months


def _column_names() -> dict[str, str]:
    return {
        "number": say("shelf.number"),
        "picture": say("shelf.picture"),
        "name": say("shelf.name"),
        "status": say("shelf.status"),
        "sex": say("shelf.sex"),
        "bone_age": say("shelf.bone_age"),
        "months": say("shelf.months"),
        "own_age": say("shelf.own_age"),
        "difference": say("shelf.difference"),
        "sds": say("shelf.sds"),
        "remarks": say("shelf.remarks"),
    }


def _state(entry: Entry) -> str:
    return "waiting" if entry.result is None else entry.result.status


def _filtered(entries: list[Entry]) -> list[Entry]:
    names = table("shelf.filters")
    wanted: list[str] = st.pills(
        say("shelf.show"), list(names), selection_mode="multi", format_func=names.__getitem__, key="films_filter"
    )
    return [entry for entry in entries if not wanted or any(fits(entry, name) for name in wanted)]


def fits(entry: Entry, name: str) -> bool:
    """Tell whether a film passes a filter: a state, ``warnings``, or ``beyond`` the limits of the SD score."""
    result = entry.result
    if result is None:
        return False
    if name == "warnings":
        return any(reason.severity == "warning" for reason in result.warnings)
    if name == "beyond":
        scores = [answer.chronological.sds for answer in result.answers().values() if answer.chronological]
        return any(score is not None and abs(score) > SDS_LIMIT for score in scores)
    return result.status == name


def _take_cell(entries: list[Entry]) -> None:
    cells = st.session_state[_TABLE]["selection"]["cells"]
    if cells and cells[0][0] < len(entries):
        _choose(entries[cells[0][0]].film.digest)


def _choose(digest: str) -> None:
    shelf().chosen = digest


def _clear() -> None:
    films = shelf()
    films.entries.clear()
    films.chosen = None
    st.session_state.pop("readings", None)


def _csv(films: Shelf) -> bytes:
    """Return the rows of all films that were read; their column ``id`` is the number in the table."""
    rows = [
        csv_row(without_path(Reading(entry.result)).result, identifier=str(number))
        for number, entry in enumerate(films.entries.values(), start=1)
        if entry.result is not None
    ]
    return csv_text(rows).encode()
