"""The tidy table reads back as it was written."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from boneage.errors import UsageError
from boneage.evaluation.metrics import Figure
from boneage.evaluation.tidy import COLUMNS, FigureRow, read_csv, to_csv


def test_rows_read_back(tmp_path: Path) -> None:
    rows = [
        FigureRow("answer", "boys, 4 to 8 y", "mad", Figure(7.123456, 6.5, 8.25), 40),
        FigureRow("answer", "all", "no answer: not_a_hand", Figure(0.0, 0.0, 0.4), 1000),
    ]
    (tmp_path / "results.csv").write_text(to_csv(rows))
    assert list(read_csv(tmp_path / "results.csv")) == [
        FigureRow(row.route, row.group, row.metric, Figure(*_six(row.figure)), row.n) for row in rows
    ]


def _six(figure: Figure) -> tuple[float, float, float]:
    value, low, high = (float(f"{number:.6g}") for number in (figure.value, figure.low, figure.high))
    return value, low, high


def test_an_unknown_interval_is_an_empty_cell(tmp_path: Path) -> None:
    text = to_csv([FigureRow("answer", "all", "mad", Figure(3.0, math.nan, math.nan), 1)])
    assert text == ",".join(COLUMNS) + "\nanswer,all,mad,3,,,1\n"
    (tmp_path / "results.csv").write_text(text)
    assert math.isnan(read_csv(tmp_path / "results.csv")[0].figure.low)


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text("route,mad\nanswer,3\n")
    with pytest.raises(UsageError) as caught:
        read_csv(tmp_path / "results.csv")
    assert caught.value.code == "figures_without_columns"
