"""One row of the batch report: always the same columns, in the same order, whatever became of the film."""

from __future__ import annotations

import csv
import io
import math
from typing import Final

from boneage.anatomy import BONES
from boneage.result import AgeByMeasurement, AgeByRegression, BoneAge, Result, SexAnswer

Cell = str | int | float | None

_IF_SEX: Final = {"M": "if_male", "F": "if_female"}

COLUMNS: Final[tuple[str, ...]] = (
    "path",
    "id",
    "status",
    "reason_code",
    "reason",
    "sex",
    "sex_source",
    "bone_age_months",
    "lower_95_months",
    "upper_95_months",
    "measurement_months",
    "regression_months",
    "chronological_age_months",
    "difference_months",
    "sds",
    "reference",
    "laterality",
    "pixel_spacing_mm",
    "pixel_spacing_source",
    *(f"{bone}_length_px" for bone in BONES),
    *(f"{bone}_length_mm" for bone in BONES),
    "sha256",
    "model",
    "version",
    "if_male_months",
    "if_female_months",
    "measurement_lower_95_months",
    "measurement_upper_95_months",
    "regression_lower_95_months",
    "regression_upper_95_months",
    "tables",
    "calibration",
    "uncalibrated_months",
    "bone_age_at_or_above_months",
    "reader_final_months",
    "prior",
    "reader_difference_months",
    "reader_sds",
    "if_male_at_or_above_months",
    "if_female_at_or_above_months",
)
"""The columns of the report.

``if_male_months`` and ``if_female_months`` hold the answers of a film whose sex is not known; where the hand is grown
for a sex they are empty, and ``if_male_at_or_above_months`` and ``if_female_at_or_above_months`` hold the bound;
``tables`` the reference tables that took part with their versions; ``calibration`` the site calibration that was
applied, by name and hash, and ``uncalibrated_months`` the bone age before it; ``bone_age_at_or_above_months`` the bound
of a grown hand, whose ``bone_age_months`` is no more than a best guess; ``reader_final_months`` the age that a reader
settled on; ``prior`` the prior over age that the table was looked up with; ``reader_difference_months`` and
``reader_sds`` hold the reader's age against the child's own, as ``difference_months`` and ``sds`` do the program's.
"""


def csv_row(result: Result, *, identifier: str = "") -> dict[str, Cell]:
    """Return one film's row, keyed by `COLUMNS`; ``None`` is an empty cell.

    Parameters
    ----------
    result:
        Any result, refused and failed ones included.
    identifier:
        The caller's own name of the film (column ``id``).

    Notes
    -----
    ``reason_code`` and ``reason`` hold what stopped the answer; where there is one, the warnings on it. Lengths are
    those of whole bones: radius and ulna, which a hand film cuts off, stay empty.
    """
    source = result.input
    answer = SexAnswer(result.bone_age, result.estimates, result.chronological)
    reasons = result.problems or tuple(reason for reason in result.warnings if reason.severity == "warning")
    row: dict[str, Cell] = dict.fromkeys(COLUMNS)
    row |= {
        "path": source.path,
        "id": identifier,
        "status": result.status,
        "reason_code": "; ".join(reason.code for reason in reasons),
        "reason": "; ".join(reason.message for reason in reasons),
        "sex": source.sex.value or "unknown",
        "sex_source": source.sex.source,
        "laterality": source.laterality,
        "pixel_spacing_mm": _rounded(source.pixel_spacing.mm, 5),
        "pixel_spacing_source": source.pixel_spacing.source,
        "sha256": source.sha256,
        "model": "; ".join(f"{model.name}:{model.sha256[:12]}" for model in result.software.models),
        "version": result.software.version,
        "tables": "; ".join(f"{table.name}:{table.version}" for table in result.software.references),
    }
    if (stamp := result.calibration) is not None:
        row["calibration"] = f"{stamp.name}:{stamp.sha256[:12]}"
        row["uncalibrated_months"] = _months(stamp.uncalibrated.bone_age if stamp.uncalibrated else None)
    if result.reader_correction is not None:
        row["reader_final_months"] = _rounded(result.reader_correction.final_months)
        held = result.reader_correction.held_against(source.sex.value)
        row["reader_difference_months"] = _rounded(held.difference_months if held else None)
        row["reader_sds"] = _rounded(held.sds if held else None)
    row |= _answer_cells(answer)
    row |= _bone_cells(result)
    for sex, found in (result.by_sex or {}).items():
        row |= _cells_if(_IF_SEX[sex], found.bone_age)
    return row


def csv_text(rows: list[dict[str, Cell]]) -> str:
    """Return rows as a CSV with a header line."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _cells_if(child: str, age: BoneAge | None) -> dict[str, Cell]:
    """Return the answer under an assumed sex; of a grown hand the bound alone, no best guess."""
    if age is None or age.bound_months is None:
        return {f"{child}_months": _months(age)}
    return {f"{child}_at_or_above_months": _rounded(age.bound_months)}


def _answer_cells(answer: SexAnswer) -> dict[str, Cell]:
    cells: dict[str, Cell] = {"bone_age_months": _months(answer.bone_age)}
    if answer.bone_age is not None:
        lower, upper = answer.bone_age.interval_95
        cells |= {"lower_95_months": _rounded(lower), "upper_95_months": _rounded(upper)}
        cells["bone_age_at_or_above_months"] = _rounded(answer.bone_age.bound_months)
    if answer.estimates.measurement is not None:
        cells |= _route_cells("measurement", answer.estimates.measurement)
        cells["reference"] = answer.estimates.measurement.reference
        cells["prior"] = answer.estimates.measurement.prior
    if answer.estimates.regression is not None:
        cells |= _route_cells("regression", answer.estimates.regression)
    if (own := answer.chronological) is not None:
        cells["chronological_age_months"] = _rounded(own.months)
        cells["difference_months"] = _rounded(own.difference_months)
        cells["sds"] = _rounded(own.sds)
    return cells


def _route_cells(route: str, age: AgeByMeasurement | AgeByRegression) -> dict[str, Cell]:
    lower, upper = age.interval_95
    return {
        f"{route}_months": _rounded(age.months),
        f"{route}_lower_95_months": _rounded(lower),
        f"{route}_upper_95_months": _rounded(upper),
    }


def _bone_cells(result: Result) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for bone in result.bones:
        if bone.partial:
            continue
        cells[f"{bone.bone}_length_px"] = _rounded(bone.length_px)
        cells[f"{bone.bone}_length_mm"] = _rounded(bone.length_mm)
    return cells


def _months(age: BoneAge | None) -> float | None:
    return None if age is None else _rounded(age.months)


def _rounded(value: float | None, digits: int = 2) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)
