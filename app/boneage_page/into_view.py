"""The answer brought into view, where a choice high on the page changes what lies below the window."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

_TURN: Final = "into_view_turn"
_MOUNT: Final = st.components.v2.component(
    "boneage_into_view",
    js=(Path(__file__).resolve().parent / "into_view.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def bring_answer() -> None:
    """Bring the answer into view once the page is drawn again."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def show_into_view() -> None:
    """Place what brings the answer into view; there is nothing to see of it."""
    with st.container(key="into_view"):
        _MOUNT(key="boneage_into_view", data={"turn": st.session_state.get(_TURN, 0)})
