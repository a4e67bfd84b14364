"""Films as they are and under every change, read through the whole tool; what was read before is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from boneage.batch.inputs import FilmRequest
from boneage.batch.journal import Journal, Row, file_hash, film_key
from boneage.batch.reading import read_request
from boneage.estimate import Estimator
from boneage.evaluation.repeat_reading import ages_by_sex
from boneage.evaluation.variants import ORIGINAL
from boneage.outputs import film_stem
from boneage.result import Reading
from boneage.stress.change import Bones, Change

if TYPE_CHECKING:
    from boneage.radiograph.radiograph import Spacing

UNCHANGED: Final = ORIGINAL.name
"""Stands for the film as its file has it, where the others have the name of a change."""


@dataclass(frozen=True)
class StressReading:
    """What one film gave, as it is or under one change.

    Attributes
    ----------
    film:
        Its name.
    change:
        Name of the change, or `UNCHANGED`.
    status:
        Of the result.
    reason:
        Code of what stopped the answer; empty where there is one.
    ages:
        Sex to route (``answer``, ``measurement``, ``regression``) to months; both sexes where it is not known.
    chronological_months:
        The child's own age where the file or the manifest says it.
    """

    film: str
    change: str
    status: str
    reason: str = ""
    ages: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    chronological_months: float | None = None

    def to_row(self) -> Row:
        """Return the reading as a row of the journal."""
        row: Row = {
            "film": self.film,
            "change": self.change,
            "status": self.status,
            "reason": self.reason,
            "chronological_months": self.chronological_months,
        }
        return row | {f"{route}.{sex}": age for sex, routes in self.ages.items() for route, age in routes.items()}

    @classmethod
    def from_row(cls, row: Row) -> StressReading:
        """Read a row of the journal back."""
        ages: dict[str, dict[str, float]] = {}
        for name, value in row.items():
            route, dot, sex = name.partition(".")
            if dot:
                ages.setdefault(sex, {})[route] = float(str(value))
        own = row["chronological_months"]
        film, change, status, reason = (str(row[name]) for name in ("film", "change", "status", "reason"))
        return cls(film, change, status, reason, ages, None if own is None else float(own))


def read_under_stress(
    films: Iterable[FilmRequest], changes: Sequence[Change], estimator: Estimator, journal: Journal, *, run: str
) -> Iterator[StressReading]:
    """Read every film as it is, then under every change.

    A film that is not answered as it is has one reading: nothing can be said of what a change does to its answer.

    Parameters
    ----------
    films, changes:
        What is read, in this order.
    estimator:
        Reads the films.
    journal:
        Open; readings in it are taken from there, new ones are added.
    run:
        What the answers depend on besides the film (`boneage.batch.journal.run_digest`).
    """
    for request in films:
        name = request.id or request.stem or film_stem(request.path)
        film = film_key(request, run, None if request.problem else file_hash(request.path))
        keys = {change: _key(film, change) for change in (None, *changes)}
        kept = {
            change: StressReading.from_row(journal.rows[key]) for change, key in keys.items() if key in journal.rows
        }
        if None in kept and (kept[None].status != "ok" or len(kept) == len(keys)):
            yield from kept.values()
            continue
        first = read_request(estimator, request)
        original = _noted(first, name, UNCHANGED, own=True)
        if None not in kept:
            journal.add(keys[None], original.to_row())
        yield original
        if original.status != "ok" or first.radiograph is None:
            continue
        bones = _bones(first)
        for change in changes:
            reading = kept.get(change)
            if reading is None:
                reading = _noted(_read_changed(estimator, first, change, bones, name), name, change.name)
                journal.add(keys[change], reading.to_row())
            yield reading


def _read_changed(estimator: Estimator, first: Reading, change: Change, bones: Bones, name: str) -> Reading:
    assert first.radiograph is not None
    spacing: Spacing = first.radiograph.spacing
    return estimator.estimate_bytes(
        change.encode(first.radiograph.pixels, bones),
        name=f"{name} {change.name}",
        sex=first.result.input.sex.value or "unknown",
        pixel_spacing_mm=change.spacing_mm(spacing),
    )


def _bones(reading: Reading) -> Bones:
    """Return where the bones of an answered film lie on it."""
    import numpy as np

    from boneage.report.labels import film_labels

    assert reading.radiograph is not None
    shape = (reading.radiograph.rows, reading.radiograph.columns)
    if reading.bone_map is None:
        return np.zeros(shape, dtype=bool)
    return film_labels(reading.bone_map, shape) > 0


def _noted(reading: Reading, film: str, change: str, *, own: bool = False) -> StressReading:
    result = reading.result
    age = result.chronological.months if own and result.chronological else None
    reason = result.problems[0].code if result.problems else ""
    return StressReading(film, change, result.status, reason, ages_by_sex(result), age)


def _key(film: str | None, change: Change | None) -> str | None:
    """Return what makes a reading the same again: the film, and what is done to it."""
    if film is None:
        return None
    said = None if change is None else [change.name, change.strength, change.stated_mm]
    return hashlib.sha256(json.dumps([film, said]).encode()).hexdigest()
