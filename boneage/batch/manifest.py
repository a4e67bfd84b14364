"""The rows of a manifest: a CSV as people and spreadsheets write it, with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import logging
from pathlib import Path
from typing import Final, NamedTuple

from boneage.errors import UsageError

LOGGER = logging.getLogger(__name__)
MANIFEST_COLUMNS: Final = ("path", "sex", "chronological_age_months", "pixel_spacing_mm", "id")
_DELIMITERS: Final = ",;\t"


class ManifestRow(NamedTuple):
    """The cells of one row by column, empty where it says nothing, and whether it has more cells than columns."""

    cells: dict[str, str]
    too_long: bool


def manifest_rows(path: Path) -> tuple[ManifestRow, ...]:
    """Return the rows of a manifest that are not blank.

    Parameters
    ----------
    path:
        UTF-8 text, with or without a byte order mark. Columns are those of `MANIFEST_COLUMNS`, in any order and any
        case; others are passed over, with a warning in the log.

    Raises
    ------
    UsageError
        ``manifest_unreadable`` if the file cannot be read as a CSV (a quotation mark that is never closed would take
        the rows behind it into one cell), ``manifest_without_path``, or ``manifest_column_twice``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = _cells(text)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = str(error) if isinstance(error, csv.Error) else type(error).__name__
        msg = f"the manifest {path} cannot be read ({why})"
        raise UsageError("manifest_unreadable", msg, remedy="save it as comma-separated UTF-8 text") from error
    names = [name.casefold() for name in lines[0]] if lines else []
    if "path" not in names:
        msg = f"the manifest {path} has no column named path"
        raise UsageError("manifest_without_path", msg, remedy=f"its columns are {', '.join(MANIFEST_COLUMNS)}")
    if twice := [name for name in MANIFEST_COLUMNS if names.count(name) > 1]:
        msg = f"the manifest {path} has the column {twice[0]} more than once"
        raise UsageError("manifest_column_twice", msg, remedy="keep the one that holds")
    if unused := [name for name in names if name and name not in MANIFEST_COLUMNS]:
        LOGGER.warning("columns of the manifest that are not used: %s", ", ".join(unused))
    return tuple(_row(names, line) for line in lines[1:])


def _cells(text: str) -> list[list[str]]:
    """Return the cells of the lines that are not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    lines = ([cell.strip() for cell in line] for line in reader)
    return [line for line in lines if any(line)]


def _row(names: list[str], line: list[str]) -> ManifestRow:
    cells = dict.fromkeys(MANIFEST_COLUMNS, "") | dict(zip(names, line, strict=False))
    return ManifestRow(cells, any(line[len(names) :]))
