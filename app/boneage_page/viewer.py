"""The film: zoom, layers, grey levels, every bone named when pointed at, the original one click away."""

from __future__ import annotations

import streamlit as st

from boneage.report.figures.film import LAYERS, FilmView, film_scene
from boneage.report.figures.scene import Scene
from boneage.report.overlay import film_window
from boneage.result import Reading
from boneage_page.figure_words import figure_words
from boneage_page.language import current, say, table
from boneage_page.lengths import axis_lengths
from boneage_page.shelf import Entry
from boneage_page.stage import show_stage


@st.fragment
def show_film(entry: Entry, reading: Reading | None) -> None:
    """Show the film as far as it came; of one whose file was let go the small picture."""
    if reading is None or reading.radiograph is None:
        if entry.picture:
            st.image(entry.picture, caption=say("film.preview"), alt=say("film.preview"))
        return
    digest = entry.film.digest
    found = reading.bone_map is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        original = st.toggle(say("film.original"), key=f"original_{digest}", help=say("film.original_help"))
        window = _ask_window(reading, digest, disabled=original)
    layers = _ask_layers(disabled=original) if found else []
    view = FilmView(frozenset() if original else frozenset(layers), None if original else window)
    bones = len(reading.result.bones)
    alt = say("film.alt", count=bones) if found and not original else say("film.alt_plain")
    scene = _scene(reading, view)
    if scene is not None:
        lengths = axis_lengths(reading.result.bones)
        show_stage(scene, key=f"film_{digest}", alt=alt, lengths=lengths)
    if found:
        st.caption(say("film.legend"))


def _scene(reading: Reading, view: FilmView) -> Scene | None:
    """Return the scene, the last one again where nothing changed (the page is run anew at every click)."""
    asked = (reading, view, current())
    kept: tuple[object, Scene | None] | None = st.session_state.get("film_scene")
    if kept is None or kept[0] != asked:
        kept = st.session_state["film_scene"] = (asked, film_scene(reading, view, words=figure_words()))
    return kept[1]


def _ask_layers(*, disabled: bool) -> list[str]:
    names = table("film.layer_names")
    chosen: list[str] = st.pills(
        say("film.layers"),
        list(LAYERS),
        selection_mode="multi",
        default=["shafts", "epiphyses", "carpals"],
        format_func=names.__getitem__,
        key="layers",
        disabled=disabled,
        label_visibility="collapsed",
    )
    return chosen


def _ask_window(reading: Reading, digest: str, *, disabled: bool) -> tuple[float, float] | None:
    """Return the darkest and brightest grey level chosen; ``None`` for the film's own."""
    assert reading.radiograph is not None
    low, high = film_window(reading.radiograph.pixels)
    own = {"level": round(50 * (low + high)), "width": max(round(100 * (high - low)), 1)}
    keys = {name: f"{name}_{digest}" for name in own}
    with st.popover(say("film.window"), disabled=disabled, icon=":material/contrast:"):
        for name, value in own.items():
            # Said anew every time: a slider in a closed popover would otherwise open at its least value.
            st.session_state[keys[name]] = st.session_state.get(keys[name], value)
        level = st.slider(say("film.level"), 0, 100, key=keys["level"], help=say("film.window_help"))
        width = st.slider(say("film.width"), 1, 100, key=keys["width"])
        st.button(
            say("film.film_window"),
            key=f"own_window_{digest}",
            on_click=lambda: st.session_state.update({keys[name]: value for name, value in own.items()}),
        )
    if (level, width) == (own["level"], own["width"]):
        return None
    return (level - width / 2) / 100, (level + width / 2) / 100
