"""`boneage evaluate` from every source of films and answers."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import Runner
from labelled_films import REFUSED, write_answer
from stand_ins import StandInRooms

from boneage.evaluation.tidy import read_csv

LABELS = """id,bone_age_months,sex,split
1,100,M,devtest
2,60,F,devtest
3,200,M,devtest
4,50,F,train
5,30,M,devtest
"""
HEADER = (
    "path,id,status,reason_code,bone_age_months,lower_95_months,upper_95_months,measurement_months,regression_months"
)
REPORT = f"""{HEADER}
x/1.png,,ok,,106,90,120,110,104
x/film.png,2,ok,,56,50,58,50,62
3.dcm,,refused,not_a_hand,,,,,
"""


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(LABELS)
    return path


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.csv"
    path.write_text(REPORT)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: StandInRooms())
    return Runner(capsys)


def _mad(folder: Path, route: str) -> float:
    (row,) = [
        row for row in read_csv(folder / "results.csv") if (row.route, row.group, row.metric) == (route, "all", "mad")
    ]
    return row.figure.value


def test_with_a_report(run: Runner, labels: Path, report: Path, tmp_path: Path) -> None:
    ran = run("evaluate", labels, "--predictions", report, "--output", tmp_path / "out")
    assert ran.code == 0
    assert (tmp_path / "out" / "results.md").read_text() == ran.out
    assert "2 labels without a film are left out." in ran.out
    assert _mad(tmp_path / "out", "measurement") == 10


def test_with_answers_no_film_is_read(
    run: Runner, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: pytest.fail("a room was opened"))
    write_answer(tmp_path / "answers", "1")
    write_answer(tmp_path / "answers", "3", **REFUSED)
    ran = run("evaluate", labels, "--answers", tmp_path / "answers", "--output", tmp_path / "out")
    assert ran.code == 0
    assert "2 films: 1 ok (50.0 %), 1 refused (50.0 %)." in ran.out
    assert _mad(tmp_path / "out", "measurement") == 4
    assert not (tmp_path / "out" / "report.csv").exists()


def test_answers_are_judged_without_torch(labels: Path, tmp_path: Path) -> None:
    write_answer(tmp_path / "answers", "1")
    words = ["evaluate", str(labels), "--answers", str(tmp_path / "answers"), "--output", str(tmp_path / "out")]
    code = (
        f"import sys; from boneage.cli import main\ntry: main({words!r})\n"
        "finally: print([name for name in ('torch', 'monai', 'pandas') if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "[]"


def _films(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


def test_films_of_a_folder(run: Runner, labels: Path, tmp_path: Path) -> None:
    """The sex comes from the label; a film that is missing is counted."""
    films = _films(tmp_path / "films", "1.png", "2.png", "3.png")
    ran = run("evaluate", labels, "--films", films, "--split", "devtest", "--output", tmp_path / "out")
    assert ran.code == 0
    assert "4 films: 3 ok (75.0 %), 1 error (25.0 %)." in ran.out
    with (tmp_path / "out" / "report.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {name: row["sex"] for name, row in rows.items() if row["status"] == "ok"} == {"1": "M", "2": "F", "3": "M"}


def test_films_that_the_labels_name_and_their_answers_again(run: Runner, tmp_path: Path) -> None:
    """Films of one file name in two folders stay apart, then and when their answers are judged again."""
    for name in ("x", "y"):
        _films(tmp_path / name, "film.png")
    path = tmp_path / "labels.csv"
    path.write_text("path,id,bone_age_months,sex\nx/film.png,A,100,M\ny/film.png,B,100,F\n")
    ran = run("evaluate", path, "--output", tmp_path / "out")
    assert ran.code == 0
    assert "2 films: 2 ok (100.0 %)." in ran.out
    assert "95 % interval" in ran.out.split("### measurement")[1]  # the intervals of routes are known too
    first = (tmp_path / "out" / "results.csv").read_text()
    ran = run("evaluate", path, "--answers", tmp_path / "out" / "answers", "--output", tmp_path / "again")
    assert ran.code == 0
    assert (tmp_path / "again" / "results.csv").read_text() == first


@pytest.mark.parametrize("name", ["manifest.csv", "report.csv", "report.csv.done.jsonl", "results.csv", "results.md"])
def test_the_labels_are_not_written_over(run: Runner, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("path,bone_age_months,sex\nx.png,100,M\n")
    before = path.read_text()
    ran = run("evaluate", path, "--output", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "output_is_an_input" in ran.err
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert path.read_text() == before


def test_the_report_that_is_judged_may_lie_among_the_results(
    run: Runner, labels: Path, report: Path, tmp_path: Path
) -> None:
    """It is not written where no film is read; in the place of the results it would be."""
    assert run("evaluate", labels, "--predictions", report, "--output", tmp_path).code == 0
    assert report.read_text() == REPORT
    report = report.rename(tmp_path / "results.csv")
    report.write_text(REPORT)
    ran = run("evaluate", labels, "--predictions", report, "--output", tmp_path)
    assert ran.code == 2
    assert "output_is_an_input" in ran.err
    assert report.read_text() == REPORT


@pytest.mark.shared
def test_rsna_films(run: Runner, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONEAGE_DATA", str(shared_data))
    ran = run("evaluate", "--rsna", "tune", "--limit", 3, "--output", tmp_path / "out")
    assert ran.code == 0
    assert "3 films: 3 ok" in ran.out
    assert "left out" not in ran.out


@pytest.mark.parametrize(
    "words",
    [(), ("--predictions", "a.csv", "--films", "b"), ("--predictions", "a.csv", "--answers", "b"), ("--answers", "no")],
)
def test_one_source_is_wanted(run: Runner, labels: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    ran = run("evaluate", labels, *words, "--output", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")


def test_labels_are_wanted(run: Runner, report: Path) -> None:
    assert run("evaluate", "--predictions", report).code == 2
