"""The age that each bone gives alone, so that a bone out of step with the rest is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import BONES, CARPALS
from boneage.reference.intervals import shortest_intervals
from boneage.reference.measurement_table import Floats, LookupSettings, part_of
from boneage.reference.posterior import PartAge
from boneage.reference.rows import Sex
from boneage.reference.table_grid import TableGrid, presence_evidence

ALL_CARPALS: Final = "carpals"
PARTS: Final = (*BONES, ALL_CARPALS)
"""The parts of the hand that get an age of their own, in the order of reports; the carpals are one."""


def bone_of(measurement: str) -> str:
    """Return the part whose age a measurement belongs to: its bone, or the carpals together."""
    part = part_of(measurement)
    return ALL_CARPALS if part in CARPALS else part


def part_evidence(
    used: NDArray[np.int64], values: Floats, grid: TableGrid, measurements: Sequence[str]
) -> dict[str, Floats]:
    """Return the log likelihood of age of every part that was measured, from its own measurements alone.

    Parameters
    ----------
    used, values:
        Rows of the film's measurements in the table and their values, shape (m,).
    grid:
        One sex of the table.
    measurements:
        The table's names.

    Returns
    -------
    dict
        Part to its log likelihood by age, shape (g,), up to a constant. Normal, with the correlations within the part;
        what is absent counts where the part was seen.
    """
    parts = np.array([bone_of(name) for name in measurements])
    found: dict[str, Floats] = {}
    for part in PARTS:
        own = np.flatnonzero(parts[used] == part)
        if not own.size:
            continue
        rows = used[own]
        z = (values[own, None] - grid.mean[rows]) / grid.sd[rows]
        factor = np.linalg.cholesky(grid.correlation[:, rows[:, None], rows])
        white = np.linalg.inv(factor) @ z
        log_density = -0.5 * np.einsum("kmg,kmg->kg", white, white)
        log_density -= np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)[:, None]
        measured = (grid.blend * log_density).sum(axis=0) - np.log(grid.sd[rows]).sum(axis=0)
        found[part] = measured + presence_evidence(used, grid, np.flatnonzero(parts == part))
    return found


def part_ages(
    used: NDArray[np.int64],
    values: Floats,
    grid: TableGrid,
    measurements: Sequence[str],
    settings: LookupSettings,
    sex: Sex,
) -> tuple[PartAge, ...]:
    """Return the posterior mean and shortest 95 % interval of every part under a flat prior (see `part_evidence`)."""
    evidence = part_evidence(used, values, grid, measurements)
    if not evidence:
        return ()
    temperature = settings.part_temperature.get(sex, {})
    rows = np.array([row / temperature.get(part, 1.0) for part, row in evidence.items()])
    density = np.exp(rows - rows.max(axis=1, keepdims=True))
    density /= density.sum(axis=1, keepdims=True)
    months = density @ grid.ages
    intervals = shortest_intervals(grid.ages, density)
    return tuple(
        PartAge(part, float(age), (float(low), float(high)))
        for part, age, (low, high) in zip(evidence, months, intervals, strict=True)
    )
