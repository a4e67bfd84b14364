"""Progress of one film, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from streamlit.delta_generator import DeltaGenerator

from boneage.walk import Listener, Stage
from boneage_page.language import table

_DONE: Final[dict[Stage, float]] = {"read": 0.05, "segment": 0.15, "measure": 0.6, "lookup": 0.7, "regress": 0.8}
"""How much is done when a stage begins, by the seconds that each takes."""


@contextmanager
def shown_progress(place: DeltaGenerator) -> Iterator[Listener]:
    """Show a bar with each stage as it is told; ``place``, of one element, is empty afterwards.

    Where nothing is told, as of a film whose answer is remembered, nothing is shown.
    """
    names = table("page.stages")
    furthest = 0.0

    def tell(stage: Stage) -> None:
        nonlocal furthest
        furthest = max(furthest, _DONE[stage])  # A stage may come again: the answer is looked up for either sex.
        place.progress(furthest, names[stage])

    try:
        yield tell
    finally:
        if furthest:
            place.empty()
