"""The file of measured films from which reference tables are built: ``id`` and one column for each measurement."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from boneage.measurement.definitions import DEFINITIONS
from boneage.outputs import write_whole


def write_measurements(rows: Mapping[str, Mapping[str, float]], output: Path) -> None:
    """Write measurements as CSV, films in the order of their ids and measurements in that of the registry.

    Parameters
    ----------
    rows:
        Film id to name and value of each measurement (`boneage.measurement.definitions`); one that is missing stays
        empty.
    output:
        Written whole or not at all.

    Raises
    ------
    ValueError
        If a value has no definition.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["id", *DEFINITIONS], restval="", lineterminator="\n")
    writer.writeheader()
    for film_id in sorted(rows, key=lambda key: key.zfill(12)):
        writer.writerow({"id": film_id, **rows[film_id]})
    write_whole(output, text.getvalue().encode())
