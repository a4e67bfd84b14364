"""Choosing films: uploads, one or many, or an example to click."""

from __future__ import annotations

from typing import Final

import streamlit as st

from boneage_page.films import Example, example_films, film_of
from boneage_page.language import say
from boneage_page.shelf import shelf
from boneage_page.speech import as_written

_MOST_NAMED: Final = 5


def choose_films(*, folded: bool) -> None:
    """Show the chooser, or a button that unfolds it; what is chosen goes on the session's shelf."""
    if folded:
        # A new key folds it away again once something was chosen.
        with st.popover(say("chooser.title"), icon=":material/add:", key=f"more_{shelf().generation}"):
            _show_fields()
    else:
        _show_fields()


def show_same() -> None:
    """Say which of the files given last are films that were here under another name."""
    same = shelf().same
    if same:
        pairs = [say("chooser.same_item", name=name, known=known) for name, known in same.items()]
        named = [*pairs[:_MOST_NAMED], *["…"] * (len(pairs) > _MOST_NAMED)]
        st.caption(say("chooser.same", count=len(same), names=as_written(say("page.separator").join(named))))


def _show_fields() -> None:
    key = f"upload_{shelf().generation}"
    st.file_uploader(
        say("chooser.upload"),
        key=key,
        help=say("chooser.upload_help"),
        accept_multiple_files=True,
        on_change=_take_uploads,
        args=(key,),
    )
    examples = example_films()
    if examples:
        st.caption(say("chooser.examples"))
        with st.container(horizontal=True, gap="small"):
            for example in examples:
                st.button(example.label, key=f"example_{example.path.name}", on_click=_take_example, args=(example,))
        st.caption(say("chooser.examples_source"))


def _take_uploads(key: str) -> None:
    films = [film_of(upload.name, upload.getvalue()) for upload in st.session_state.get(key) or ()]
    if films:
        shelf().add_all(films)
        shelf().generation += 1


def _take_example(example: Example) -> None:
    shelf().add(example.load())
    shelf().generation += 1
