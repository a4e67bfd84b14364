"""The calibration file: written and read back, and every way it can be wrong."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from calibrations import made_site
from stand_ins import StandInRooms

from boneage.calibration.file import check_name, load_calibration, write_calibration
from boneage.errors import UsageError


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "site.json"
    write_calibration(made_site(StandInRooms()), path, about={"left_out": {"no reading": 3}})
    return path


def changed(path: Path, change: dict[str, Any]) -> Path:
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    return path


def test_what_was_written_is_read_back(written: Path) -> None:
    digest = hashlib.sha256(written.read_bytes()).hexdigest()
    assert load_calibration(written) == replace(made_site(StandInRooms()), sha256=digest)


def test_the_file_says_what_it_is_for_people_too(written: Path) -> None:
    document = json.loads(written.read_text())
    assert document["schema_version"] == "1.0"
    assert document["fitted_with"]["references"] == {"stand_in_table": "7"}
    assert document["left_out"] == {"no reading": 3}


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_calibration(tmp_path / "none.json")
    assert caught.value.code == "calibration_unreadable"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"kind": "other", "schema_version": "1.0"}', "\x00\xff"])
def test_another_file_is_no_calibration(tmp_path: Path, text: str) -> None:
    path = tmp_path / "site.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError) as caught:
        load_calibration(path)
    assert caught.value.code == "calibration_invalid"


def test_a_result_is_no_calibration(tmp_path: Path) -> None:
    from fake_reading import fake_reading

    path = tmp_path / "film.json"
    path.write_text(fake_reading().result.to_json())
    with pytest.raises(UsageError) as caught:
        load_calibration(path)
    assert caught.value.code == "calibration_invalid"


def test_a_newer_schema_is_said(written: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_calibration(changed(written, {"schema_version": "2.0"}))
    assert caught.value.code == "calibration_other_schema"


@pytest.mark.parametrize("key", ["name", "created", "fitted_with", "routes"])
def test_a_missing_part_is_invalid(written: Path, key: str) -> None:
    document = json.loads(written.read_text())
    del document[key]
    written.write_text(json.dumps(document))
    with pytest.raises(UsageError) as caught:
        load_calibration(written)
    assert caught.value.code == "calibration_invalid"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("offset_months", 600.0),
        ("offset_months", None),
        ("slope", 5.0),
        ("slope", "NaN"),
        ("kept", "cubic"),
        ("films", -1),
        ("range_months", [200.0, 100.0]),
        ("range_months", [100.0]),
        ("centre_months", "Infinity"),
    ],
)
def test_a_number_without_sense_is_invalid(written: Path, key: str, value: object) -> None:
    document = json.loads(written.read_text())
    document["routes"]["combined"]["by_sex"]["M"][key] = value
    written.write_text(json.dumps(document))
    with pytest.raises(UsageError) as caught:
        load_calibration(written)
    assert caught.value.code == "calibration_invalid"


@pytest.mark.parametrize("scale", [0.5, 100.0, None])
def test_a_factor_that_narrows_or_explodes_is_invalid(written: Path, scale: float | None) -> None:
    document = json.loads(written.read_text())
    document["routes"]["combined"]["interval_scale"] = scale
    written.write_text(json.dumps(document))
    with pytest.raises(UsageError) as caught:
        load_calibration(written)
    assert caught.value.code == "calibration_invalid"


def test_a_name_is_one_short_line() -> None:
    assert check_name("  Hospital X ") == "Hospital X"
    for name in ("", "  ", "a\nb", "x" * 81):
        with pytest.raises(UsageError) as caught:
            check_name(name)
        assert caught.value.code == "calibration_bad_name"
