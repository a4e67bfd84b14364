"""Every text of the page comes from here, in the language chosen: ``texts/<language>/<panel>.toml``, a file for each
panel.

A new language is a new folder with the same files and keys (see ``docs/page.md``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from boneage_page.session import in_session

FOLDER: Final = Path(__file__).resolve().parent / "texts"
DEFAULT: Final = "en"
STATE: Final = "language"
"""Where a session keeps its language, and the name of the query parameter that asks for one."""


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in, English first."""
    found = sorted(path.name for path in FOLDER.iterdir() if (path / "page.toml").is_file())
    return (DEFAULT, *(name for name in found if name != DEFAULT))


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """Return the texts of a language: panel to its texts and tables of texts."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in (FOLDER / language).glob("*.toml")}


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
    text = _find(key)
    if not isinstance(text, str):
        msg = f"{key} is a table of texts, not a text"
        raise KeyError(msg)
    return text.format(**values) if values else text


def table(key: str) -> Mapping[str, str]:
    """Return a table of texts, by the codes that choose among them; empty where the language has none.

    Raises
    ------
    KeyError
        If the key is that of a text.
    """
    texts = _find(key, missing={})
    if isinstance(texts, str):
        msg = f"{key} is a text, not a table of texts"
        raise KeyError(msg)
    return texts


def entry(key: str, code: str) -> Mapping[str, str]:
    """Return one entry of a table whose entries have several texts; empty where the language has none."""
    found: Any = _find(key, missing={}).get(code, {})
    return dict(found)


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


def _find(key: str, missing: Any = None) -> Any:
    for language in (current(), DEFAULT):
        found: Any = catalogue(language)
        for part in key.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is not None:
            return found
    if missing is not None:
        return missing
    msg = f"there is no text {key!r}"
    raise KeyError(msg)
