"""How the page is laid out, and the words within the fields of Streamlit that it gives no parameter for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import streamlit as st

from boneage.app_launcher import LARGEST_UPLOAD_MB
from boneage_page.language import say

_SHEET: Final = (Path(__file__).resolve().parent / "layout.css").read_text(encoding="utf-8")

_UPLOAD: Final = "[data-testid=stFileUploaderDropzone]"


def show_layout() -> None:
    """Lay the page out."""
    st.html(f"<style>{_SHEET}</style>")


def show_field_words() -> None:
    """Put words of the page's language in the place of Streamlit's own, once the language is known."""
    words = {
        f"{_UPLOAD} > span [data-testid=stMarkdownContainer]": say("chooser.browse"),
        f"{_UPLOAD} [data-testid=stFileUploaderDropzoneInstructions] > div": say(
            "chooser.largest", megabytes=LARGEST_UPLOAD_MB
        ),
        "[data-testid=InputInstructions]": say("child.press_enter"),
    }
    st.html(f"<style>{''.join(_in_place_of(place, text) for place, text in words.items())}</style>")


def _in_place_of(place: str, text: str) -> str:
    """Return the rules that put a text in the place of what Streamlit writes there."""
    return f"{place} > * {{display: none}}\n{place}::after {{content: {json.dumps(text, ensure_ascii=False)}}}\n"
