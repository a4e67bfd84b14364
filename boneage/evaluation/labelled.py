"""Labels and answers brought together: one labelled film each, answered or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.errors import UsageError
from boneage.evaluation.labels import Label, labels_by_path, number_of, read_rows
from boneage.outputs import film_stem

Floats = NDArray[np.float64]
Interval = tuple[float, float]

ROUTES: Final = {
    "answer": "bone_age_months",
    "measurement": "measurement_months",
    "regression": "regression_months",
}
"""Route to its column in the report of a batch; ``answer`` is what the user is told."""

_INTERVALS: Final = {
    "answer": ("lower_95_months", "upper_95_months"),
    "measurement": ("measurement_lower_95_months", "measurement_upper_95_months"),
    "regression": ("regression_lower_95_months", "regression_upper_95_months"),
}


@dataclass(frozen=True)
class LabelledFilm:
    """A film with its label and what was answered.

    Attributes
    ----------
    label:
        The label.
    status:
        ``ok``, ``refused`` or ``error``.
    problems:
        Codes of what stopped the answer; empty when ``ok``.
    warnings:
        Codes of the quality warnings on it.
    months:
        Route to age in months; a route without an answer is left out. A refused film may have ages of routes.
    intervals:
        Route to its 95 % interval in months, where it is known.
    sex:
        The sex that the film was read with, ``M`` or ``F``, empty where unknown.
    bound_months:
        Of a grown hand the age that the answer is at or above; ``months`` is then a best guess. Else ``None``.
    """

    label: Label
    status: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    months: Mapping[str, float]
    intervals: Mapping[str, Interval]
    sex: str
    bound_months: float | None = None

    @property
    def answered(self) -> bool:
        """Whether the user was told one age."""
        return self.status == "ok" and "answer" in self.months


@dataclass(frozen=True, eq=False)
class RouteAges:
    """One route on n films: its ages, the labels, and its intervals (``nan`` where unknown), in months, shape (n,)."""

    ages: Floats
    labels: Floats
    low: Floats
    high: Floats

    @property
    def differences(self) -> Floats:
        """Age minus label, months."""
        return self.ages - self.labels

    @property
    def widths(self) -> Floats:
        """Width of the intervals, months."""
        return self.high - self.low

    @property
    def has_intervals(self) -> bool:
        """Whether every film has its interval, so that they can be judged."""
        return self.ages.size > 0 and bool(np.isfinite(self.widths).all())


def route_ages(films: Iterable[LabelledFilm], route: str) -> RouteAges:
    """Return one route on those of the films that have its age."""
    unknown = (float("nan"), float("nan"))
    rows = [
        (film.months[route], film.label.months, *film.intervals.get(route, unknown))
        for film in films
        if route in film.months
    ]
    return RouteAges(*np.array(rows, dtype=np.float64).reshape(-1, 4).T)


def join_report(labels: Mapping[str, Label], report: Path) -> tuple[LabelledFilm, ...]:
    """Return the labelled films that a batch report has a row for, in the order of the labels.

    A row belongs to the label of its ``id``; else to the label that names its path, absolute or as it is written; else,
    where it has no id and no other film of the report shares its file name, to the label of that name without the
    ending. A report of an older version holds the interval of the answer only; `boneage.evaluation.answers` knows those
    of the routes too.

    Raises
    ------
    UsageError
        If the report cannot be read, no row has a label, or two rows belong to one label (``report_twice``).
    """
    rows = read_rows(report, "report", ("path", "id", "status", *ROUTES.values()))
    by_path = labels_by_path(labels.values())
    stems = Counter(film_stem(path) for path in {row["path"] for row in rows} - {""})
    films: dict[str, LabelledFilm] = {}
    for row in rows:
        stem = film_stem(row["path"]) if row["path"] and not row["id"] else ""
        alone = labels.get(stem) if stems[stem] == 1 else None
        label = labels.get(row["id"]) or by_path.get(row["path"]) or alone
        if label is None:
            continue
        if label.id in films:
            msg = f"two rows of {report} belong to the label {label.id}"
            raise UsageError("report_twice", msg, remedy="keep one row for every film, with an id or a path of its own")
        films[label.id] = _film_of_row(label, row)
    if not films:
        msg = "no row of the report has a label"
        remedy = "the ids, paths or unlike file names of the report must be those of the labels"
        raise UsageError("labels_do_not_fit", msg, remedy=remedy)
    return in_label_order(labels, films)


def in_label_order(labels: Mapping[str, Label], films: Mapping[str, LabelledFilm]) -> tuple[LabelledFilm, ...]:
    """Return the films by their labels' order, so that equal answers give equal figures wherever they come from."""
    return tuple(films[name] for name in labels if name in films)


def _film_of_row(label: Label, row: Mapping[str, str]) -> LabelledFilm:
    months = {route: number_of(row[column]) for route, column in ROUTES.items()}
    ends = {route: [number_of(row.get(column, "")) for column in columns] for route, columns in _INTERVALS.items()}
    codes = tuple(code.strip() for code in row.get("reason_code", "").split(";") if code.strip())
    ok = row["status"] == "ok"
    return LabelledFilm(
        label=label,
        status=row["status"],
        problems=() if ok else codes,
        warnings=codes if ok else (),
        months={route: age for route, age in months.items() if age is not None},
        intervals={route: (low, high) for route, (low, high) in ends.items() if low is not None and high is not None},
        sex=row.get("sex", "") if row.get("sex") in {"M", "F"} else "",
        bound_months=number_of(row.get("bone_age_at_or_above_months", "")),
    )
