"""The film beside what was found on it."""

from __future__ import annotations

import streamlit as st

from boneage.report.overlay import Layers, draw_overlay, film_picture, picture_scale
from boneage.result import Reading
from boneage_page import words


def show_pictures(reading: Reading) -> None:
    """Show the film and, where bones were found, the overlay beside it."""
    if reading.radiograph is None:
        return
    found = reading.bone_map is not None
    st.subheader(words.PICTURES if found else words.ORIGINAL, anchor=False)
    chosen = _ask_layers() if found else []
    left, right = st.columns(2)
    pixels = reading.radiograph.pixels
    plain = film_picture(pixels, picture_scale(pixels.shape))
    left.image(plain, caption=words.ORIGINAL, width="stretch", output_format="JPEG")
    layers = Layers("outlines" in chosen, "axes" in chosen, "joints" in chosen, words=False)
    marked = draw_overlay(reading, layers=layers)
    if found and marked is not None:
        right.image(marked, caption=words.OVERLAY, width="stretch", output_format="JPEG")
        st.caption(words.LEGEND)


def _ask_layers() -> list[str]:
    options = list(words.LAYER_CHOICES)
    return st.pills(
        words.LAYERS,
        options,
        selection_mode="multi",
        default=options,
        format_func=words.LAYER_CHOICES.__getitem__,
        key="layers",
    )
