"""Reading a CSV table column by column, with errors that name the file, the row and the column."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from boneage.errors import TableError

Sex = Literal["M", "F"]

SEXES: Final[tuple[Sex, ...]] = ("M", "F")
"""Order of the sexes wherever an array has an axis for them."""

SEX_NAMES: Final[Mapping[str, str]] = {"M": "boys", "F": "girls"}
"""The sexes in words for people, in the order of `SEXES`."""

_SEX_WORDS: Final[dict[str, Sex]] = {
    "m": "M", "male": "M", "males": "M", "boy": "M", "boys": "M",
    "f": "F", "female": "F", "females": "F", "girl": "F", "girls": "F",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of one CSV file as text; row ``i`` of every column is line ``i + 2`` of the file.

    Attributes
    ----------
    name:
        File name, for messages (without its folder).
    cells:
        Column name to its cells.
    rows:
        Number of data rows.
    """

    name: str
    cells: dict[str, tuple[str, ...]]
    rows: int

    def text(self, column: str) -> tuple[str, ...]:
        """Return the cells of a column as they are written."""
        return self.cells[column]

    def numbers(self, column: str, *, blank_is_nan: bool = False) -> NDArray[np.float64]:
        """Return a column as ``float64`` of shape (rows,).

        Raises
        ------
        TableError
            ``table_bad_number`` if a cell is not a finite number (blank cells count unless ``blank_is_nan``).
        """
        cells = self.cells[column]
        if blank_is_nan:
            cells = tuple(cell or "nan" for cell in cells)
        try:
            numbers = np.array(cells, dtype=np.float64)
        except ValueError:
            numbers = np.array([_to_float(cell) for cell in cells])
        bad = ~np.isfinite(numbers)
        if blank_is_nan:
            bad &= np.array([bool(cell) for cell in self.cells[column]], dtype=bool)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            msg = f"{self.at(row)}: {column} is {self.cells[column][row]!r}, not a finite number"
            raise TableError(
                "table_bad_number", msg, remedy="Correct the cell; a decimal point, no unit, no thousands sign."
            )
        return numbers

    def sexes(self, column: str = "sex") -> NDArray[np.int64]:
        """Return the index into `SEXES` of every row, shape (rows,).

        Raises
        ------
        TableError
            ``table_unknown_sex`` if a cell is neither M/male/boys nor F/female/girls.
        """
        indices = np.empty(self.rows, dtype=np.int64)
        seen: dict[str, int] = {}
        for row, word in enumerate(self.cells[column]):
            index = seen.get(word)
            if index is None:
                sex = _SEX_WORDS.get(word.strip().lower())
                if sex is None:
                    msg = f"{self.at(row)}: {column} is {word!r}"
                    raise TableError("table_unknown_sex", msg, remedy="Write M (boys) or F (girls).")
                index = seen[word] = SEXES.index(sex)
            indices[row] = index
        return indices

    def at(self, row: int) -> str:
        """Name a row as a person finds it in an editor."""
        return f"{self.name}, line {row + 2}"


def _to_float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("inf")


def read_columns(path: Path, required: Sequence[str], *, optional: Sequence[str] = ()) -> Columns:
    """Read a CSV file with a header line (comma separated, UTF-8, ``.gz`` allowed).

    Raises
    ------
    TableError
        ``table_not_found``, ``table_unreadable``, ``table_missing_column``, ``table_ragged`` or ``table_empty``.
    """
    header, body = read_matrix(path)
    missing = [column for column in required if column not in header]
    if missing:
        msg = f"{path.name} has no column {', '.join(missing)}; it has {', '.join(header) or 'no header'}"
        raise TableError("table_missing_column", msg, remedy=f"The first line must name: {', '.join(required)}.")
    if not body:
        msg = f"{path.name} has a header but no rows"
        raise TableError("table_empty", msg, remedy="Fill in at least one row for each sex that the table covers.")
    width = len(header)
    for row, line in enumerate(body):
        if len(line) != width:
            msg = f"{path.name}, line {row + 2}: {len(line)} cells under a header of {width}"
            raise TableError("table_ragged", msg, remedy="Give every row as many cells as the header has.")
    columns = list(zip(*body, strict=True))
    wanted = (*required, *optional)
    return Columns(path.name, {name: columns[i] for i, name in enumerate(header) if name in wanted}, len(body))


def read_matrix(path: Path) -> tuple[list[str], list[list[str]]]:
    """Read a CSV file as its header and its lines, blank lines left out (errors as in `read_columns`)."""
    if not path.is_file():
        msg = f"there is no reference table file {path.name}"
        raise TableError("table_not_found", msg, remedy="Check the name and the folder.")
    try:
        text = _decode(path)
        lines = [line for line in csv.reader(text.splitlines()) if line]
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path.name} could not be read as a CSV table ({type(error).__name__})"
        raise TableError(
            "table_unreadable", msg, remedy="Save the table as a comma-separated UTF-8 text file."
        ) from error
    if not lines:
        msg = f"{path.name} is empty"
        raise TableError("table_empty", msg, remedy="Write a header line and at least one row.")
    header = [cell.strip() for cell in lines[0]]
    if len(set(header)) != len(header):
        msg = f"{path.name} names a column twice in its header"
        raise TableError("table_duplicate_column", msg, remedy="Give every column its own name.")
    return header, lines[1:]


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        import gzip  # only user tables may be compressed

        raw = gzip.decompress(raw)
    return raw.decode("utf-8-sig")


def check_positive(columns: Columns, column: str, numbers: NDArray[np.float64], *, code: str) -> None:
    """Raise `TableError` at the first row whose number is not above zero (``nan`` passes)."""
    bad = np.flatnonzero(numbers <= 0)
    if bad.size:
        row = int(bad[0])
        msg = f"{columns.at(row)}: {column} is {columns.text(column)[row]}, which must be above 0"
        raise TableError(code, msg, remedy="Correct the cell or leave the row out.")
