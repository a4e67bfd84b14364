"""Names for screen readers where Streamlit gives none: of the canvases of its tables and of pictures within them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from boneage_page.language import say

_MOUNT: Final = st.components.v2.component(
    "boneage_names", js=(Path(__file__).resolve().parent / "names.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show_names() -> None:
    """Name what has no name, now and whenever the page changes."""
    with st.container(key="names"):
        _MOUNT(key="boneage_names", data={"picture": say("shelf.picture"), "browse": say("chooser.browse")})
