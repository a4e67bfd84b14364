"""A measurement table on a grid of whole months, as the lookup needs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.errors import TableError
from boneage.reference.measurement_table import Floats, MeasurementTable, SexTable, part_of
from boneage.reference.rows import Sex

PRESENCE_BOUND = 0.02
"""No measurement is ever surer to be there, or not, than this leaves room for."""


@dataclass(frozen=True, eq=False)
class TableGrid:
    """One sex of a table, prepared on the monthly grid: g ages, m measurements, k correlation matrices.

    Attributes
    ----------
    ages:
        Months, shape (g,).
    mean, sd, log_present, log_absent:
        Shape (m, g).
    has_cells:
        Which measurements have a mean at all, shape (m,).
    presence_weights:
        Shape (m,).
    anchors:
        Row of the measurement that tells whether the part of the hand was seen, -1 for none, shape (m,).
    correlation:
        Shape (k, m, m).
    blend:
        Weights of the matrices at every age, shape (k, g).
    """

    ages: Floats
    mean: Floats
    sd: Floats
    log_present: Floats
    log_absent: Floats
    has_cells: NDArray[np.bool_]
    presence_weights: Floats
    anchors: NDArray[np.int64]
    correlation: Floats
    blend: Floats


def prepare(cells: SexTable, table: MeasurementTable, sex: Sex) -> TableGrid:
    """Interpolate one sex of a table to whole months.

    Raises
    ------
    TableError
        ``table_correlation_matrix`` if a correlation matrix is none.
    """
    ages = np.arange(np.ceil(cells.ages[0]), np.floor(cells.ages[-1]) + 1)
    shape = (len(cells.mean), ages.size)
    mean, sd, present = np.zeros(shape), np.ones(shape), np.full(shape, 0.5)
    has_cells = np.array([bool(np.isfinite(row).any()) for row in cells.mean], dtype=bool)
    for i in range(shape[0]):
        known = np.isfinite(cells.mean[i])
        if has_cells[i]:
            mean[i] = np.interp(ages, cells.ages[known], cells.mean[i, known])
            sd[i] = np.interp(ages, cells.ages[known], cells.sd[i, known])
        stated = np.isfinite(cells.present[i])
        if stated.any():
            present[i] = np.interp(ages, cells.ages[stated], cells.present[i, stated])
    present = np.clip(present, PRESENCE_BOUND, 1 - PRESENCE_BOUND)
    shrinkage = table.settings.shrinkage
    correlation = (1 - shrinkage) * cells.correlation + shrinkage * np.eye(shape[0])
    try:
        np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError as error:
        msg = f"a correlation matrix of the reference table {table.name} is not positive definite"
        raise TableError("table_correlation_matrix", msg, remedy="Correct it, or raise lookup.shrinkage.") from error
    blend = _blend(ages, cells.correlation_ages)
    weights = table.settings.presence_weights.get(sex, {})
    row = {name: i for i, name in enumerate(table.measurements)}
    anchor_of = table.settings.anchors.get(sex, {})
    anchors = [row.get(anchor_of.get(part_of(name), ""), -1) for name in table.measurements]
    return TableGrid(
        ages=ages,
        mean=mean,
        sd=sd,
        log_present=np.log(present),
        log_absent=np.log1p(-present),
        has_cells=has_cells,
        presence_weights=np.array([weights.get(name, 0.0) for name in table.measurements]),
        anchors=np.array(anchors, dtype=np.int64),
        correlation=correlation,
        blend=blend,
    )


def _blend(ages: Floats, knots: Floats) -> Floats:
    """Return linear interpolation weights of the knots at the ages, shape (k, g); level beyond the ends."""
    return np.array([np.interp(ages, knots, row) for row in np.eye(len(knots))])


def rows_at(ages: Floats, rows: Floats, month: float) -> Floats:
    """Return rows of curves, shape (m, g), at one age, shape (m,); level beyond the ends."""
    place = float(np.clip(np.interp(month, ages, np.arange(ages.size)), 0, ages.size - 1))
    low = min(int(place), ages.size - 2) if ages.size > 1 else 0
    high = min(low + 1, ages.size - 1)
    part = place - low
    return (1 - part) * rows[:, low] + part * rows[:, high]


def presence_evidence(used: NDArray[np.int64], grid: TableGrid, voting: NDArray[np.int64]) -> Floats:
    """Return the log probability of what is there and what is not, among the parts of the hand that were seen.

    Parameters
    ----------
    used:
        Rows of all measurements that the film has.
    grid:
        The table.
    voting:
        Rows of the measurements that have a vote.

    Returns
    -------
    numpy.ndarray
        By age, shape (g,).
    """
    present = np.zeros(len(grid.mean), dtype=bool)
    present[used] = True
    seen = (grid.anchors[voting] < 0) | present[grid.anchors[voting]]
    votes = np.where(present[voting, None], grid.log_present[voting], grid.log_absent[voting])
    return np.asarray((grid.presence_weights[voting] * seen) @ votes)
