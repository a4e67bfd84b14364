"""The CSV of local readings."""

from __future__ import annotations

from pathlib import Path

import pytest

from boneage.calibration.readings import read_readings
from boneage.errors import UsageError


def written(folder: Path, text: str) -> Path:
    path = folder / "readings.csv"
    path.write_text(text)
    return path


def test_readings_by_path_are_relative_to_the_file(tmp_path: Path) -> None:
    found = read_readings(written(tmp_path, "path,sex,reading_months\nfilms/a.dcm,M,124\nfilms/b.dcm,girl,60.5\n"))
    assert not found.is_report
    assert found.left_out == {}
    label = found.labels["a"]
    assert (label.months, label.sex, label.path) == (124.0, "M", str(tmp_path / "films" / "a.dcm"))
    assert (found.labels["b"].months, found.labels["b"].sex) == (60.5, "F")


def test_files_of_one_name_in_several_folders_are_named_by_their_paths(tmp_path: Path) -> None:
    found = read_readings(written(tmp_path, "path,sex,reading_months\np1/IM0,M,100\np2/IM0,F,90\nc.png,F,80\n"))
    assert list(found.labels) == ["p1/IM0", "p2/IM0", "c"]


def test_the_columns_of_rsna_labels_are_taken_too(tmp_path: Path) -> None:
    found = read_readings(written(tmp_path, "id,bone_age_months,sex\n1377,180,F\n"))
    assert (found.labels["1377"].months, found.labels["1377"].path) == (180.0, "")


def test_rows_without_reading_or_sex_are_left_out_and_counted(tmp_path: Path) -> None:
    text = "path,sex,reading_months\na.png,M,100\nb.png,M,\nc.png,unknown,90\nd.png,,80\n"
    found = read_readings(written(tmp_path, text))
    assert set(found.labels) == {"a"}
    assert found.left_out == {"no reading": 1, "sex not known": 2}


REPORT = "path,id,status,sex,bone_age_months,sha256{more}\na.png,a,ok,M,100,ab{cell}\n"


def test_a_report_with_readings_is_known_as_one(tmp_path: Path) -> None:
    found = read_readings(written(tmp_path, REPORT.format(more=",reading_months", cell=",110")))
    assert found.is_report
    assert found.labels["a"].months == 110.0


def test_the_answers_of_a_report_are_never_taken_for_readings(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_readings(written(tmp_path, REPORT.format(more="", cell="")))
    assert caught.value.code == "readings_without_columns"
    assert "reading_months" in caught.value.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("path,reading_months\na.png,100\n", "readings_without_columns"),
        ("sex,reading_months\nM,100\n", "readings_without_columns"),
        ("path,sex\na.png,M\n", "readings_without_columns"),
        ("path,sex,reading_months\na.png,M,ten\n", "readings_bad_row"),
        ("path,sex,reading_months\na.png,M,-3\n", "readings_bad_row"),
        ("path,sex,reading_months\na.png,M,700\n", "readings_bad_row"),
        ("path,sex,reading_months\na.png,Q,100\n", "readings_bad_row"),
        ("path,sex,reading_months\n,M,100\n", "readings_bad_row"),
        ("path,sex,reading_months\nx/a.png,M,100\nx/a.png,F,90\n", "readings_bad_row"),
        ("path,sex,reading_months\na.png,M,\n", "readings_empty"),
        ("path,sex,reading_months\na.png,M,10.5\nb.png,F,17\n", "readings_in_years"),
    ],
)
def test_wrong_files_are_typed_errors(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_readings(written(tmp_path, text))
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_missing_file_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_readings(tmp_path / "none.csv")
    assert caught.value.code == "readings_unreadable"
