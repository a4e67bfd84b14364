"""The pattern profile: each bone's length against its own hand.

The z scores of a hand's bone lengths form a profile whose *shape* tells disorders apart that shorten single bones
(Poznanski AK, Garn SM, Nagy JM, Gall JC, Radiology 1972;104:1, the metacarpophalangeal pattern profile). A hand that is
small or large as a whole moves all its z scores together, so the hand's own level, a robust mean, is taken off first.
What is left is divided by the SD that it has among the films of the table, which follows from the correlation of the
lengths: bones that vary together leave little, and a small deviation of theirs means more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import TUBULAR_BONES
from boneage.reference.measurement_table import Floats, part_of
from boneage.reference.posterior import PatternEntry
from boneage.reference.table_grid import TableGrid, rows_at

FLAGGED_SD: Final = 2.0
FEWEST_BONES: Final = 5
"""With fewer lengths a hand has no level of its own to compare with."""
_HUBER: Final = 1.345


def pattern_profile(
    used: NDArray[np.int64], values: Floats, grid: TableGrid, measurements: Sequence[str], months: float
) -> tuple[PatternEntry, ...]:
    """Return the profile of the tubular bones whose length is known; empty where they are fewer than five.

    Parameters
    ----------
    used, values:
        Rows of the film's measurements in the table and their values, shape (m,).
    grid:
        One sex of the table.
    measurements:
        The table's names; those that start with ``length`` or ``joint_length`` after the bone are lengths (ratios to
        the hand's own size, or millimetres).
    months:
        Age at which the table is read.
    """
    picked: dict[str, int] = {}
    for place, row in enumerate(used):
        bone, _, quantity = measurements[row].partition(".")
        if bone in TUBULAR_BONES and quantity.startswith(("length", "joint_length")):
            picked.setdefault(bone, place)
    if len(picked) < FEWEST_BONES:
        return ()
    places = np.array(list(picked.values()))
    rows = used[places]
    z = (values[places] - rows_at(grid.ages, grid.mean[rows], months)) / rows_at(grid.ages, grid.sd[rows], months)
    blend = np.array([np.interp(months, grid.ages, row) for row in grid.blend])
    own = own_hand_scores(z, np.tensordot(blend, grid.correlation[:, rows[:, None], rows], axes=1))
    return tuple(
        PatternEntry(part_of(measurements[row]), float(score), float(against), bool(abs(against) > FLAGGED_SD))
        for row, score, against in zip(rows, z, own, strict=True)
    )


def own_hand_scores(z: Floats, correlation: Floats) -> Floats:
    """Return z scores against their own hand.

    Parameters
    ----------
    z:
        z scores of the lengths, shape (n,).
    correlation:
        Of the lengths, shape (n, n); the variance of ``z_i - mean(z)`` is the diagonal of C R C, C = I - 1/n.
    """
    centring = np.eye(z.size) - 1.0 / z.size
    variance = np.diag(centring @ correlation @ centring)
    return (z - robust_mean(z)) / np.sqrt(np.maximum(variance, 1e-6))


def robust_mean(z: Floats) -> float:
    """Return Huber's M-estimate of location: one strange bone does not shift the level that all are held against."""
    centre = float(np.median(z))
    scale = max(1.4826 * float(np.median(np.abs(z - centre))), 1e-6)
    for _ in range(50):
        weights = _HUBER / np.maximum(np.abs(z - centre) / scale, _HUBER)
        moved = float(weights @ z / weights.sum())
        if abs(moved - centre) < 1e-9 * scale:
            break
        centre = moved
    return centre
