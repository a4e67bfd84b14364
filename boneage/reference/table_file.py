"""Writing a measurement table in the format that `boneage.reference.tables` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from boneage.outputs import make_folder, write_whole
from boneage.reference.correlation_file import correlation_text
from boneage.reference.measurement_table import MeasurementTable, SexTable
from boneage.reference.metadata_file import lookup_content, metadata_text
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
    make_folder(output_dir)
    write_whole(output_dir / f"{name}.csv", text.encode())
    write_whole(output_dir / f"{name}.correlation.csv", correlation_text(table).encode())
    about = metadata_text(stamped.metadata, table.settings, units, extra=extra)
    write_whole(output_dir / f"{name}.json", about.encode())
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
