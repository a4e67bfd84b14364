"""Manifests of a batch, as people and spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_runs import folder_of_films, options, rows

from boneage.batch.inputs import find_films
from boneage.batch.run import run_batch
from boneage.errors import UsageError


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return folder_of_films(tmp_path)


def test_manifest(films: Path, tmp_path: Path) -> None:
    (films / "list.csv").write_text(
        "\ufeffpath,sex,chronological_age_months,pixel_spacing_mm,id,note\n"
        "a.png,F,100,0.3,girl,hello\n"
        "b.png,,,,,\n"
        "a.png,woof,,,bad sex,\n"
        "a.png,M,9999,,bad age,\n"
        "a.png,M,ten,,no age,\n"
        "a.png,M,,-1,bad spacing,\n"
        ",M,,,no path,\n"
        "gone.png,M,,,gone,\n",
        encoding="utf-8",
    )
    run_batch([films / "list.csv"], options(tmp_path))
    table = rows(tmp_path)
    assert [row["id"] for row in table] == [
        "girl",
        "",
        "bad sex",
        "bad age",
        "no age",
        "bad spacing",
        "no path",
        "gone",
    ]
    assert [row["reason_code"] for row in table] == [
        "",
        "",
        "unknown_sex_word",
        "absurd_age",
        "bad_age",
        "bad_pixel_spacing",
        "manifest_row_without_path",
        "not_found",
    ]
    girl = table[0]
    assert (girl["path"], girl["sex"], girl["sex_source"]) == ("a.png", "F", "manifest")
    assert float(girl["bone_age_months"]) == pytest.approx(94)
    assert float(girl["chronological_age_months"]) == 100
    assert float(girl["difference_months"]) == pytest.approx(-6)
    assert float(girl["pixel_spacing_mm"]) == pytest.approx(0.3)
    assert table[1]["sex"] == "M", "the film's own sex where the manifest says nothing"


def test_manifest_of_a_semicolon_country(films: Path) -> None:
    (films / "list.csv").write_text("id;path\n1;a.png\n")
    (request,) = find_films([films / "list.csv"])
    assert (request.id, request.path) == ("1", films / "a.png")


def test_manifest_as_a_spreadsheet_writes_it(films: Path) -> None:
    text = (
        "\ufeff\r\n ID ;Path;Sex;Chronological_Age_Months;Pixel_Spacing_mm;;\r\n"
        "\r\n"
        '1;"a.png";m;10y4m;0,15;;\r\n'
        ";;;;;;\r\n"
        "2;b.png;female;124,5;;;\r\n"
        "3; c.dcm ;;;;;\r\n\r\n"
    )
    (films / "list.csv").write_bytes(text.encode())
    found = find_films([films / "list.csv"])
    assert [request.problem for request in found] == [None] * 3
    assert [(request.id, request.shown, request.sex) for request in found] == [
        ("1", "a.png", "M"),
        ("2", "b.png", "F"),
        ("3", "c.dcm", None),
    ]
    assert [request.chronological_age_months for request in found] == [124, 124.5, None]
    assert [request.pixel_spacing_mm for request in found] == [0.15, None, None]
    assert found[2].path == films / "c.dcm"


def test_ages_of_a_manifest_are_months_unless_they_say_otherwise(films: Path) -> None:
    cells = ["124", "10.5", "10y4m", "124m", "10 years", "25y1m", "-3", "nan"]
    (films / "list.csv").write_text("path,chronological_age_months\n" + "".join(f"a.png,{cell}\n" for cell in cells))
    found = find_films([films / "list.csv"])
    assert [request.chronological_age_months for request in found] == [124, 10.5, 124, 124, 120, None, None, None]
    problems = [request.problem for request in found[5:]]
    assert [problem and problem.code for problem in problems] == ["absurd_age"] * 3
    assert all(problem and "(years)" not in problem.remedy for problem in problems), "a bare number is months here"


def test_a_row_with_too_many_cells_is_not_guessed_at(films: Path, tmp_path: Path) -> None:
    (films / "list.csv").write_text("path,id,chronological_age_months\na.png,Li, 12,100\nb.png,Wu,90,\n")
    run_batch([films / "list.csv"], options(tmp_path))
    assert [row["reason_code"] for row in rows(tmp_path)] == ["manifest_row_too_long", ""]


def test_columns_that_are_not_used_are_named(films: Path, caplog: pytest.LogCaptureFixture) -> None:
    (films / "list.csv").write_text("path,pixel_spacing\na.png,0.2\n")
    find_films([films / "list.csv"])
    assert "not used: pixel_spacing" in caplog.text


def test_paths_of_a_manifest_are_relative_to_it(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (films / "list.csv").write_text(f"path\na.png\n../films/b.png\n{films / 'c.dcm'}\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run_batch([Path("../films/list.csv")], options(tmp_path))
    assert [row["status"] for row in rows(tmp_path)] == ["ok", "ok", "error"]
    assert [row["path"] for row in rows(tmp_path)] == ["a.png", "../films/b.png", str(films / "c.dcm")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "manifest_without_path"),
        (b"file,sex\na.png,M\n", "manifest_without_path"),
        (b"\xff\xfe\x00", "manifest_unreadable"),
        (b"path,id\na.png," + b"x" * 200_000 + b"\n", "manifest_unreadable"),
        (b'path,id\na.png,"6 inches\nb.png,2\nc.dcm,3\n', "manifest_unreadable"),
        (b"path,sex,Sex\na.png,M,F\n", "manifest_column_twice"),
        (b"path,sex,path\na.png,M,b.png\n", "manifest_column_twice"),
    ],
)
def test_what_is_no_manifest(films: Path, content: bytes, code: str) -> None:
    (films / "list.csv").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        find_films([films / "list.csv"])
    assert caught.value.code == code


def test_a_manifest_stands_alone(films: Path) -> None:
    (films / "list.csv").write_text("path\na.png\n")
    with pytest.raises(UsageError) as caught:
        find_films([films / "list.csv", films])
    assert caught.value.code == "manifest_not_alone"
