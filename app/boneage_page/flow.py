"""The page from top to bottom."""

from __future__ import annotations

from typing import Final

import streamlit as st

from boneage.report.wording import RESEARCH_USE
from boneage.result import Reading
from boneage_page import words
from boneage_page.answer import show_answer, show_remarks
from boneage_page.child import ask
from boneage_page.chooser import choose_film
from boneage_page.export import show_details, show_export
from boneage_page.films import Film
from boneage_page.pictures import show_pictures
from boneage_page.reader import Question, read
from boneage_page.routes import show_routes
from boneage_page.tables import show_bones, show_contributions

LAYOUT: Final = "<style>.stMainBlockContainer {padding-top: 2.5rem; padding-bottom: 3rem; max-width: 1280px}</style>"


def show_page() -> None:
    """Show the page for the film in question."""
    st.set_page_config(page_title=words.TITLE, layout="wide")
    st.html(LAYOUT)
    st.header(words.TITLE, anchor=False)
    st.caption(f"{words.LEAD} **{RESEARCH_USE}**")
    film = choose_film()
    if film is None:
        st.caption(words.PRIVACY)
        return
    reading = _read(film)
    if reading is not None:
        _show_reading(film, reading)
    st.divider()
    st.caption(f"{RESEARCH_USE} {words.PRIVACY}")


def _read(film: Film) -> Reading | None:
    """Return the reading under what the user says; the file alone is asked first, to fill the fields."""
    st.markdown(f"**{film.name}**")
    if film.note:
        st.caption(film.note)
    slot = st.empty()
    with slot, st.spinner(words.WORKING, show_time=True):
        first = read(film, Question(sex=film.sex, method=st.session_state.get("method", "auto")))
    if first.radiograph is None:
        return first
    question = ask(film, first.result)
    if question is None:
        return None
    with slot, st.spinner(words.WORKING, show_time=True):
        return read(film, question)


def _show_reading(film: Film, reading: Reading) -> None:
    result = reading.result
    show_answer(result)
    show_remarks(result)
    show_routes(result)
    show_pictures(reading)
    show_bones(result)
    show_contributions(result)
    show_export(film, reading)
    show_details(result)
