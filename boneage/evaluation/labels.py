"""Labels: the bone ages that films are judged by, from one reading or several readers each."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from boneage.errors import UsageError
from boneage.evaluation.manifest import write_manifest
from boneage.outputs import film_stem
from boneage.radiograph.sexes import parse_sex

READER_PREFIX: Final = "reader_"
"""How the columns of several readers begin, for instance ``reader_1``; ages in months."""


@dataclass(frozen=True)
class Label:
    """A film's label.

    Attributes
    ----------
    id:
        Name of the film.
    months:
        Bone age that the answers are held against, in months.
    sex:
        ``M``, ``F`` or, where it is not given, an empty text.
    path:
        The film, absolute, where the labels name it; else empty.
    readers:
        Reader to the bone age that this reader gave, in months; empty with one reading a film.
    written_path:
        The film as the labels write it, which is how a batch on the same list names it; empty as ``path`` is.
    """

    id: str
    months: float
    sex: str
    path: str = ""
    readers: Mapping[str, float] = field(default_factory=dict)
    written_path: str = ""


def read_labels(path: Path, *, split: str | None = None) -> dict[str, Label]:
    """Read labels by id from a CSV.

    Its columns: ``id`` or ``path`` (relative to the CSV) or both, ``sex``, ``bone_age_months`` or readers' columns
    (``reader_1``, ``reader_2``, …) or both, and perhaps ``split``. Where ``bone_age_months`` is empty or missing, the
    label is the mean of the readers. Without an ``id`` a film is named by its file name without the ending.

    Raises
    ------
    UsageError
        If the file cannot be read, lacks a column, has a wrong cell, or has no film of the split.
    """
    rows = read_rows(path, "labels", ("sex", *(("split",) if split else ())))
    columns = set(rows[0]) if rows else set()
    readers = sorted(column for column in columns if column.startswith(READER_PREFIX))
    _check_columns(path, columns, readers)
    labels: dict[str, Label] = {}
    for number, row in enumerate(rows, start=2):
        if split and row["split"] != split:
            continue
        label = _label(row, readers, path.parent, number)
        if label.id in labels:
            raise _bad_row(number, f"has the name {label.id} of another row")
        labels[label.id] = label
    if not labels:
        msg = f"the labels hold no film{f' of the split {split}' if split else ''}"
        raise UsageError("labels_empty", msg, remedy="check the file and --split")
    return labels


def _check_columns(path: Path, columns: set[str], readers: list[str]) -> None:
    wanted = []
    if columns and not columns & {"id", "path"}:
        wanted.append("id or path")
    if columns and "bone_age_months" not in columns and not readers:
        wanted.append("bone_age_months (or reader_1, reader_2, …)")
    if wanted:
        msg = f"the labels {path} lack the column {' and '.join(wanted)}"
        raise UsageError("labels_without_columns", msg, remedy="see docs/evaluation.md for the columns of labels")


def _label(row: Mapping[str, str], readers: list[str], folder: Path, number: int) -> Label:
    film = row.get("path", "")
    name = row.get("id", "") or (film_stem(film) if film else "")
    if not name:
        raise _bad_row(number, "names no film")
    said = {reader: _age(row[reader], number) for reader in readers if row[reader]}
    consensus = row.get("bone_age_months", "")
    if not consensus and not said:
        raise _bad_row(number, "has no bone age")
    months = _age(consensus, number) if consensus else sum(said.values()) / len(said)
    try:
        sex = parse_sex(row["sex"]) if row["sex"] else None
    except UsageError as error:
        raise _bad_row(number, "has a sex that is not understood") from error
    return Label(name, months, sex or "", str((folder / film).resolve()) if film else "", said, film)


def _age(text: str, number: int) -> float:
    months = number_of(text)
    if months is None or months < 0:
        raise _bad_row(number, "has a bone age that is no number of months")
    return months


def _bad_row(number: int, what: str) -> UsageError:
    msg = f"row {number} of the labels {what}"
    return UsageError("labels_bad_row", msg, remedy="give every film one row, its bone age in months, and M or F")


def labels_by_path(labels: Iterable[Label]) -> dict[str, Label]:
    """Return the labels by the paths of their films, absolute and as written; a path that two labels share names none.

    Examples
    --------
    >>> found = labels_by_path([Label("7", 100.0, "M", "/films/p1/hand.png", written_path="p1/hand.png")])
    >>> found["p1/hand.png"].id
    '7'
    """
    named = [(path, label) for label in labels for path in {label.path, label.written_path} - {""}]
    counts = Counter(path for path, _ in named)
    return {path: label for path, label in named if counts[path] == 1}


def manifest_of_labels(labels: Mapping[str, Label], folder: Path | None, manifest: Path) -> Path:
    """Write a manifest of the labelled films, with the sex of each label.

    Parameters
    ----------
    labels:
        The films.
    folder:
        Where the films are, each named by its id; ``None``: where the labels' own paths say.
    manifest:
        The file to write.

    Returns
    -------
    Path
        The manifest. A label without a film is in it all the same, so that its row in the report says what is missing.
    """
    files = {film_stem(path): path.resolve() for path in sorted(folder.iterdir()) if path.is_file()} if folder else {}

    def film_of(label: Label) -> str | Path:
        return label.path if folder is None else files.get(label.id, folder.resolve() / label.id)

    return write_manifest(((film_of(label), label.sex, label.id) for label in labels.values()), manifest)


def read_rows(path: Path, what: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a CSV, cells stripped.

    Raises
    ------
    UsageError
        ``<what>_unreadable`` or, where one of ``columns`` is missing, ``<what>_without_columns``.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            rows = [{str(key).strip(): str(value).strip() for key, value in row.items()} for row in reader]
            present = {name.strip() for name in reader.fieldnames or ()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"the {what} {path} cannot be read ({type(error).__name__})"
        raise UsageError(f"{what}_unreadable", msg, remedy="give a comma-separated UTF-8 text file") from error
    missing = [column for column in columns if column not in present]
    if missing:
        msg = f"the {what} {path} lacks the columns {', '.join(missing)}"
        raise UsageError(f"{what}_without_columns", msg, remedy=f"its columns must include {', '.join(columns)}")
    return rows


def number_of(text: str) -> float | None:
    """Return the finite number that a cell holds, or ``None``."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
