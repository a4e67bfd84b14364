"""The stage: a film in the browser, to zoom into and to move about. The view stays while what is drawn changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import streamlit as st

from boneage.correction.correction import Point
from boneage.report.figures.scene import Scene
from boneage_page.language import say, table
from boneage_page.lengths import NO_LENGTHS, Lengths

_HERE: Final = Path(__file__).resolve().parent / "stage_assets"
_SCRIPTS: Final = ("naming.js", "lengths.js", "stage.js")
"""One module for the browser, in this order."""

_MOUNT: Final = st.components.v2.component(
    "boneage_stage",
    html='<div class="boneage-stage"></div>',
    css=(_HERE / "stage.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS),
    isolate_styles=False,
)


def show_stage(
    scene: Scene,
    *,
    key: str,
    alt: str,
    placed: Callable[[int, Point], None] | None = None,
    tall: bool = True,
    lengths: Lengths = NO_LENGTHS,
) -> None:
    """Show a scene.

    Parameters
    ----------
    scene:
        What is shown.
    key:
        As long as it is the same, zoom and place stay as the reader left them.
    alt:
        What a screen reader says of it.
    placed:
        Called with the number of a handle and where on the film it was put.
    tall:
        Whether it takes what height the window has.
    lengths:
        What is written beside the axes that are drawn.
    """

    def take() -> None:
        point = placed_point(st.session_state[key].get("placed"), len(scene.handles))
        if point is not None and placed is not None:
            placed(*point)

    words = {**table("film.stage"), "alt": alt, "moved": say("film.handle")}
    data = {"scene": scene.as_data(), "words": words, "tall": tall, "lengths": asdict(lengths)}
    _MOUNT(key=key, data=data, on_placed_change=take)


def placed_point(said: Any, handles: int) -> tuple[int, Point] | None:
    """Return what the browser says was placed: the number of the handle and the point; ``None`` where it is none."""
    if not isinstance(said, dict):
        return None
    end, *point = (said.get(key) for key in ("handle", "x", "y"))
    if type(end) is not int or end not in range(handles):
        return None
    x, y = (float(value) if isinstance(value, (int, float)) else None for value in point)
    return None if x is None or y is None else (end, (x, y))
