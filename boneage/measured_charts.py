"""Growth charts of single measurements: which can be drawn for a film, and where this child stands on one.

The curves are those of the installed tables. A table by bone age is read at the answer's bone age, whichever method
gave it; one by chronological age at the child's own age. The own age is held against the finished answer alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from boneage.follow_up import ChildVisit
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import SEXES, Sex
from boneage.reference.tables import list_references, load_reference
from boneage.result import AgeByMeasurement, BoneAge, Result
from boneage.result.measured_values import measured_values


@dataclass(frozen=True)
class ChartPoint:
    """A child on a chart: age in months on the axis of the table, and value in its unit."""

    age_months: float
    value: float


@dataclass(frozen=True, eq=False)
class MeasuredChart:
    """One measurement of a film on the curve of one table.

    Attributes
    ----------
    table, measurement, sex:
        Which curve.
    value:
        Measured on the film, in the table's unit.
    child:
        This film; ``None`` where its age on the table's axis is not known.
    expected:
        Mean and SD of the table at that age; ``None`` outside of its ages.
    earlier:
        Earlier visits that hold the same measurement.
    """

    table: MeasurementTable
    measurement: str
    sex: Sex
    value: float
    child: ChartPoint | None = None
    expected: tuple[float, float] | None = None
    earlier: tuple[ChartPoint, ...] = ()

    @property
    def z(self) -> float | None:
        """(value - mean) / SD; ``None`` where nothing is expected."""
        return None if self.expected is None else (self.value - self.expected[0]) / self.expected[1]

    @property
    def silent(self) -> bool:
        """Whether the table has the measurement and no age is read from it."""
        return self.measurement in self.table.settings.silent

    @property
    def unit(self) -> str:
        """Unit of the value (`boneage.reference.measurement_table.UNITS`)."""
        return self.table.units[self.table.measurements.index(self.measurement)]


@lru_cache(maxsize=1)
def chart_tables() -> tuple[MeasurementTable, ...]:
    """Return the installed tables, those by bone age first.

    Raises
    ------
    TableError
        If one of them breaks its format.
    """
    tables = [load_reference(name) for name in list_references()]
    return tuple(sorted(tables, key=by_chronological_age))


def by_chronological_age(table: MeasurementTable) -> bool:
    """Tell whether the ages of a table are those of the children, and not of their bones."""
    return table.metadata.age_axis == "chronological_age"


def tables_for(measurement: str, sex: Sex) -> tuple[MeasurementTable, ...]:
    """Return the installed tables that have a curve of a measurement, those by bone age first."""
    return tuple(table for table in chart_tables() if table.has_curve(measurement, sex))


def charted_measurements(result: Result) -> tuple[str, ...]:
    """Return every measurement of a film that an installed table has a curve for.

    Those that the age rests on come first, the heaviest at the head; the others follow in the order of the tables.
    """
    values, answers = measured_values(result), result.answers()
    sexes = [sex for sex in SEXES if sex in answers]
    weighed: list[str] = []
    for answer in answers.values():
        weighed += [] if answer.estimates.measurement is None else _heaviest(answer.estimates.measurement)
    tabled = [name for table in chart_tables() for name in table.measurements]
    return tuple(
        name
        for name in dict.fromkeys([*weighed, *tabled])
        if name in values and any(tables_for(name, sex) for sex in sexes)
    )


def measured_chart(
    result: Result, measurement: str, sex: Sex, table: MeasurementTable, *, earlier: Sequence[ChildVisit] = ()
) -> MeasuredChart | None:
    """Return where a film stands on the curve of a measurement.

    Parameters
    ----------
    result:
        Of the film.
    measurement:
        One of `charted_measurements`.
    sex:
        Whose curve, and whose answer where there are two.
    table:
        One of `tables_for`.
    earlier:
        Earlier visits of the child, read as of the same sex.

    Returns
    -------
    MeasuredChart or None
        ``None`` where the film lacks the measurement or the table its curve.
    """
    value = measured_values(result).get(measurement)
    if value is None or not table.has_curve(measurement, sex):
        return None
    age = _own_age(result, sex) if by_chronological_age(table) else _bone_age(result, sex)
    return MeasuredChart(
        table,
        measurement,
        sex,
        value,
        None if age is None else ChartPoint(age, value),
        None if age is None else table.expected(measurement, age, sex),
        tuple(point for visit in earlier if (point := _point(visit, measurement, table)) is not None),
    )


def _point(visit: ChildVisit, measurement: str, table: MeasurementTable) -> ChartPoint | None:
    age = visit.age_months if by_chronological_age(table) else _number_of(visit.bone_age)
    value = visit.values.get(measurement)
    return None if age is None or value is None else ChartPoint(age, value)


def _bone_age(result: Result, sex: Sex) -> float | None:
    answer = result.answers().get(sex)
    return None if answer is None else _number_of(answer.bone_age)


def _number_of(age: BoneAge | None) -> float | None:
    """Return the months of a bone age; of a grown hand there are none, only a bound."""
    return None if age is None or age.bound is not None else age.months


def _own_age(result: Result, sex: Sex) -> float | None:
    answer = result.answers().get(sex)
    said = (None if answer is None else answer.chronological) or result.chronological
    return None if said is None else said.months


def _heaviest(lookup: AgeByMeasurement) -> list[str]:
    return [part.measurement for part in sorted(lookup.contributions, key=lambda part: -part.weight)]
