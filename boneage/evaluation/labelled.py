"""Labels and a batch report brought together: one labelled film each, answered or not."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from boneage.errors import UsageError
from boneage.outputs import film_stem, write_whole

ROUTES: Final = {
    "answer": "bone_age_months",
    "measurement": "measurement_months",
    "regression": "regression_months",
}
"""Route to its column in the report of a batch; ``answer`` is what the user is told."""


@dataclass(frozen=True)
class Label:
    """A film's label: its name, bone age in months, and sex."""

    id: str
    months: float
    sex: str


@dataclass(frozen=True)
class LabelledFilm:
    """A film with its label and what the batch said.

    Attributes
    ----------
    label:
        The label.
    status, reason_code:
        How its reading ended.
    months:
        Route to age in months; a route without an answer is left out.
    interval_95:
        Of the answer, if there is one.
    """

    label: Label
    status: str
    reason_code: str
    months: Mapping[str, float]
    interval_95: tuple[float, float] | None


def read_labels(path: Path, *, split: str | None = None) -> dict[str, Label]:
    """Read labels by id: a CSV with the columns ``id``, ``bone_age_months``, ``sex`` and perhaps ``split``.

    Raises
    ------
    UsageError
        If the file cannot be read, lacks a column, has a wrong cell, or has no film of the split.
    """
    rows = _read_csv(path, "labels", ("id", "bone_age_months", "sex", *(("split",) if split else ())))
    labels = {}
    for number, row in enumerate(rows, start=2):
        if split and row["split"] != split:
            continue
        months = _number(row["bone_age_months"])
        if months is None or row["id"] in labels:
            msg = f"row {number} of the labels has no bone age, or the id of another row"
            raise UsageError("labels_bad_row", msg, remedy="give every film one row and its bone age in months")
        labels[row["id"]] = Label(row["id"], months, row["sex"])
    if not labels:
        msg = f"the labels hold no film{f' of the split {split}' if split else ''}"
        raise UsageError("labels_empty", msg, remedy="check the file and --split")
    return labels


def write_manifest(labels: Mapping[str, Label], folder: Path, manifest: Path) -> Path:
    """Write a manifest of the labelled films in a folder, each named by its id, with the sex of its label.

    A label without a film is in the manifest all the same, so that its row in the report says that it is missing.
    """
    files = {film_stem(path): path.resolve() for path in sorted(folder.iterdir()) if path.is_file()}
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["path", "sex", "id"])
    for label in labels.values():
        writer.writerow([files.get(label.id, folder.resolve() / label.id), label.sex, label.id])
    write_whole(manifest, lines.getvalue().encode())
    return manifest


def join_report(labels: Mapping[str, Label], report: Path) -> tuple[LabelledFilm, ...]:
    """Return the labelled films that a batch report has a row for, in its order.

    A row belongs to the label of its ``id``, or of its file name without the ending where it has no id.

    Raises
    ------
    UsageError
        If the report cannot be read, or no row has a label.
    """
    films = []
    for row in _read_csv(report, "report", ("path", "id", "status", *ROUTES.values())):
        label = labels.get(row["id"] or film_stem(row["path"]))
        if label is None:
            continue
        months = {route: _number(row[column]) for route, column in ROUTES.items()}
        low, high = _number(row.get("lower_95_months", "")), _number(row.get("upper_95_months", ""))
        films.append(
            LabelledFilm(
                label,
                row["status"],
                row.get("reason_code", ""),
                {route: age for route, age in months.items() if age is not None},
                None if low is None or high is None else (low, high),
            )
        )
    if not films:
        msg = "no row of the report has a label"
        raise UsageError(
            "labels_do_not_fit", msg, remedy="the ids (or file names) of the report must be those of the labels"
        )
    return tuple(films)


def _read_csv(path: Path, what: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            rows = [{str(key): str(value).strip() for key, value in row.items()} for row in reader]
            present = set(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"the {what} {path} cannot be read ({type(error).__name__})"
        raise UsageError(f"{what}_unreadable", msg, remedy="give a comma-separated UTF-8 text file") from error
    missing = [column for column in columns if column not in present]
    if missing:
        msg = f"the {what} {path} lacks the columns {', '.join(missing)}"
        raise UsageError(f"{what}_without_columns", msg, remedy=f"its columns must include {', '.join(columns)}")
    return rows


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
