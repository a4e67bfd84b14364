"""The films of one browser session, and what is kept of each: the result, small pictures, and the file while it fits.

Whole readings, which hold the decoded film, are kept by `boneage_page.reader` for the last few films only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import streamlit as st

from boneage.correction.correction import Correction
from boneage.radiograph.patient import examination_date
from boneage.radiograph.source import sniff
from boneage.report.figures.film import small_pictures
from boneage.report.identifiers import Patient, patient_of
from boneage.report.input import source_of_bytes
from boneage.result import Reading, Result
from boneage.walk import Listener
from boneage_page.corrected import corrected
from boneage_page.draft import Draft
from boneage_page.films import Film
from boneage_page.keeping_for_all import said_for_all
from boneage_page.reader import Question, read, site_in_use

MOST_BYTES: Final = 400 * 2**20
"""Beyond this the files of films that were read longest ago are let go; their results stay."""

_STATE: Final = "shelf"


@dataclass(frozen=True)
class Header:
    """What a DICOM file says about whose film it is and when it was made; empty for other files."""

    patient: Patient = field(default_factory=Patient)
    film_date: date | None = None


@dataclass
class Entry:
    """One film of the session.

    Attributes
    ----------
    film:
        The film.
    header:
        Whose it is.
    first:
        The result with the file alone asked; ``None`` until it was read.
    result:
        The result under what the user says.
    question:
        What the user says.
    correction, draft:
        What a reader corrected, and is about to.
    kept:
        What the fields of the panels hold (see `boneage_page.keeping`).
    thumbnail, picture:
        Small pictures of what was found, as ``data:`` addresses; empty where there is nothing to see.
    """

    film: Film
    header: Header
    first: Result | None = None
    result: Result | None = None
    question: Question | None = None
    correction: Correction | None = None
    draft: Draft = field(default_factory=Draft)
    kept: dict[str, Any] = field(default_factory=dict)
    thumbnail: str = ""
    picture: str = ""


@dataclass
class Shelf:
    """The films of the session, in the order in which they came, and the one that is shown."""

    entries: dict[str, Entry] = field(default_factory=dict)
    chosen: str | None = None
    generation: int = 0
    """Counts up with every upload: a new key empties the upload field and frees its copy of the files."""

    same: dict[str, str] = field(default_factory=dict)
    """Files given last that are films here under another name: that name by the file's own."""

    def add(self, film: Film) -> None:
        """Take a film in and show it; one that is here already is shown again."""
        self.add_all([film])

    def add_all(self, films: list[Film]) -> None:
        """Take several films in and show the first of them."""
        self.same = {}
        for film in films:
            self._take(film)
        if films:
            self.chosen = films[0].digest

    @property
    def shown(self) -> Entry | None:
        """The film that is shown."""
        return self.entries.get(self.chosen) if self.chosen else None

    @property
    def waiting(self) -> list[Entry]:
        """The films that were not read so far, or are to be read anew."""
        return [entry for entry in self.entries.values() if entry.result is None]

    def read_anew(self) -> None:
        """Let every film whose file is still there be read again, as something was changed for all of them."""
        for entry in self.entries.values():
            if entry.film.data is not None:
                entry.result = None

    def _take(self, film: Film) -> None:
        known = self.entries.get(film.digest)
        if known is None:
            self.entries[film.digest] = Entry(film, header_of(film))
        else:
            if known.film.name != film.name:
                self.same[film.name] = known.film.name
            if known.film.data is None:
                known.film = replace(film, name=known.film.name)
        self.chosen = film.digest
        self._let_go()

    def _let_go(self) -> None:
        held = [entry for entry in self.entries.values() if entry.film.data is not None]
        total = sum(len(entry.film.data or b"") for entry in held)
        for entry in held:
            if total <= MOST_BYTES:
                return
            if entry.first is not None and entry.film.digest != self.chosen:
                total -= len(entry.film.data or b"")
                entry.film = replace(entry.film, data=None)


def shelf() -> Shelf:
    """Return the shelf of this session."""
    found: Shelf = st.session_state.setdefault(_STATE, Shelf())
    return found


def read_first(entry: Entry, listener: Listener | None = None) -> Reading | None:
    """Read a film with the file alone asked, and note what came of it; ``None`` if its file was let go.

    A film that is read anew is asked what was asked before.
    """
    asked = entry.question or Question(sex=entry.film.sex, method=said_for_all("method", "auto"))
    question = replace(asked, site=site_in_use())
    return note(entry, question, corrected(entry.correction, question, read(entry.film, question, listener)))


def note(entry: Entry, question: Question, reading: Reading | None) -> Reading | None:
    """Keep the result and the small pictures of a reading."""
    if reading is None:
        return None
    if entry.first is None:
        entry.first = reading.result
    entry.result, entry.question = reading.result, question
    return reading


def keep_pictures(entry: Entry, reading: Reading | None) -> None:
    """Keep small pictures of a film, once there is time: the answer is shown before they are drawn."""
    if reading is not None and not entry.picture:
        entry.thumbnail, entry.picture = small_pictures(reading, (96, 640))


def header_of(film: Film) -> Header:
    """Return what a DICOM file says about whose film it is."""
    source = source_of_bytes(film.data) if film.data and sniff(film.data) == "DICOM" else None
    return Header() if source is None else Header(patient_of(source), examination_date(source))
