"""Published tables in groups: their provenance, their hashes, and the rows around a value."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from boneage.errors import TableError
from boneage.reference.paths import reference_dir
from boneage.reference.published import bracket, provenance, read_published

GROUPS = ["adult_height", "tanner_whitehouse"]
FILE = "bp1952_percent_mature_height.csv"
NOT_SHARED = {"khamis_roche1994_erratum1995_coefficients.csv"}
"""Not in the shared data set; `test_adult_height_khamis_roche.py` checks every cell of it from within."""


@pytest.mark.parametrize("group", GROUPS)
def test_every_file_of_a_group_has_its_provenance_and_its_hash(group: str) -> None:
    folder = reference_dir() / group
    recorded = provenance(group)
    assert {path.name for path in folder.glob("*.csv")} == set(recorded)
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in recorded} == {
        name: entry.sha256 for name, entry in recorded.items()
    }
    assert all(entry.publication and entry.population and entry.checks and entry.doubts for entry in recorded.values())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(reference_dir() / "adult_height", tmp_path / "adult_height")
    return tmp_path


def test_a_changed_number_is_refused(copied: Path) -> None:
    path = copied / "adult_height" / FILE
    read_published("adult_height", FILE, ("sex",), folder=copied)
    path.write_text(path.read_text().replace("67.0", "76.0", 1))
    with pytest.raises(TableError) as caught:
        read_published("adult_height", FILE, ("sex",), folder=copied)
    assert caught.value.code == "table_changed"


def test_a_file_without_provenance_is_refused(copied: Path) -> None:
    (copied / "adult_height" / "own.csv").write_text("sex\nboys\n")
    with pytest.raises(TableError) as caught:
        read_published("adult_height", "own.csv", ("sex",), folder=copied)
    assert caught.value.code == "table_provenance"


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"a.csv": {"publication": "x"}}), json.dumps({"a.csv": 1})])
def test_a_broken_provenance_is_a_typed_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "adult_height").mkdir()
    (tmp_path / "adult_height" / "provenance.json").write_text(content)
    with pytest.raises(TableError) as caught:
        provenance("adult_height", folder=tmp_path)
    assert caught.value.code == "table_provenance"


def test_the_rows_around_a_value() -> None:
    rising = (10.0, 20.0, 40.0)
    assert [bracket(rising, value).rows for value in (10, 15, 20, 39, 40)] == [(0,), (0, 1), (1,), (1, 2), (2,)]
    assert bracket(rising, 25.0).blend((0.0, 100.0, 200.0)) == pytest.approx(125.0)
    assert bracket(rising, 40.0).blend((0.0, 100.0, 200.0)) == 200.0


@pytest.mark.parametrize("value", [9.99, 40.01, float("nan"), float("inf")])
def test_nothing_is_extrapolated(value: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        bracket((10.0, 20.0, 40.0), value)


@pytest.mark.shared
@pytest.mark.parametrize("group", GROUPS)
def test_no_number_was_changed_on_the_way_into_the_package(group: str, shared_data: Path) -> None:
    for path in sorted((reference_dir() / group).glob("*.csv")):
        if path.name in NOT_SHARED:
            continue
        ours, theirs = _rows(path), _rows(shared_data / "reference_tables" / path.name)
        assert ours and ours == theirs, path.name


def _rows(path: Path) -> list[dict[str, str]]:
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return [{name: cell for name, cell in row.items() if name not in {"note", "flag"}} for row in rows]
