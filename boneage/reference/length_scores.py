"""Are the bones of a hand short or long for an age? Z scores of its lengths, and one score of the whole hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import Sex

FEWEST_BONES: Final = 10
"""With fewer of the 19 lengths there is no score of the hand."""

LIMIT_SDS: Final = 2.0
"""Beyond this many standard deviations a hand is called short or long (the customary limit)."""


@dataclass(frozen=True)
class LengthScores:
    """The lengths of one hand at one age of a table.

    Attributes
    ----------
    z:
        Measurement name to (length - mean) / SD.
    mean_z:
        Mean of them.
    sd_of_mean_z:
        Its standard deviation among the children of the table, from the correlation of their lengths.
    reference:
        Name of the table.
    """

    age_months: float
    z: Mapping[str, float]
    mean_z: float
    sd_of_mean_z: float
    reference: str

    @property
    def sds(self) -> float:
        """The mean z in its own standard deviations."""
        return self.mean_z / self.sd_of_mean_z

    @property
    def verdict(self) -> str:
        """``short``, ``usual`` or ``long``."""
        if abs(self.sds) <= LIMIT_SDS:
            return "usual"
        return "short" if self.sds < 0 else "long"


def score_lengths(
    lengths: Mapping[str, float], age_months: float, sex: Sex, table: MeasurementTable
) -> LengthScores | str:
    """Hold the lengths of a hand against a table at one age.

    Parameters
    ----------
    lengths:
        Measurement name to value in the unit of the table; names that the table lacks are ignored.
    age_months:
        On the axis of the table.
    sex:
        ``M`` or ``F``.
    table:
        Means, SDs and correlation of the lengths.

    Returns
    -------
    LengthScores or str
        The scores, or the words why there are none.
    """
    cells = table.sexes.get(sex)
    if cells is None:
        return f"the table {table.name} has no lengths for sex {sex}"
    if not cells.ages[0] <= age_months <= cells.ages[-1]:
        low, high = cells.ages[0] / 12, cells.ages[-1] / 12
        return f"the table {table.name} covers {low:.3g} to {high:.3g} years only"
    z = {}
    for name in table.measurements:
        expected = table.expected(name, age_months, sex)
        if expected is not None and np.isfinite(lengths.get(name, np.nan)):
            z[name] = (float(lengths[name]) - expected[0]) / expected[1]
    if len(z) < FEWEST_BONES:
        return f"{len(z)} joint-to-joint lengths could be measured; {FEWEST_BONES} are needed"
    rows = [table.measurements.index(name) for name in z]
    near = np.array([np.interp(age_months, cells.correlation_ages, row) for row in np.eye(len(cells.correlation_ages))])
    correlation = np.tensordot(near, cells.correlation, axes=1)[np.ix_(rows, rows)]
    return LengthScores(age_months, z, float(np.mean(list(z.values()))), float(np.sqrt(correlation.mean())), table.name)
