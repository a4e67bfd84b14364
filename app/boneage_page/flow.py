"""The page from top to bottom."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from boneage.result import Result
from boneage.unforeseen import without_message
from boneage_page.child import ask, show_missing
from boneage_page.chooser import choose_films, show_same
from boneage_page.corrected import corrected, show_badge
from boneage_page.glance import show_glance, show_remarks
from boneage_page.language import choose_language, current, say, table
from boneage_page.layout import show_field_words, show_layout
from boneage_page.names import show_names
from boneage_page.panels import PANELS, Shown
from boneage_page.progress import shown_progress
from boneage_page.reader import Question, read
from boneage_page.several import show_films
from boneage_page.shelf import Entry, keep_pictures, note, read_first, shelf
from boneage_page.speech import speech
from boneage_page.viewer import show_film

LOGGER = logging.getLogger(__name__)

_ON_PAGE: Final = "film_on_page"
"""Where a session keeps which film its page shows."""


def show_page() -> None:
    """Show the page for the film in question."""
    st.set_page_config(page_title="boneage", layout="wide")
    show_layout()
    _show_head()
    show_field_words()
    show_names()
    entry = shelf().shown
    if entry is None:
        st.caption(say("page.privacy"))
        return
    several = st.container()
    show_same()
    try:
        _show_entry(entry)
    except Exception as error:  # One film must not take the others off the page, nor show tags in a traceback.
        film_failed(error)
    st.divider()
    st.caption(f"{speech().research_use()} {say('page.privacy')}")
    with several:
        show_films()


def film_failed(error: Exception) -> None:
    """Say that a film could not be shown, without what an error may quote of it."""
    LOGGER.warning("a film could not be shown: %s", without_message(error))
    st.error(say("page.film_failed", error=type(error).__name__))


def _show_head() -> None:
    """Show the title, the switch of the language and the chooser, which is folded away once there is a film."""
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        place = st.container(horizontal=True, vertical_alignment="center", key="title")
        more = st.container(width="content")
        with st.container(width="content"):
            choose_language()
    place.header(say("page.title"), anchor=False, width="content")
    if shelf().entries:
        with more:
            choose_films(folded=True)
        place.caption(f"**{speech().research_use()}**", width="content")
    else:
        st.caption(f"{say('page.lead')} **{speech().research_use()}**")
        choose_films(folded=False)


def _show_entry(entry: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text(entry.film.name, width="content")
        if entry.film.example is not None:
            st.caption(entry.film.example.note)
    place = st.empty()
    if st.session_state.get(_ON_PAGE) != entry.film.digest:
        place.empty()  # Nothing of another child may stand under this film's name while it is read.
        st.session_state[_ON_PAGE] = entry.film.digest
    if entry.first is None:
        with shown_progress(place) as told:
            read_first(entry, told)
    if entry.first is not None:
        with place.container():
            _show_answer(entry, entry.first)


def _show_answer(entry: Entry, first: Result) -> None:
    """Show the fields and the answer on the left, the film on the right, and the panels under both."""
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(key="child"):
        question = _question(entry, first)
    if question is None:
        return
    with left, st.container(key="answer"):
        place = st.empty()
    with shown_progress(place) as told:
        reading = note(entry, question, corrected(entry.correction, question, read(entry.film, question, told)))
    result = entry.result or first
    with place.container():
        if reading is None:
            st.info(say("page.forgotten"))
        show_badge(result)
        show_glance(result)
        show_remarks(result)
        show_missing(result)
    with right:
        show_film(entry, reading)
    _show_panels(Shown(entry, result, reading))
    keep_pictures(entry, reading)


def _question(entry: Entry, first: Result) -> Question | None:
    """Return what is asked; of a file that could not be read nothing can be."""
    return entry.question if first.input.rows is None else ask(entry, first)


@st.fragment
def _show_panels(shown: Shown) -> None:
    """Show the panels as tabs, of which only the open one is made."""
    panels = [panel for panel in PANELS if panel.applies(shown.result)]
    titles = table("page.panels")
    tabs = st.tabs([titles[panel.name] for panel in panels], on_change="rerun", key=f"panel_{current()}")
    for tab, panel in zip(tabs, panels, strict=True):
        if not tab.open:
            continue
        with tab:
            try:
                panel.show(shown)
            except Exception as error:  # One panel must not take the answer off the page, nor show tags in a traceback.
                LOGGER.warning("the panel %s failed: %s", panel.name, without_message(error))
                st.error(say("page.panel_failed", error=type(error).__name__))
