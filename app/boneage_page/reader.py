"""Asks the package for a reading; the networks are loaded once per process, the last readings kept for the session."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from boneage import estimate, rooms
from boneage.calibration.apply import open_calibrator
from boneage.calibration.site import SiteCalibration
from boneage.options import EstimateOptions, Method, OwnAge, SexWord
from boneage.result import Reading
from boneage.walk import Listener
from boneage_page.films import Film

KEPT_READINGS: Final = 4
SITE: Final = "site"
"""Where a session keeps its site calibration."""


@dataclass(frozen=True)
class Site:
    """A site calibration, known by the hash of its file."""

    sha256: str
    calibration: SiteCalibration = field(compare=False)


@dataclass(frozen=True)
class Question:
    """What is asked about a film. ``None``: the file is asked."""

    sex: SexWord | None = None
    chronological_age_months: OwnAge | None = None
    pixel_spacing_mm: float | None = None
    method: Method = "auto"
    site: Site | None = None

    def options(self, *, explain: bool = False) -> EstimateOptions:
        """Return how the film is to be read."""
        calibration = None if self.site is None else self.site.calibration
        return EstimateOptions(self.method, calibration=calibration, explain=explain)


@dataclass(frozen=True)
class Engine:
    """The loaded networks and tables, and the lock that lets one film through at a time."""

    rooms: rooms.Rooms
    lock: threading.Lock = field(default_factory=threading.Lock)


def site_in_use() -> Site | None:
    """Return the calibration that this session applies to every film."""
    found: Site | None = st.session_state.get(SITE)
    return found


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """Return the process's only engine."""
    return Engine(rooms.InstalledRooms(EstimateOptions()))


def check_site(calibration: SiteCalibration, method: Method) -> None:
    """See that a calibration was fitted with what is installed.

    Raises
    ------
    UsageError
        As `boneage.calibration.apply.open_calibrator`.
    """
    open_calibrator(calibration, engine().rooms, EstimateOptions(method, calibration=calibration))


def read(film: Film, question: Question, listener: Listener | None = None) -> Reading | None:
    """Return the reading of a film, from memory where this session has asked the same before.

    ``listener`` is told of every stage as it begins. ``None`` where the film's bytes were let go and its reading is no
    longer there.
    """
    kept: MutableMapping[tuple[str, Question], Reading] = st.session_state.setdefault("readings", {})
    key = (film.digest, question)
    if key in kept:
        kept[key] = kept.pop(key)  # The one used last goes last.
        return kept[key]
    if film.data is None:
        return None
    if listener is not None:
        listener("read")  # Another film may be on its way: something is to be seen while this one waits.
    shared = engine()
    estimator = estimate.Estimator(question.options(), rooms=shared.rooms)
    with shared.lock:
        reading = estimator.estimate_bytes(
            film.data,
            name=film.name,
            sex=question.sex,
            chronological_age_months=question.chronological_age_months,
            pixel_spacing_mm=question.pixel_spacing_mm,
            listener=listener,
        )
    kept[key] = reading
    while len(kept) > KEPT_READINGS:
        del kept[next(iter(kept))]
    return reading
