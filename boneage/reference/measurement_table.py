"""The objects of a measurement table: mean, SD, counts, presence and correlation of measurements by sex and age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.options import PriorName
from boneage.reference.belt import Belt
from boneage.reference.rows import Sex

Floats = NDArray[np.float64]

UNITS: Final = ("mm", "ratio", "fraction", "count")
"""Units a table may hold. Pixels are none of them: their size differs from film to film."""

UNIT_BY_SUFFIX: Final[dict[str, str]] = {
    "_mm": "mm",
    "_ratio": "ratio",
    "_share": "fraction",
    "_fraction": "fraction",
    "contrast": "fraction",
    "fusion": "fraction",
    "_index": "ratio",
    "_count": "count",
    "centres": "count",
}
"""How a measurement's name tells its unit where the table does not."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Knots of a piecewise linear function of age in months, held level beyond its ends."""

    ages: Floats
    values: Floats

    def at(self, age: float | Floats) -> Floats:
        """Return the curve at an age or at an array of ages."""
        return np.asarray(np.interp(age, self.ages, self.values))


@dataclass(frozen=True, eq=False)
class LookupSettings:
    """How the lookup reads this table; fitted on films that were left out of the fit of means and SDs.

    Attributes
    ----------
    shrinkage:
        Weight of the identity matrix in the residual correlation, 0 (as estimated) to 1 (measurements independent).
    degrees_of_freedom:
        Of the multivariate t likelihood; ``inf`` for a Gaussian.
    temperature:
        For each sex the divisor of the log likelihood by age; above 1 it widens the posterior.
    correction:
        For each sex the shift in months that is added to an age, by age; empty for none.
    population:
        For each sex how the films behind the table are spread over the ages (1: as many as if they were even).
    belts:
        For each prior and sex the bounds that make a film's interval (see `boneage.reference.belt`); where there is
        none, the interval is the shortest that holds 95 % of the posterior.
    part_temperature:
        For each sex and part of the hand the divisor of the log likelihood of its measurements alone.
    silent:
        Measurements that the table holds and that no age is read from.
    presence_weights:
        For each sex the share of each measurement's presence or absence that is not already told by another's.
    anchors:
        For each sex the measurement of a part of the hand that is there at every age (as a length is). Where a part has
        one, its other measurements' absence is evidence only if the anchor was taken; otherwise the film may not show
        it.
    """

    shrinkage: float = 0.1
    degrees_of_freedom: float = float("inf")
    temperature: Mapping[Sex, Curve] = field(default_factory=dict)
    correction: Mapping[Sex, Curve] = field(default_factory=dict)
    population: Mapping[Sex, Curve] = field(default_factory=dict)
    belts: Mapping[PriorName, Mapping[Sex, Belt]] = field(default_factory=dict)
    part_temperature: Mapping[Sex, Mapping[str, float]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    presence_weights: Mapping[Sex, Mapping[str, float]] = field(default_factory=dict)
    anchors: Mapping[Sex, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class TableMetadata:
    """Where a table comes from.

    Attributes
    ----------
    name, version:
        As they stand on every export.
    source:
        Publication or data set.
    population:
        Who was measured.
    split:
        Which part of the data set, if any.
    age_axis:
        ``bone_age`` (ages are readings of skeletal age) or ``chronological_age``.
    created_by:
        The command that built the table, if any.
    inputs:
        Input file name to sha256.
    notes:
        Doubts and remarks, in words.
    """

    name: str
    version: str
    source: str = "not stated"
    population: str = "not stated"
    split: str = ""
    age_axis: str = "not stated"
    created_by: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""


@dataclass(frozen=True, eq=False)
class SexTable:
    """The cells of one sex: M measurements by A ages, and K correlation matrices.

    Attributes
    ----------
    ages:
        Months, strictly rising, shape (A,).
    mean, sd:
        Shape (M, A) in the unit of the measurement; ``nan`` where the table has no cell.
    n:
        Number of films behind a cell, shape (M, A); ``nan`` where not stated.
    present:
        Probability that the measurement can be taken at that age when the film shows its part of the hand, shape (M,
        A); ``nan`` where not stated.
    correlation_ages:
        Ages of the correlation matrices in months, shape (K,), K >= 1.
    correlation:
        Correlation of the deviations from the mean, shape (K, M, M).
    """

    ages: Floats
    mean: Floats
    sd: Floats
    n: Floats
    present: Floats
    correlation_ages: Floats
    correlation: Floats


@dataclass(frozen=True, eq=False)
class MeasurementTable:
    """A reference table of measurements.

    Attributes
    ----------
    metadata:
        Its provenance.
    measurements:
        The M names, for instance ``metacarpal_3.length_ratio``.
    units:
        The unit of each, from `UNITS`, or ``not stated``.
    sexes:
        Sex to its cells; a table may cover one sex only.
    settings:
        How the lookup reads it.
    """

    metadata: TableMetadata
    measurements: tuple[str, ...]
    units: tuple[str, ...]
    sexes: Mapping[Sex, SexTable]
    settings: LookupSettings = field(default_factory=LookupSettings)

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.metadata.name

    def has_curve(self, measurement: str, sex: Sex) -> bool:
        """Tell whether the table has any cell of a measurement for a sex."""
        cells = self.sexes.get(sex)
        if cells is None or measurement not in self.measurements:
            return False
        return bool(np.isfinite(cells.mean[self.measurements.index(measurement)]).any())

    def expected(self, measurement: str, age_months: float, sex: Sex) -> tuple[float, float] | None:
        """Return mean and SD of a measurement at an age, interpolated, or ``None`` where the table has no cell.

        Examples
        --------
        ``table.expected("metacarpal_3.length_mm", 121.0, "F")`` reads between the rows for 120 and 126 months.
        """
        cells = self.sexes.get(sex)
        if cells is None or measurement not in self.measurements:
            return None
        row = self.measurements.index(measurement)
        known = np.isfinite(cells.mean[row])
        ages = cells.ages[known]
        if not ages.size or not ages[0] <= age_months <= ages[-1]:
            return None
        mean = np.interp(age_months, ages, cells.mean[row, known])
        sd = np.interp(age_months, ages, cells.sd[row, known])
        return float(mean), float(sd)


def unit_from_name(measurement: str) -> str:
    """Return the unit that a measurement's name tells, or ``not stated``."""
    return next((unit for end, unit in UNIT_BY_SUFFIX.items() if measurement.endswith(end)), "not stated")


def part_of(measurement: str) -> str:
    """Return the part of the hand that a measurement belongs to: its name up to the first full stop."""
    return measurement.split(".", 1)[0]
