"""Reading and writing the correlation matrices of a measurement table.

One CSV line for each sex, age and measurement: ``sex,age_months,measurement`` and then the correlations with the
measurements named in the header, in its order; a line may stop after its own 1 (lower triangle).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from boneage.errors import TableError
from boneage.reference.measurement_table import Floats, MeasurementTable
from boneage.reference.rows import SEXES, Sex, read_matrix

_LEAD = ["sex", "age_months", "measurement"]
_TOLERANCE = 0.0015
"""Correlations are written with three decimals."""


def correlation_text(table: MeasurementTable) -> str:
    """Return the lower triangles of the correlation matrices with three decimals, as the file holds them."""
    measurements, sexes = table.measurements, table.sexes
    lines = [",".join([*_LEAD, *measurements])]
    for sex in SEXES:
        if sex not in sexes:
            continue
        cells = sexes[sex]
        for age, matrix in zip(cells.correlation_ages, cells.correlation, strict=True):
            for i, name in enumerate(measurements):
                numbers = ",".join(_short(value) for value in matrix[i, : i + 1])
                lines.append(f"{sex},{age:g},{name},{numbers}")
    return "\n".join(lines) + "\n"


def _short(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def read_correlations(path: Path, measurements: tuple[str, ...]) -> dict[Sex, tuple[Floats, Floats]]:
    """Read correlation matrices, put in the order of ``measurements``.

    Returns
    -------
    dict
        Sex to (ages of shape (K,), matrices of shape (K, M, M)); empty where the file does not exist. A measurement
        that the file leaves out is taken to be uncorrelated with the others.

    Raises
    ------
    TableError
        If the file breaks its format, or a matrix is not a correlation matrix.
    """
    if not path.is_file():
        return {}
    header, lines = read_matrix(path)
    names = header[3:]
    unknown = [name for name in names if name not in measurements]
    if header[:3] != _LEAD or unknown or not names:
        cause = f"names {unknown[0]}, which its table lacks" if unknown else f"must begin with {','.join(_LEAD)}"
        msg = f"{path.name}: the header {cause}"
        raise TableError("table_correlation_header", msg, remedy="Name the measurements of the table in the header.")
    place = {name: i for i, name in enumerate(names)}
    keys = [_parse(f"{path.name}, line {number}", line, place) for number, line in enumerate(lines, start=2)]
    values = _numbers(path.name, lines)
    blocks: dict[tuple[Sex, float], Floats] = {}
    start = 0
    for sex, age, row, count in keys:
        if (sex, age) not in blocks:
            blocks[sex, age] = np.full((len(names), len(names)), np.nan)
        blocks[sex, age][row, :count] = values[start : start + count]
        start += count
    to = np.array([measurements.index(name) for name in names])
    found: dict[Sex, tuple[Floats, Floats]] = {}
    for sex in SEXES:
        ages = sorted(age for key, age in blocks if key == sex)
        if not ages:
            continue
        matrices = np.repeat(np.eye(len(measurements))[None], len(ages), axis=0)
        for k, age in enumerate(ages):
            matrices[k][np.ix_(to, to)] = _symmetric(f"{path.name}, sex {sex} at {age:g} months", blocks[sex, age])
        found[sex] = np.array(ages), matrices
    return found


def _parse(where: str, line: list[str], place: dict[str, int]) -> tuple[Sex, float, int, int]:
    """Return sex, age, row and number of correlations of a line, whose blank end is cut off."""
    try:
        sex = next(known for known in SEXES if known == line[0])
        age = float(line[1])
        row = place[line[2]]
        while not line[-1]:
            line.pop()
        fits = row < len(line) - 3 <= len(place) and math.isfinite(age)
    except (StopIteration, IndexError, KeyError, ValueError):
        fits = False
    if not fits:
        msg = f"{where} is not sex (M or F), age, measurement and its correlations up to that with itself"
        raise TableError("table_correlation_row", msg, remedy="Correct the line, or delete the file to assume none.")
    return sex, age, row, len(line) - 3


def _numbers(file: str, lines: list[list[str]]) -> Floats:
    """Convert all correlations at once (one call is ten times faster than one a line)."""
    try:
        values = np.array([cell for line in lines for cell in line[3:]], dtype=np.float64)
        good = bool((np.abs(values) <= 1).all())
    except ValueError:
        good = False
    if not good:
        bad = next((n for n, line in enumerate(lines, start=2) if not all(_is_correlation(c) for c in line[3:])), 0)
        msg = f"{file}, line {bad}: a cell is not a number between -1 and 1"
        raise TableError("table_correlation_row", msg, remedy="Correct the line, or delete the file to assume none.")
    return values


def _is_correlation(cell: str) -> bool:
    try:
        return abs(float(cell)) <= 1
    except ValueError:
        return False


def _symmetric(where: str, block: Floats) -> Floats:
    lower = np.tril(block)
    upper = np.triu(block, 1).T
    clash = np.abs(lower - upper) > _TOLERANCE
    np.fill_diagonal(clash, False)
    clash[np.triu_indices_from(clash)] = False
    if np.isnan(lower).any() or (clash & np.isfinite(upper)).any() or np.abs(np.diag(block) - 1).max() > _TOLERANCE:
        msg = f"{where}: the matrix is incomplete, not symmetric, or its diagonal is not 1"
        raise TableError("table_correlation_matrix", msg, remedy="Give every measurement a line, and 1 with itself.")
    return lower + np.tril(lower, -1).T
