"""Fields that keep what was said for all films of the session while they are not drawn; as `boneage_page.keeping`."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from boneage_page.language import current

_SAID: Final = "_said"
"""What is added to the name of a field, so that its value is kept under a key that no field has."""


def kept_for_all(name: str, default: Any = None) -> dict[str, Any]:
    """Return the ``key`` and ``on_change`` of a field whose value holds for all films of the session.

    Parameters
    ----------
    name:
        Of the field, on the whole page; the value is read by `said_for_all`.
    default:
        What it shows at first.
    """
    key = f"{name}_{current()}"
    st.session_state[key] = said_for_all(name, default)

    def keep() -> None:
        st.session_state[f"{name}{_SAID}"] = st.session_state[key]

    return {"key": key, "on_change": keep}


def said_for_all(name: str, default: Any = None) -> Any:
    """Return what a field of `kept_for_all` holds, drawn or not."""
    return st.session_state.get(f"{name}{_SAID}", default)
