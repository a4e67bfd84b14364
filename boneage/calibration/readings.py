"""The local readings that a calibration is fitted on, from a CSV of films or from a batch report with a column more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from boneage.combination import OLDEST_MONTHS
from boneage.errors import UsageError
from boneage.evaluation.labels import Label, number_of, read_rows
from boneage.outputs import film_stem
from boneage.radiograph.sexes import parse_sex

READING: Final = "reading_months"
OTHER_READING: Final = "bone_age_months"
"""Also taken for the reading, as in the labels of the RSNA films; in a batch report it is the answer."""

_REPORT_COLUMNS: Final = frozenset({"status", "bone_age_months", "sha256"})
_OLDEST_IN_YEARS: Final = 21.0


@dataclass(frozen=True)
class Readings:
    """The readings of a CSV.

    Attributes
    ----------
    labels:
        Name of the film to its reading; only films with a reading and a sex.
    left_out:
        Why rows were left out, with their number.
    is_report:
        Whether the file is itself the report of a batch, which holds the answers too.
    """

    labels: Mapping[str, Label]
    left_out: Mapping[str, int]
    is_report: bool


def read_readings(path: Path) -> Readings:
    """Read the readings of a CSV.

    Its columns: ``path`` (relative to the CSV) or ``id`` or both, ``sex`` and ``reading_months``, for which
    ``bone_age_months`` is taken too. In a batch report ``bone_age_months`` is the answer, so there ``reading_months``
    is needed. Rows without a reading, or whose sex is not known, are left out. Without an ``id`` a film is named by its
    file name without the ending, and where several share that, by its path.

    Raises
    ------
    UsageError
        If the file cannot be read, lacks a column, names a film twice, or a cell makes no sense; if the readings look
        like years.
    """
    rows = read_rows(path, "readings", ("sex",))
    columns = set(rows[0]) if rows else set()
    is_report = columns >= _REPORT_COLUMNS
    column = _reading_column(path, columns, is_report=is_report)
    left_out: Counter[str] = Counter()
    labels: dict[str, Label] = {}
    stems = Counter(film_stem(row["path"]) for row in rows if row.get("path"))
    for number, row in enumerate(rows, start=2):
        film = row.get("path", "")
        stem = film_stem(film) if film else ""
        name = row.get("id", "") or (stem if stems[stem] == 1 else film)
        label = _label(row, name, column, path.parent, number)
        if isinstance(label, str):
            left_out[label] += 1
        elif label.id in labels:
            raise _bad_row(number, f"names the film {label.id} of another row")
        else:
            labels[label.id] = label
    if not labels:
        msg = f"{path} holds no film with a reading and a sex"
        raise UsageError("readings_empty", msg, remedy=f"fill in its columns sex and {column}")
    _check_months(labels)
    return Readings(labels, dict(left_out), is_report)


def _reading_column(path: Path, columns: set[str], *, is_report: bool) -> str:
    missing = [] if columns & {"path", "id"} else ["path"]
    column = READING
    if READING not in columns:
        if is_report or OTHER_READING not in columns:
            missing.append(READING)
        column = OTHER_READING
    if missing:
        what = "report" if is_report else "file"
        msg = f"the {what} {path} lacks the column {' and '.join(missing)}"
        remedy = "its columns are path (or id), sex and reading_months"
        if is_report:
            remedy = "bone_age_months of a report is the answer of this program: add a column reading_months beside it"
        raise UsageError("readings_without_columns", msg, remedy=remedy)
    return column


def _label(row: Mapping[str, str], name: str, column: str, folder: Path, number: int) -> Label | str:
    """Return the reading of a row, or why there is none."""
    film = row.get("path", "")
    if not name:
        raise _bad_row(number, "names no film")
    if not row[column]:
        return "no reading"
    months = number_of(row[column])
    if months is None or not 0 <= months <= OLDEST_MONTHS:
        raise _bad_row(number, f"has a reading that is no number of months from 0 to {OLDEST_MONTHS:.0f}")
    try:
        sex = parse_sex(row["sex"]) if row["sex"] else None
    except UsageError as error:
        raise _bad_row(number, "has a sex that is not understood") from error
    if sex is None:
        return "sex not known"
    return Label(name, months, sex, str((folder / film).resolve()) if film else "", written_path=film)


def _check_months(labels: Mapping[str, Label]) -> None:
    readings = [label.months for label in labels.values()]
    if max(readings) <= _OLDEST_IN_YEARS and median(readings) > 0:
        msg = f"no reading is above {max(readings):g} months: these look like years"
        raise UsageError("readings_in_years", msg, remedy="write the readings in months, 10 years and 4 months as 124")


def _bad_row(number: int, what: str) -> UsageError:
    msg = f"row {number} of the readings {what}"
    return UsageError("readings_bad_row", msg, remedy="give every film one row, with its reading in months and M or F")
