"""Several films: a table to sort, to filter and to choose from; they are read one at a time while the page is used."""

from __future__ import annotations

from typing import Final

import streamlit as st

from boneage.report.csv_row import csv_row, csv_text
from boneage.report.identifiers import without_path
from boneage.result import Reading
from boneage.result.ages import SDS_LIMIT
from boneage_page.films_table import columns, films_frame, state_of
from boneage_page.into_view import bring_answer, show_into_view
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
        show_into_view()


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
    states = [state_of(entry) for entry in films.entries.values()]
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
    numbers = _numbers(films)
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
    shown = columns(entries)
    frame = films_frame(entries, _numbers(films))
    if selected_film(entries) not in {None, films.chosen}:  # A cell that stays selected would not answer to a click.
        st.session_state[_TABLE] = {"selection": {"rows": [], "columns": [], "cells": []}}
    st.dataframe(
        frame.rename(columns={column.key: column.heading for column in shown}),
        hide_index=True,
        width="stretch",
        height=min(_MOST_PX, 38 + _ROW_PX * max(len(frame), 1)),
        row_height=_ROW_PX,
        placeholder="",
        key=_TABLE,
        alt=say("shelf.alt"),
        on_select=lambda: _take_cell(entries),
        selection_mode="single-cell",
        column_config={column.heading: column.config for column in shown},
    )


def _numbers(films: Shelf) -> dict[str, int]:
    """Return the numbers of the films in the order in which they came, by their hash."""
    return {digest: number for number, digest in enumerate(films.entries, start=1)}


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
        held = [answer.chronological for answer in result.answers().values()]
        if result.settled is not None:
            held = list((result.settled.chronological or {}).values())
        scores = [own.sds for own in held if own is not None]
        return any(score is not None and abs(score) > SDS_LIMIT for score in scores)
    return result.status == name


def selected_film(entries: list[Entry]) -> str | None:
    """Return the film whose cell is selected, of those in the table; empty for a row that is no longer there.

    A number is no choice: the table selects the first of them by itself when it is focused, by a click on a heading
    too.
    """
    state = st.session_state.get(_TABLE)
    cells = state["selection"]["cells"] if state else []
    if not cells:
        return None
    row, heading = cells[0]
    if heading == say("shelf.number"):
        return None
    return entries[row].film.digest if row < len(entries) else ""


def _take_cell(entries: list[Entry]) -> None:
    digest = selected_film(entries)
    if digest and digest != shelf().chosen:
        _choose(digest)
        bring_answer()


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
