"""Published bone lengths: adults in millimetres, and the Digital Hand Atlas children on an inferred scale.

The Digital Hand Atlas lengths run from joint to joint, so they hold the joint space and must not be mixed with lengths
of the bone alone; their names end in ``joint_length_mm`` to keep them apart. Their pixels have no recorded size: 0.1 mm
a pixel is inferred from five adult metacarpals (0.0988 to 0.1007), and every table made here says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import numpy as np

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.reference.measurement_table import MeasurementTable, SexTable, TableMetadata
from boneage.reference.paths import reference_dir
from boneage.reference.rows import SEXES, Columns, Sex, check_positive, read_columns

INFERRED_MM_PER_PIXEL: Final = 0.1
"""Scale of the Digital Hand Atlas landmarks; the evidence is in ``dha_derived/dha_scale_evidence.csv``."""

_DHA_FILES: Final = {
    "chronological_age": ("dha_segment_px_by_age.csv", "age_completed_years", 6.0),
    "bone_age": ("dha_segment_px_by_manual_bone_age.csv", "bone_age_years_rounded", 0.0),
}
"""Age axis to file, its age column and the months from that number of years to the middle of its group."""


@dataclass(frozen=True)
class AdultLength:
    """Length of a bone in adults, sexes pooled.

    Attributes
    ----------
    mean_mm, sd_mm:
        Millimetres.
    disputed:
        Whether two transcriptions of the mean disagree.
    """

    mean_mm: float
    sd_mm: float
    disputed: bool


@lru_cache(maxsize=1)
def adult_lengths(*, folder: Path | None = None) -> dict[str, AdultLength]:
    """Return the adult lengths of the 19 tubular bones (Buryanov & Kotiuk 2010), by the names of `boneage.anatomy`.

    Raises
    ------
    TableError
        If the file is missing, a bone is unknown, twice or absent, or a number is not positive.
    """
    file = (folder or reference_dir()) / "adult_buryanov_kotiuk2010_bone_lengths_mm.csv"
    columns = read_columns(file, ("bone", "digit", "mean_mm_1dp", "sd_mm", "comparison"))
    means, sds = columns.numbers("mean_mm_1dp"), columns.numbers("sd_mm")
    check_positive(columns, "mean_mm_1dp", means, code="table_bad_number")
    check_positive(columns, "sd_mm", sds, code="table_sd_not_positive")
    lengths: dict[str, AdultLength] = {}
    for row, (bone, digit) in enumerate(zip(columns.text("bone"), columns.text("digit"), strict=True)):
        name = f"{bone}_{digit}"
        _check_bone(columns, row, name, name in lengths)
        lengths[name] = AdultLength(float(means[row]), float(sds[row]), columns.text("comparison")[row] == "DISAGREE")
    _check_complete(columns, set(lengths))
    return lengths


@lru_cache(maxsize=2)
def hand_atlas_lengths(
    age_axis: Literal["chronological_age", "bone_age"] = "chronological_age", *, folder: Path | None = None
) -> MeasurementTable:
    """Return the joint-to-joint lengths of the Digital Hand Atlas as a measurement table in millimetres.

    Parameters
    ----------
    age_axis:
        Age of the child (completed years, placed in the middle of the year) or manual Greulich-Pyle bone age.
    folder:
        Folder of the reference tables; the installed one by default.

    Returns
    -------
    MeasurementTable
        19 measurements named ``<bone>.joint_length_mm``, 9 to 18 years; the correlation is not known and taken as none.

    Raises
    ------
    TableError
        If the file is missing or breaks its format.
    """
    file, age_column, offset = _DHA_FILES[age_axis]
    columns = read_columns(
        (folder or reference_dir()) / "dha_derived" / file, ("sex", age_column, "segment", "n", "mean_px", "sd_px")
    )
    sexes, years = columns.sexes(), columns.numbers(age_column)
    cells = {name: columns.numbers(name, blank_is_nan=name == "sd_px") for name in ("mean_px", "sd_px", "n")}
    check_positive(columns, "mean_px", cells["mean_px"], code="table_bad_number")
    few = ~np.isfinite(cells["sd_px"])
    check_positive(columns, "sd_px", cells["sd_px"], code="table_sd_not_positive")
    tables: dict[Sex, SexTable] = {}
    for index, sex in enumerate(SEXES):
        ages = np.unique(years[(sexes == index) & ~few])
        shape = (len(TUBULAR_BONES), ages.size)
        blocks = {name: np.full(shape, np.nan) for name in cells}
        for row in np.flatnonzero((sexes == index) & ~few):
            name = columns.text("segment")[row]
            place = int(np.searchsorted(ages, years[row]))
            filled = name in TUBULAR_BONES and np.isfinite(blocks["n"][TUBULAR_BONES.index(name), place])
            _check_bone(columns, int(row), name, bool(filled))
            for key, block in blocks.items():
                block[TUBULAR_BONES.index(name), place] = cells[key][row]
        if not ages.size or np.isnan(blocks["mean_px"]).any():
            msg = f"{columns.name}: sex {sex} lacks a cell that other bones or ages have"
            raise TableError("table_gap", msg, remedy="Restore the file from the package.")
        scale = INFERRED_MM_PER_PIXEL
        tables[sex] = SexTable(
            ages * 12 + offset, blocks["mean_px"] * scale, blocks["sd_px"] * scale, blocks["n"], np.full(shape, np.nan),
            ages[:1] * 12, np.eye(len(TUBULAR_BONES))[None],
        )  # fmt: skip
    metadata = TableMetadata(
        name=f"dha-joint-lengths-by-{age_axis.replace('_', '-')}",
        version="1",
        source="computed from the Digital Hand Atlas landmarks (Payer C et al., Med Image Anal 2019;54:207)",
        population="healthy children in Los Angeles, 9 to 18 years",
        age_axis=age_axis,
        notes="inferred scale of 0.1 mm per pixel; joint to joint, joint space included; not a published standard",
    )
    names = tuple(f"{bone}.joint_length_mm" for bone in TUBULAR_BONES)
    return MeasurementTable(metadata, names, ("mm",) * len(names), tables)


def _check_bone(columns: Columns, row: int, name: str, already: bool) -> None:
    if name not in TUBULAR_BONES:
        msg = f"{columns.at(row)}: {name} is not a tubular bone of the hand"
        raise TableError("table_unknown_bone", msg, remedy=f"Bones are {', '.join(TUBULAR_BONES)}.")
    if already:
        msg = f"{columns.at(row)}: {name} is there twice"
        raise TableError("table_duplicate_cell", msg, remedy="Every bone once for each sex and age.")


def _check_complete(columns: Columns, names: set[str]) -> None:
    missing = [bone for bone in TUBULAR_BONES if bone not in names]
    if missing:
        msg = f"{columns.name} lacks {', '.join(missing)}"
        raise TableError("table_gap", msg, remedy="Restore the file from the package.")
