"""The language of a session, and the texts of the page in it: `boneage.texts`, a file for each panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from boneage.texts import DEFAULT, TEXTS
from boneage_page.session import in_session

STATE: Final = "language"
"""Where a session keeps its language, and the name of the query parameter that asks for one."""


def current() -> str:
    """Return the language of this session; English outside of one."""
    chosen = st.session_state.get(STATE) if in_session() else None
    return chosen if chosen in TEXTS.languages else DEFAULT


def say(key: str, **values: object) -> str:
    """Return a text in the session's language.

    Parameters
    ----------
    key:
        ``<panel>.<name>``, for instance ``film.title``; always written out, so that a test can find the texts in use.
    values:
        What stands for the text's ``{placeholders}``.

    Raises
    ------
    KeyError
        If no language has that text.
    """
    return TEXTS.say(current(), key, **values)


def table(key: str) -> Mapping[str, str]:
    """Return a table of texts, by the codes that choose among them; empty where the language has none.

    Raises
    ------
    KeyError
        If the key is that of a text.
    """
    return TEXTS.table(current(), key)


def choose_language() -> None:
    """Show the switch; what it shows first is what the address or the browser asks for."""
    if STATE not in st.session_state:
        st.session_state[STATE] = _asked_for()
    st.selectbox(
        say("page.language"),
        TEXTS.languages,
        key=STATE,
        format_func=lambda language: TEXTS.say(language, "page.name"),
        label_visibility="collapsed",
        width=130,
    )


def _asked_for() -> str:
    asked = st.query_params.get("lang") or st.context.locale or ""
    return next((language for language in TEXTS.languages if asked.lower().startswith(language)), DEFAULT)
