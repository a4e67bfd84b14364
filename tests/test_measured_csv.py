"""The file of measured films: in order, whole, and of known measurements alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from boneage.measurement.definitions import DEFINITIONS
from boneage.measurement.measured_csv import write_measurements


def test_films_are_written_in_the_order_of_their_ids_and_measurements_in_that_of_the_registry(tmp_path: Path) -> None:
    names = list(DEFINITIONS)
    output = tmp_path / "measured.csv"
    write_measurements({"1000": {names[1]: 2.5}, "9": {names[0]: 1.25, names[2]: 0.1}, "10": {}}, output)
    assert output.read_text().splitlines()[0] == ",".join(["id", *names])
    rows = list(csv.DictReader(output.read_text().splitlines()))
    assert [row["id"] for row in rows] == ["9", "10", "1000"]
    assert {name: value for name, value in rows[0].items() if value} == {"id": "9", names[0]: "1.25", names[2]: "0.1"}
    assert {name: value for name, value in rows[2].items() if value} == {"id": "1000", names[1]: "2.5"}
    assert [path.name for path in tmp_path.iterdir()] == ["measured.csv"]


def test_a_value_without_a_definition_is_an_error_and_leaves_the_old_file(tmp_path: Path) -> None:
    output = tmp_path / "measured.csv"
    output.write_text("old")
    with pytest.raises(ValueError, match="not_measured"):
        write_measurements({"1": {"not_measured": 1.0}}, output)
    assert output.read_text() == "old"
