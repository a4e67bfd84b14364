"""Published standards of skeletal maturity: SD scores against the Brush Foundation table, and the atlas plates.

An SD score says how far a bone age lies from the chronological age, in standard deviations of skeletal age among
healthy children of that chronological age. The SD is interpolated between the table's ages, not taken from the nearest
row.

Two conventions exist and both are returned:

* ``sds`` = (bone age - chronological age) / SD, the one of clinical reports and the default here. It always has the
  sign of the difference printed beside it, and it uses only the SDs, which agree in five transcriptions of the table.
* ``sds_from_table_mean`` = (bone age - mean skeletal age of the Brush children at that age) / SD, the z score in the
  strict sense. The means come from one transcription, and by them the Brush children themselves ran up to 6 months
  ahead of the atlas in middle childhood, so that a child exactly on the atlas would score below zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boneage.errors import TableError
from boneage.reference.paths import reference_dir
from boneage.reference.rows import SEXES, Columns, Sex, check_positive, read_columns

BRUSH = "brush"
GREULICH_PYLE_1959 = "greulich_pyle_1959"

_FILES = {
    BRUSH: ("gp_brush_skeletal_age_mean_sd.csv", "Brush Foundation (Greulich & Pyle 1959)"),
    GREULICH_PYLE_1959: ("gp1959_table5_6_skeletal_age_sd.csv", "Greulich & Pyle 1959, Tables V and VI"),
}


@dataclass(frozen=True, eq=False)
class SkeletalAgeCurve:
    """SD (and, where printed, mean) of skeletal age by chronological age, one sex.

    Attributes
    ----------
    ages:
        Chronological ages in months, strictly rising, shape (n,).
    sds:
        Standard deviations in months, all positive, shape (n,).
    means:
        Mean skeletal ages in months, strictly rising, shape (n,), or ``None`` where the table has SDs only.
    """

    ages: NDArray[np.float64]
    sds: NDArray[np.float64]
    means: NDArray[np.float64] | None


@dataclass(frozen=True, eq=False)
class SkeletalAgeStandard:
    """A published standard: its name and one curve for each sex."""

    name: str
    curves: dict[Sex, SkeletalAgeCurve]


@dataclass(frozen=True)
class StandardScore:
    """An SD score, or the reason why there is none.

    Attributes
    ----------
    sds:
        (bone age - chronological age) / SD, or ``None``.
    sds_from_table_mean:
        (bone age - mean skeletal age of the table) / SD, or ``None``.
    sd_months:
        The SD that was used, interpolated at the chronological age, or ``None``.
    reference:
        Name of the standard.
    reason:
        Why there is no score; empty when there is one.
    """

    sds: float | None
    sds_from_table_mean: float | None
    sd_months: float | None
    reference: str
    reason: str = ""


@lru_cache(maxsize=8)
def load_standard(standard: str = BRUSH, *, folder: Path | None = None) -> SkeletalAgeStandard:
    """Load a published table of skeletal-age SDs and check it.

    Parameters
    ----------
    standard:
        `BRUSH` or `GREULICH_PYLE_1959`.
    folder:
        Where the CSV lies; the installed tables by default.

    Raises
    ------
    TableError
        If the name is unknown, or the file breaks its format (the message names the row).
    """
    if standard not in _FILES:
        msg = f"unknown standard {standard!r}"
        raise TableError("unknown_standard", msg, remedy=f"Choose one of {', '.join(_FILES)}.")
    file, name = _FILES[standard]
    columns = read_columns(
        (folder or reference_dir()) / file,
        ("sex", "chronological_age_months", "sd_months"),
        optional=("mean_skeletal_age_months",),
    )
    sexes = columns.sexes()
    ages = columns.numbers("chronological_age_months")
    sds = columns.numbers("sd_months")
    check_positive(columns, "sd_months", sds, code="table_sd_not_positive")
    has_means = "mean_skeletal_age_months" in columns.cells
    means = columns.numbers("mean_skeletal_age_months") if has_means else None
    curves: dict[Sex, SkeletalAgeCurve] = {}
    for index, sex in enumerate(SEXES):
        rows = np.flatnonzero(sexes == index)
        if not rows.size:
            msg = f"{columns.name} has no rows for sex {sex}"
            raise TableError("table_sex_missing", msg, remedy="A standard must cover both sexes.")
        _check_rising(columns, "chronological_age_months", ages, rows)
        if means is not None:
            _check_rising(columns, "mean_skeletal_age_months", means, rows)
        curves[sex] = SkeletalAgeCurve(ages[rows], sds[rows], None if means is None else means[rows])
    return SkeletalAgeStandard(name, curves)


def _check_rising(columns: Columns, column: str, numbers: NDArray[np.float64], rows: NDArray[np.int64]) -> None:
    falls = np.flatnonzero(np.diff(numbers[rows]) <= 0)
    if falls.size:
        row = int(rows[falls[0] + 1])
        msg = f"{columns.at(row)}: {column} {columns.text(column)[row]} does not rise above the row before"
        raise TableError("table_ages_not_rising", msg, remedy="Sort the rows of each sex by age; every age once.")


def skeletal_age_sds(
    bone_age_months: float, chronological_age_months: float, sex: Sex, *, standard: str = BRUSH
) -> StandardScore:
    """Return the SD score of a bone age for a child of this chronological age and sex.

    Parameters
    ----------
    bone_age_months, chronological_age_months:
        Ages in months.
    sex:
        ``M`` or ``F``.
    standard:
        `BRUSH` (default) or `GREULICH_PYLE_1959`.

    Returns
    -------
    StandardScore
        With ``sds`` ``None`` and a reason where the standard ends (Brush: 3 to 204 months in boys, 3 to 192 in girls);
        nothing is extrapolated.

    Raises
    ------
    TableError
        If the standard's file is missing or broken, or the sex is not known to it.

    Examples
    --------
    >>> skeletal_age_sds(132.0, 120.0, "M").sds  # 12 months ahead, SD 9.79 at 10 years
    1.2257405515832482
    """
    table = load_standard(standard)
    if sex not in table.curves:
        msg = f"{sex!r} is not a sex of the standard"
        raise TableError("unknown_sex", msg, remedy="Give M or F.")
    curve = table.curves[sex]
    if not (math.isfinite(bone_age_months) and math.isfinite(chronological_age_months)):
        return StandardScore(None, None, None, table.name, "an age is not a finite number")
    first, last = float(curve.ages[0]), float(curve.ages[-1])
    if not first <= chronological_age_months <= last:
        reason = (
            f"chronological age {chronological_age_months:.1f} months lies outside the table"
            f" ({first:g} to {last:g} months for sex {sex})"
        )
        return StandardScore(None, None, None, table.name, reason)
    sd = float(np.interp(chronological_age_months, curve.ages, curve.sds))
    strict = None
    if curve.means is not None:
        mean = float(np.interp(chronological_age_months, curve.ages, curve.means))
        strict = (bone_age_months - mean) / sd
    return StandardScore((bone_age_months - chronological_age_months) / sd, strict, sd, table.name)


@dataclass(frozen=True)
class AtlasPlate:
    """A plate of the Greulich-Pyle atlas (its number and skeletal age only; the pictures are not free)."""

    number: int
    months: float


@lru_cache(maxsize=2)
def atlas_plates(*, folder: Path | None = None) -> dict[Sex, tuple[AtlasPlate, ...]]:
    """Return the plates of the Greulich-Pyle atlas, 31 male and 27 female, youngest first.

    Raises
    ------
    TableError
        If the file is missing or breaks its format.
    """
    file = (folder or reference_dir()) / "gp_plate_skeletal_ages.csv"
    columns = read_columns(file, ("sex", "order", "skeletal_age_months"))
    sexes, order, months = columns.sexes(), columns.numbers("order"), columns.numbers("skeletal_age_months")
    plates: dict[Sex, tuple[AtlasPlate, ...]] = {}
    for index, sex in enumerate(SEXES):
        rows = np.flatnonzero(sexes == index)
        _check_rising(columns, "order", order, rows)
        _check_rising(columns, "skeletal_age_months", months, rows)
        plates[sex] = tuple(AtlasPlate(int(order[row]), float(months[row])) for row in rows)
    return plates
