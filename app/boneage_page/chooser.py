"""Choosing the film: an upload, or an example to click; the last choice counts."""

from __future__ import annotations

import streamlit as st

from boneage_page import words
from boneage_page.films import Example, Film, example_films


def choose_film() -> Film | None:
    """Show the chooser and return the film in question."""
    generation = st.session_state.setdefault("upload_generation", 0)
    key = f"upload_{generation}"
    st.file_uploader(words.UPLOAD, key=key, help=words.UPLOAD_HELP, on_change=_take_upload, args=(key,))
    examples = example_films()
    if examples:
        with st.expander(words.EXAMPLES, expanded="film" not in st.session_state):
            with st.container(horizontal=True, gap="small"):
                for example in examples:
                    st.button(
                        example.label, key=f"example_{example.path.name}", on_click=_take_example, args=(example,)
                    )
            st.caption(words.EXAMPLES_SOURCE)
    film: Film | None = st.session_state.get("film")
    return film


def _take_upload(key: str) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        st.session_state.pop("film", None)
        return
    st.session_state["film"] = Film(upload.name, upload.getvalue())


def _take_example(example: Example) -> None:
    st.session_state["film"] = example.load()
    # A new key empties the upload field, so that the page never shows one film's name over another's answer.
    st.session_state["upload_generation"] += 1
