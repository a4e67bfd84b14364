"""Writing a measurement table in the format that `boneage.reference.tables` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from boneage.errors import OutputError
from boneage.reference.correlation_file import correlation_text
from boneage.reference.measurement_table import MeasurementTable, SexTable
from boneage.reference.metadata_file import lookup_content, write_metadata
from boneage.reference.rows import SEXES, Sex


def write_table(
    table: MeasurementTable, output_dir: Path, *, films: Mapping[Sex, int] | None = None
) -> MeasurementTable:
    """Write ``NAME.csv``, ``NAME.correlation.csv`` and ``NAME.json`` under the table's name.

    Where the metadata states no version, the first twelve digits of a sha256 become it, taken over cells, correlations
    and lookup settings, so that tables which answer differently never share a version.

    Returns
    -------
    MeasurementTable
        The same table with its version filled in.

    Raises
    ------
    OutputError
        ``output_not_writable``.
    """
    name = table.name
    text = _cells(table)
    version = table.metadata.version or _version(text, table)
    stamped = replace(table, metadata=replace(table.metadata, version=version))
    units = {m: unit for m, unit in zip(table.measurements, table.units, strict=True) if unit != "not stated"}
    extra = {"films": {sex: films[sex] for sex in SEXES if sex in films}} if films else {}
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        (output_dir / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
        correlations = output_dir / f"{name}.correlation.csv"
        correlations.write_text(correlation_text(table), encoding="utf-8", newline="\n")
        write_metadata(output_dir / f"{name}.json", stamped.metadata, table.settings, units, extra=extra)
    except OSError as error:
        msg = f"the table {name} could not be written ({type(error).__name__})"
        raise OutputError("output_not_writable", msg, remedy="Choose a folder that you may write to.") from error
    return stamped


def _version(cells: str, table: MeasurementTable) -> str:
    settings = json.dumps(lookup_content(table.settings), sort_keys=True)
    hashed = hashlib.sha256("\0".join((cells, correlation_text(table), settings)).encode())
    return "sha256:" + hashed.hexdigest()[:12]


def _cells(table: MeasurementTable) -> str:
    stated = any(np.isfinite(cells.present).any() for cells in table.sexes.values())
    lines = ["measurement,sex,age_months,mean,sd,n" + (",present" if stated else "")]
    for i, name in enumerate(table.measurements):
        for sex in SEXES:
            if sex in table.sexes:
                lines.extend(_rows(name, sex, table.sexes[sex], i, stated))
    return "\n".join(lines) + "\n"


def _rows(name: str, sex: Sex, cells: SexTable, i: int, stated: bool) -> list[str]:
    rows = []
    for a, age in enumerate(cells.ages):
        if np.isnan(cells.mean[i, a]) and np.isnan(cells.present[i, a]):
            continue
        row = [name, sex, f"{age:g}", _digits(cells.mean[i, a]), _digits(cells.sd[i, a]), _whole(cells.n[i, a])]
        if stated:
            row.append("" if np.isnan(cells.present[i, a]) else f"{cells.present[i, a]:.4f}")
        rows.append(",".join(row))
    return rows


def _digits(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.5g}"


def _whole(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0f}"
