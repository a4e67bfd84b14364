"""Bone lengths in millimetres: published means of adults, and the tables of the Digital Hand Atlas children.

The Digital Hand Atlas lengths run from joint to joint, so they must not be mixed with lengths of the bone alone; their
names end in ``joint_length_mm`` to keep them apart. Their pixels have no recorded size: 0.1 mm a pixel is inferred from
five adult metacarpals (0.0988 to 0.1007), and every table made from them says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.paths import reference_dir
from boneage.reference.rows import Columns, check_positive, read_columns

INFERRED_MM_PER_PIXEL: Final = 0.1
"""Scale of the Digital Hand Atlas landmarks; the evidence is in ``dha_derived/dha_scale_evidence.csv``."""

JOINT_LENGTH_TABLES: Final = {"bone_age": "dha_joint_mm", "chronological_age": "dha_joint_mm_chronological"}
"""Age axis to the installed table of joint-to-joint lengths, made by `boneage.reference.hand_atlas`."""


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
def hand_atlas_lengths(age_axis: Literal["bone_age", "chronological_age"]) -> MeasurementTable:
    """Return the installed table of joint-to-joint lengths of the Digital Hand Atlas, in millimetres.

    Parameters
    ----------
    age_axis:
        Manual Greulich-Pyle bone age, or the age of the child.

    Returns
    -------
    MeasurementTable
        19 measurements named ``<bone>.joint_length_mm`` with their correlation, about 9 to 18 years.

    Raises
    ------
    TableError
        If the table is missing or breaks its format.
    """
    from boneage.reference.tables import load_reference

    return load_reference(JOINT_LENGTH_TABLES[age_axis])


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
