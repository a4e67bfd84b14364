"""Published tables that come in groups: every file with its provenance, and read only if its hash is the recorded one.

A group is a folder of the reference tables (``adult_height``, ``tanner_whitehouse``) with CSV files and one
``provenance.json``: for each file the publication, the population, what was checked, what is doubtful, and the sha256.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from boneage.errors import TableError
from boneage.reference.paths import reference_dir
from boneage.reference.rows import Columns, read_columns

PROVENANCE_FILE: Final = "provenance.json"


@dataclass(frozen=True)
class Provenance:
    """Where the numbers of one file come from, in words, and the hash of the file."""

    publication: str
    population: str
    checks: str
    doubts: str
    sha256: str


@dataclass(frozen=True)
class Cell:
    """A cell of a published table that a result was computed from.

    Attributes
    ----------
    table:
        The table as the publication calls it, for instance ``Bayley-Pinneau 1952, Table IIA``.
    row, column:
        The row and column, as printed.
    value:
        The printed number.
    """

    table: str
    row: str
    column: str
    value: float

    @property
    def words(self) -> str:
        """Return the cell in one line."""
        return f"{self.table}, row {self.row}, {self.column}: {self.value:g}"


@lru_cache(maxsize=8)
def provenance(group: str, *, folder: Path | None = None) -> dict[str, Provenance]:
    """Return the provenance of every file of a group, by file name.

    Raises
    ------
    TableError
        ``table_provenance`` if ``provenance.json`` is missing or is not what it should be.
    """
    path = (folder or reference_dir()) / group / PROVENANCE_FILE
    try:
        content: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return {name: Provenance(**fields) for name, fields in content.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        msg = f"the provenance of the {group} tables could not be read ({type(error).__name__})"
        raise TableError("table_provenance", msg, remedy="Install the package again.") from error


def read_published(
    group: str, file: str, required: Sequence[str], *, optional: Sequence[str] = (), folder: Path | None = None
) -> Columns:
    """Read a file of a group, after its hash has been compared with the recorded one.

    Raises
    ------
    TableError
        ``table_changed`` if the file is not the one that was checked, ``table_provenance`` if it is not recorded, else
        as `boneage.reference.rows.read_columns`.
    """
    recorded = provenance(group, folder=folder).get(file)
    if recorded is None:
        msg = f"the {group} tables have no provenance for {file}"
        raise TableError("table_provenance", msg, remedy="Install the package again.")
    path = (folder or reference_dir()) / group / file
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != recorded.sha256:
        msg = f"{file} is not the file that was checked: its hash differs from the one in {PROVENANCE_FILE}"
        raise TableError("table_changed", msg, remedy="Install the package again; published numbers must not change.")
    return read_columns(path, required, optional=optional)


@dataclass(frozen=True)
class Bracket:
    """The two neighbouring rows of a rising column that a value lies between.

    Attributes
    ----------
    low, high:
        Indices of the rows; equal where the value is that of a row.
    share:
        Weight of ``high``, 0 to below 1; ``low`` has the rest.
    """

    low: int
    high: int
    share: float

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the rows that take part, lower first."""
        return (self.low,) if self.low == self.high else (self.low, self.high)

    def blend(self, values: Sequence[float]) -> float:
        """Return the value interpolated linearly between both rows."""
        if self.low == self.high:
            return values[self.low]
        return values[self.low] * (1 - self.share) + values[self.high] * self.share


def bracket(rising: Sequence[float], value: float) -> Bracket:
    """Find the rows around a value.

    Parameters
    ----------
    rising:
        The column, strictly rising.
    value:
        A number within the column's range.

    Raises
    ------
    ValueError
        If the value lies outside: nothing is extrapolated.
    """
    if not rising or not rising[0] <= value <= rising[-1]:
        msg = f"{value!r} lies outside the table"
        raise ValueError(msg)
    low = bisect_right(rising, value) - 1
    if rising[low] == value:
        return Bracket(low, low, 0.0)
    return Bracket(low, low + 1, (value - rising[low]) / (rising[low + 1] - rising[low]))
