"""Figures as a tidy table: one row for every route, group and metric."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from boneage.evaluation.labels import read_rows
from boneage.evaluation.metrics import Figure

COLUMNS: Final = ("route", "group", "metric", "value", "low", "high", "n")


@dataclass(frozen=True)
class FigureRow:
    """One figure.

    Attributes
    ----------
    route:
        ``answer``, ``measurement``, ``regression``, ``measurement - regression``, or ``reader_1`` and so on.
    group:
        The films, for instance ``all`` or ``boys, 4 to 8 y``.
    metric:
        What is given; ``docs/evaluation.md`` explains each.
    figure:
        The value with its 95 % interval.
    n:
        Number of films behind it.
    """

    route: str
    group: str
    metric: str
    figure: Figure
    n: int


def to_csv(rows: Iterable[FigureRow]) -> str:
    """Return the rows as CSV with six significant digits; what is not known is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        numbers = (row.figure.value, row.figure.low, row.figure.high)
        cells = ["" if number != number else f"{number:.6g}" for number in numbers]
        writer.writerow([row.route, row.group, row.metric, *cells, row.n])
    return buffer.getvalue()


def read_csv(path: Path) -> tuple[FigureRow, ...]:
    """Return the rows that `to_csv` wrote.

    Raises
    ------
    UsageError
        If the file is not such a CSV.
    """
    rows = read_rows(path, "figures", COLUMNS)
    return tuple(
        FigureRow(
            row["route"],
            row["group"],
            row["metric"],
            Figure(*(float(row[column] or "nan") for column in ("value", "low", "high"))),
            int(row["n"]),
        )
        for row in rows
    )
