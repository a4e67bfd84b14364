"""Every text of the page comes from here, in the language chosen: ``texts/<language>/<panel>.toml``, a file for each
panel.

A new language is a new folder with the same files and keys (see ``docs/page.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from boneage.report.catalogue import DEFAULT, Catalogue
from boneage_page.session import in_session

FOLDER: Final = Path(__file__).resolve().parent / "texts"
_TEXTS: Final = Catalogue(FOLDER)
STATE: Final = "language"
"""Where a session keeps its language, and the name of the query parameter that asks for one."""


def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in, English first."""
    return _TEXTS.languages


def catalogue(language: str) -> Mapping[str, Any]:
    """Return the texts of a language: panel to its texts and tables of texts."""
    return _TEXTS.texts(language)


def current() -> str:
    """Return the language of this session; English outside of one."""
    chosen = st.session_state.get(STATE) if in_session() else None
    return chosen if chosen in languages() else DEFAULT


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
    return _TEXTS.say(current(), key, **values)


def table(key: str) -> Mapping[str, str]:
    """Return a table of texts, by the codes that choose among them; empty where the language has none.

    Raises
    ------
    KeyError
        If the key is that of a text.
    """
    return _TEXTS.table(current(), key)


def choose_language() -> None:
    """Show the switch; what it shows first is what the address or the browser asks for."""
    if STATE not in st.session_state:
        st.session_state[STATE] = _asked_for()
    st.selectbox(
        say("page.language"),
        languages(),
        key=STATE,
        format_func=lambda language: str(catalogue(language)["page"]["name"]),
        label_visibility="collapsed",
        width=130,
    )


def _asked_for() -> str:
    asked = st.query_params.get("lang") or st.context.locale or ""
    return next((language for language in languages() if asked.lower().startswith(language)), DEFAULT)
