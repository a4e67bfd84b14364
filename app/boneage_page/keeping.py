"""Fields that keep what was said while they are not drawn: another film is shown, or the tab of their panel is closed.

Streamlit forgets the value of a field that is not drawn, so each is given its value anew whenever it is drawn. A
browser names a choice by its words and would answer with those of the language before; so a field is another one in
each language.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from boneage_page.language import current
from boneage_page.shelf import Entry


def kept(entry: Entry, name: str, default: Any = None) -> dict[str, Any]:
    """Return the ``key`` and ``on_change`` of a field whose value stays with the film.

    Parameters
    ----------
    entry:
        The film.
    name:
        Of the field, on the whole page.
    default:
        What it shows at first; it is followed as long as the user says nothing.
    """
    key = f"{name}_{entry.film.digest}_{current()}"
    st.session_state[key] = entry.kept.get(name, default)

    def keep() -> None:
        entry.kept[name] = st.session_state[key]

    return {"key": key, "on_change": keep}
