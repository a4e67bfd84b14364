"""Asks the package for a reading; the networks are loaded once per process, the last readings kept for the session."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from boneage import estimate, rooms
from boneage.options import EstimateOptions, Method, SexWord
from boneage.result import Reading
from boneage_page.films import Film

KEPT_READINGS: Final = 4


@dataclass(frozen=True)
class Question:
    """What is asked about a film. ``None``: the file is asked."""

    sex: SexWord | None = None
    chronological_age_months: float | None = None
    pixel_spacing_mm: float | None = None
    method: Method = "auto"


@dataclass(frozen=True)
class Engine:
    """The loaded networks and tables, and the lock that lets one film through at a time."""

    rooms: rooms.Rooms
    lock: threading.Lock = field(default_factory=threading.Lock)


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """Return the process's only engine."""
    return Engine(rooms.InstalledRooms(EstimateOptions()))


def read(film: Film, question: Question) -> Reading | None:
    """Return the reading of a film, from memory where this session has asked the same before.

    ``None`` where the film's bytes were let go and its reading is no longer there.
    """
    kept: MutableMapping[tuple[str, Question], Reading] = st.session_state.setdefault("readings", {})
    key = (film.digest, question)
    if key in kept:
        kept[key] = kept.pop(key)  # The one used last goes last.
        return kept[key]
    if film.data is None:
        return None
    shared = engine()
    estimator = estimate.Estimator(EstimateOptions(question.method), rooms=shared.rooms)
    with shared.lock:
        reading = estimator.estimate_bytes(
            film.data,
            name=film.name,
            sex=question.sex,
            chronological_age_months=question.chronological_age_months,
            pixel_spacing_mm=question.pixel_spacing_mm,
        )
    kept[key] = reading
    while len(kept) > KEPT_READINGS:
        del kept[next(iter(kept))]
    return reading
