"""Loading a measurement table, built by this tool or brought by a user, and checking every cell of it.

Format (documented in docs/reference_tables.md): ``NAME.csv`` with the columns ``measurement,sex,age_months,mean,sd,n``
and optionally ``present`` and ``unit``; optionally beside it ``NAME.correlation.csv`` and ``NAME.json``.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boneage.errors import TableError
from boneage.reference.correlation_file import read_correlations
from boneage.reference.measurement_table import UNITS, Floats, MeasurementTable, SexTable, unit_from_name
from boneage.reference.metadata_file import read_metadata
from boneage.reference.paths import MEASUREMENT_FOLDER, reference_dir
from boneage.reference.rows import SEXES, Columns, Sex, check_positive, read_columns

DEFAULT_REFERENCE = "rsna"
"""Name of the table that is used when none is asked for."""

MAX_AGE_MONTHS = 300.0
"""A later age in a table of growing hands is taken for a slip (years are not months)."""

MAX_STEP_MONTHS = 36.0
"""A longer step between neighbouring ages of a measurement counts as a gap."""

_REQUIRED = ("measurement", "sex", "age_months", "mean", "sd")
_NAME = re.compile(r"[A-Za-z0-9_.\-]+")


def list_references() -> tuple[str, ...]:
    """Return the names of the measurement tables that are installed, sorted."""
    folder = reference_dir() / MEASUREMENT_FOLDER
    return tuple(sorted(path.stem for path in folder.glob("*.csv") if not path.stem.endswith(".correlation")))


def find_reference(name_or_path: str | Path = DEFAULT_REFERENCE) -> Path:
    """Return the CSV file of an installed table (by name) or of a user's own (by path).

    Raises
    ------
    TableError
        ``reference_not_found``.
    """
    given = Path(name_or_path)
    looks_like_path = given.suffix in {".csv", ".gz"} or len(given.parts) > 1
    path = given if looks_like_path else reference_dir() / MEASUREMENT_FOLDER / f"{name_or_path}.csv"
    if path.is_file():
        return path
    known = ", ".join(list_references()) or "none"
    msg = f"there is no reference table {given.name!r}"
    raise TableError("reference_not_found", msg, remedy=f"Installed tables: {known}. Or give the path of a CSV table.")


def load_reference(name_or_path: str | Path = DEFAULT_REFERENCE) -> MeasurementTable:
    """Load a measurement table and check it.

    Parameters
    ----------
    name_or_path:
        Name of an installed table, or path of a CSV file in the same format.

    Raises
    ------
    TableError
        If a file is missing or breaks the format; the message names the row.
    """
    path = find_reference(name_or_path)
    columns = read_columns(path, _REQUIRED, optional=("n", "present", "unit"))
    names = _names(columns)
    sexes = columns.sexes()
    numbers = _numbers(columns)
    measurements = tuple(dict.fromkeys(names))
    row_of = {name: i for i, name in enumerate(measurements)}
    indices = np.array([row_of[name] for name in names], dtype=np.int64)
    stem = path.name.removesuffix(".gz").removesuffix(".csv")
    version = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    metadata, settings, stated_units = read_metadata(path.with_name(f"{stem}.json"), name=stem, version=version)
    correlations = read_correlations(path.with_name(f"{stem}.correlation.csv"), measurements)
    tables: dict[Sex, SexTable] = {}
    for index, sex in enumerate(SEXES):
        rows = np.flatnonzero(sexes == index)
        if rows.size:
            tables[sex] = _sex_table(columns, measurements, indices, rows, numbers, correlations.get(sex))
    units = _units(columns, measurements, indices, stated_units)
    return MeasurementTable(metadata, measurements, units, tables, settings)


def _names(columns: Columns) -> tuple[str, ...]:
    names = columns.text("measurement")
    for name in dict.fromkeys(names):
        if not _NAME.fullmatch(name):
            msg = f"{columns.at(names.index(name))}: measurement is {name!r}"
            raise TableError(
                "table_bad_name", msg, remedy="Use letters, digits, '_', '-' and '.', as metacarpal_3.length_mm."
            )
    return names


def _numbers(columns: Columns) -> dict[str, Floats]:
    ages = columns.numbers("age_months")
    bad = np.flatnonzero((ages < 0) | (ages > MAX_AGE_MONTHS))
    if bad.size:
        msg = f"{columns.at(int(bad[0]))}: age_months is {columns.text('age_months')[bad[0]]}"
        raise TableError("table_age_out_of_range", msg, remedy=f"Ages are months from 0 to {MAX_AGE_MONTHS:g}.")
    numbers = {"age_months": ages}
    for name in ("mean", "sd", "n", "present"):
        known = name in columns.cells
        numbers[name] = columns.numbers(name, blank_is_nan=True) if known else np.full(columns.rows, np.nan)
    check_positive(columns, "sd", numbers["sd"], code="table_sd_not_positive")
    half = np.flatnonzero(np.isnan(numbers["mean"]) != np.isnan(numbers["sd"]))
    empty = np.flatnonzero(np.isnan(numbers["mean"]) & np.isnan(numbers["present"]))
    for rows, cause in (
        (half, "has a mean or an SD without the other"),
        (empty, "has neither mean and SD nor presence"),
    ):
        if rows.size:
            msg = f"{columns.at(int(rows[0]))} {cause}"
            raise TableError("table_blank_cell", msg, remedy="Fill in both, or leave the row out.")
    _check_range(columns, "present", numbers["present"], 0.0, 1.0)
    _check_range(columns, "n", numbers["n"], 0.0, np.inf)
    return numbers


def _check_range(columns: Columns, name: str, numbers: Floats, low: float, high: float) -> None:
    bad = np.flatnonzero((numbers < low) | (numbers > high))
    if bad.size:
        msg = f"{columns.at(int(bad[0]))}: {name} is {columns.text(name)[bad[0]]}"
        raise TableError("table_bad_number", msg, remedy=f"{name} lies between {low:g} and {high:g}.")


def _sex_table(
    columns: Columns,
    measurements: tuple[str, ...],
    indices: NDArray[np.int64],
    rows: NDArray[np.int64],
    numbers: dict[str, Floats],
    correlation: tuple[Floats, Floats] | None,
) -> SexTable:
    row_ages = numbers["age_months"][rows]
    _check_order(columns, indices[rows], rows, row_ages)
    ages, age_index = np.unique(row_ages, return_inverse=True)
    cells = {}
    for name in ("mean", "sd", "n", "present"):
        block = np.full((len(measurements), ages.size), np.nan)
        block[indices[rows], age_index] = numbers[name][rows]
        cells[name] = block
    _check_gaps(columns.name, measurements, ages, cells["mean"])
    if correlation is None:
        correlation = ages[:1], np.eye(len(measurements))[None]
    return SexTable(ages, cells["mean"], cells["sd"], cells["n"], cells["present"], *correlation)


def _check_order(columns: Columns, indices: NDArray[np.int64], rows: NDArray[np.int64], ages: Floats) -> None:
    """Ages of each measurement must rise down the file, each once."""
    order = np.argsort(indices, kind="stable")
    same = np.diff(indices[order]) == 0
    bad = np.flatnonzero(same & (np.diff(ages[order]) <= 0))
    if bad.size:
        row = int(rows[order[bad[0] + 1]])
        again = bool(np.diff(ages[order])[bad[0]] == 0)
        cause = "is there twice" if again else "is younger than the row before it"
        msg = (
            f"{columns.at(row)}: {columns.text('measurement')[row]} at {columns.text('age_months')[row]} months {cause}"
        )
        code = "table_duplicate_cell" if again else "table_ages_not_rising"
        raise TableError(code, msg, remedy="Sort the rows of each measurement and sex by age; every age once.")


def _check_gaps(file: str, measurements: tuple[str, ...], ages: Floats, means: Floats) -> None:
    for name, row in zip(measurements, means, strict=True):
        known = np.flatnonzero(np.isfinite(row))
        if not known.size:
            continue
        hole = np.flatnonzero(np.diff(known) > 1)
        if hole.size:
            age = ages[known[hole[0]] + 1]
            msg = f"{file}: {name} has no mean at {age:g} months, between ages where it has one"
            raise TableError(
                "table_gap", msg, remedy="Give every measurement of a sex the same ages from its first to its last."
            )
        step = np.flatnonzero(np.diff(ages[known]) > MAX_STEP_MONTHS)
        if step.size:
            low, high = ages[known[step[0]]], ages[known[step[0] + 1]]
            msg = f"{file}: {name} jumps from {low:g} to {high:g} months"
            raise TableError(
                "table_gap", msg, remedy=f"Steps of at most {MAX_STEP_MONTHS:g} months; split the table at the gap."
            )


def _units(
    columns: Columns, measurements: tuple[str, ...], indices: NDArray[np.int64], stated: dict[str, str] | str
) -> tuple[str, ...]:
    first = {int(index): row for row, index in reversed(list(enumerate(indices)))} if "unit" in columns.cells else {}
    units = []
    for i, name in enumerate(measurements):
        suffix = unit_from_name(name)
        unit = stated if isinstance(stated, str) and stated else suffix
        if isinstance(stated, dict) and name in stated:
            unit = stated[name]
        if first:
            unit = columns.text("unit")[first[i]]
        if unit not in (*UNITS, "not stated"):
            msg = f"{columns.name}: {name} is given in {unit!r}"
            raise TableError(
                "table_unknown_unit", msg, remedy=f"Units are {', '.join(UNITS)}; pixels cannot be compared."
            )
        if suffix == "mm" and unit != "mm":
            msg = f"{columns.name}: {name} ends in _mm but is given in {unit!r}"
            raise TableError("table_unit_mismatch", msg, remedy="Rename the measurement or correct its unit.")
        units.append(unit)
    return tuple(units)
