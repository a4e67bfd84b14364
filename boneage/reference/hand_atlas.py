"""The reference tables of joint-to-joint lengths in millimetres, built from the Digital Hand Atlas landmarks.

Two tables from the same hands: by the child's own age (completed years, put in the middle of the year) and by the mean
of the manual Greulich-Pyle readings. Each length runs between two of the 37 landmarks
(`boneage.measurement.joint_lengths` measures the same on a film). Their pixels have no recorded size: 0.1 mm is
inferred from five adult metacarpals, and every table says so. Hands with a flag (a
size outlier, or no age) are left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.reference.build import BuildOptions, build_table
from boneage.reference.lengths import INFERRED_MM_PER_PIXEL, JOINT_LENGTH_TABLES
from boneage.reference.measurement_table import MeasurementTable, SexTable, TableMetadata
from boneage.reference.rows import SEXES, check_positive, read_columns
from boneage.reference.table_file import write_table

if TYPE_CHECKING:
    import pandas as pd

HANDS_FILE: Final = Path("dha") / "hands_joint_segment_px.csv"
FIRST_AGE_MONTHS: Final = 108.0
"""The atlas has next to no younger children."""

FEWEST_HANDS: Final = 15
"""Cells with fewer hands within half a year are left out."""

COMMAND: Final = "boneage reference build-dha"

_OPTIONS: Final = BuildOptions(choose=False)

AgeAxis = Literal["bone_age", "chronological_age"]


def read_hands(path: Path, axis: AgeAxis) -> pd.DataFrame:
    """Return the unflagged hands with their age on one axis and their lengths in millimetres.

    Parameters
    ----------
    path:
        ``hands_joint_segment_px.csv``.
    axis:
        Which age: ``chronological_age`` is completed years plus half a year.

    Returns
    -------
    pandas.DataFrame
        Columns ``id``, ``sex``, ``bone_age_months`` (the age, whichever axis), ``<bone>.joint_length_mm``.

    Raises
    ------
    TableError
        If the file is missing or breaks its format.
    """
    import pandas as pd

    lengths = [f"{bone}_px" for bone in TUBULAR_BONES]
    ages = ("age_completed_years", "mean_manual_gp_bone_age_months")
    columns = read_columns(path, ("dha_id", "sex", *ages, *lengths, "flag"))
    years, read = (columns.numbers(name, blank_is_nan=True) for name in ages)
    age = years * 12 + 6 if axis == "chronological_age" else read
    sexes = np.array(SEXES)[columns.sexes()]
    frame = {"id": columns.text("dha_id"), "sex": sexes, "bone_age_months": age}
    for bone, name in zip(TUBULAR_BONES, lengths, strict=True):
        pixels = columns.numbers(name)
        check_positive(columns, name, pixels, code="table_bad_number")
        frame[f"{bone}.joint_length_mm"] = pixels * INFERRED_MM_PER_PIXEL
    unflagged = np.array([not flag for flag in columns.text("flag")])
    return pd.DataFrame(frame)[unflagged & np.isfinite(age)].reset_index(drop=True)


def build_hand_atlas(root: Path, output_dir: Path) -> dict[AgeAxis, MeasurementTable]:
    """Build and write both tables; equal inputs give equal bytes.

    Parameters
    ----------
    root:
        Folder that holds `HANDS_FILE`.
    output_dir:
        Where the tables go, under the names of `boneage.reference.lengths.JOINT_LENGTH_TABLES`.

    Raises
    ------
    TableError
        As `read_hands` and `boneage.reference.build.build_table`.
    OutputError
        If a file cannot be written.
    """
    path = root / HANDS_FILE
    if not path.is_file():
        msg = f"there is no file {HANDS_FILE}"
        raise TableError("table_not_found", msg, remedy="Set BONEAGE_DATA to the folder that holds it.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    written: dict[AgeAxis, MeasurementTable] = {}
    axes: tuple[AgeAxis, ...] = ("bone_age", "chronological_age")
    for axis in axes:
        frame = read_hands(path, axis)
        table = trimmed(build_table(frame, _metadata(axis, digest), options=_OPTIONS))
        written[axis] = write_table(table, output_dir, films={sex: int((frame["sex"] == sex).sum()) for sex in SEXES})
    return written


def trimmed(table: MeasurementTable) -> MeasurementTable:
    """Return the table without its thin ages: only whole years and half years from 9 on with enough hands.

    The probability of being present is dropped: every landmark is there on every hand, so absence says nothing.
    """
    sexes = {}
    for sex, cells in table.sexes.items():
        enough = np.nan_to_num(cells.n).min(axis=0) >= FEWEST_HANDS
        kept = np.flatnonzero((cells.ages >= FIRST_AGE_MONTHS) & enough)
        block = slice(int(kept[0]), int(kept[-1]) + 1)
        sexes[sex] = SexTable(
            ages=cells.ages[block],
            mean=cells.mean[:, block],
            sd=cells.sd[:, block],
            n=cells.n[:, block],
            present=np.full_like(cells.mean[:, block], np.nan),
            correlation_ages=cells.correlation_ages,
            correlation=cells.correlation,
        )
    settings = replace(table.settings, presence_weights={}, anchors={})
    return replace(table, sexes=sexes, settings=settings)


def _metadata(axis: AgeAxis, digest: str) -> TableMetadata:
    ages = {
        "bone_age": "ages are means of manual Greulich-Pyle readings",
        "chronological_age": "ages are completed years plus half a year, so the SDs hold the growth of one year",
    }
    return TableMetadata(
        name=JOINT_LENGTH_TABLES[axis],
        version="",
        source="computed from 37 expert landmarks on the Digital Hand Atlas (landmarks: Payer C et al., Med Image Anal "
        "2019;54:207; readings via Rassmann S et al., Deeplasia, CC BY-NC-SA; hands (c) IPILab, USC)",
        population="healthy children of four ethnic groups in Los Angeles, 9 to 18 years",
        age_axis=axis,
        created_by=COMMAND,
        inputs={HANDS_FILE.name: digest},
        notes=f"inferred scale of 0.1 mm per pixel; joint to joint; flagged hands left out; {ages[axis]}; "
        "not a published standard",
    )
