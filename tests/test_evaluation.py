"""Labels, a report, and the figures between them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from cli_runs import Runner
from stand_ins import StandInRooms

from boneage.errors import UsageError
from boneage.evaluation.evaluate import evaluate_films, to_csv, to_markdown
from boneage.evaluation.labelled import join_report, read_labels

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
x/5.png,,error,file_empty,,,,,
stranger.png,,ok,,1,0,2,1,1
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


def test_rows_find_their_labels_by_id_or_file_name(labels: Path, report: Path) -> None:
    films = join_report(read_labels(labels), report)
    assert [film.label.id for film in films] == ["1", "2", "3", "5"]
    assert films[0].months == {"answer": 106, "measurement": 110, "regression": 104}
    assert films[0].interval_95 == (90, 120)
    assert films[2].months == {}


def test_figures_by_route_and_group(labels: Path, report: Path) -> None:
    evaluation = evaluate_films(join_report(read_labels(labels), report), resamples=50)
    mad = {(group.route, group.group): group.figures.mad.value for group in evaluation.groups}
    assert mad["answer", "all"] == pytest.approx(5)
    assert mad["measurement", "all"] == pytest.approx(10)
    assert mad["regression", "all"] == pytest.approx(3)
    assert mad["answer", "boys"] == 6
    assert mad["answer", "girls"] == 4
    assert mad["answer", "8 to 12 y"] == 6
    assert ("answer", "16 y and over") not in mad
    coverage = {(group.route, group.group): group.figures.coverage.value for group in evaluation.groups}
    assert coverage["answer", "all"] == 50


def test_refusals_are_counted(labels: Path, report: Path) -> None:
    evaluation = evaluate_films(join_report(read_labels(labels), report), resamples=50)
    assert evaluation.films == 4
    assert evaluation.statuses == {"ok": 2, "refused": 1, "error": 1}
    assert evaluation.reasons == {"not_a_hand": 1, "file_empty": 1}


def test_markdown_and_csv_say_the_same(labels: Path, report: Path) -> None:
    evaluation = evaluate_films(join_report(read_labels(labels), report), resamples=50)
    text = to_markdown(evaluation, title="Devtest", command="boneage evaluate x")
    assert "`boneage evaluate x`" in text
    assert "4 films: 2 ok (50.0 %), 1 refused (25.0 %), 1 error (25.0 %)." in text
    assert "not_a_hand 1" in text
    assert "| all | 2 | 5.0 (" in text
    (row,) = [
        row for row in csv.DictReader(to_csv(evaluation).splitlines()) if row["route"] + row["group"] == "answerall"
    ]
    assert (row["films"], row["mad"]) == ("2", "5")


def test_labels_of_one_split(labels: Path) -> None:
    assert set(read_labels(labels, split="train")) == {"4"}


BAD_LABELS = [
    ("id,sex\n1,M\n", "labels_without_columns"),
    ("id,bone_age_months,sex\n1,old,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n1,10,M\n1,11,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n", "labels_empty"),
]


@pytest.mark.parametrize(("text", "code"), BAD_LABELS)
def test_bad_labels(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_labels(tmp_path / "labels.csv")
    assert caught.value.code == code


def test_a_report_of_other_films(labels: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(HEADER + "\nz.png,,ok,,1,0,2,1,1\n")
    with pytest.raises(UsageError) as caught:
        join_report(read_labels(labels), tmp_path / "other.csv")
    assert caught.value.code == "labels_do_not_fit"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: StandInRooms())
    return Runner(capsys)


def test_command_with_a_report(run: Runner, labels: Path, report: Path, tmp_path: Path) -> None:
    ran = run("evaluate", labels, "--predictions", report, "--output", tmp_path / "out")
    assert ran.code == 0
    assert (tmp_path / "out" / "results.md").read_text() == ran.out
    assert (tmp_path / "out" / "results.csv").is_file()


def test_command_that_reads_the_films(run: Runner, labels: Path, tmp_path: Path) -> None:
    """The sex comes from the label; a film that is missing is counted."""
    films = tmp_path / "films"
    films.mkdir()
    for name in ("1.png", "2.png", "3.png"):
        (films / name).write_bytes(name.encode())
    ran = run("evaluate", labels, "--films", films, "--split", "devtest", "--output", tmp_path / "out")
    assert ran.code == 0
    assert "4 films: 3 ok (75.0 %), 1 error (25.0 %)." in ran.out
    with (tmp_path / "out" / "report.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {name: row["sex"] for name, row in rows.items() if row["status"] == "ok"} == {"1": "M", "2": "F", "3": "M"}


@pytest.mark.shared
def test_command_on_rsna_films(run: Runner, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONEAGE_DATA", str(shared_data))
    ran = run("evaluate", "--rsna", "tune", "--limit", 3, "--output", tmp_path / "out")
    assert ran.code == 0
    assert "3 films: 3 ok" in ran.out


@pytest.mark.parametrize("words", [(), ("--predictions", "a.csv", "--films", "b")])
def test_command_wants_one_source(run: Runner, labels: Path, words: tuple[str, ...]) -> None:
    ran = run("evaluate", labels, *words)
    assert (ran.code, ran.out) == (2, "")


def test_command_wants_labels(run: Runner, report: Path) -> None:
    assert run("evaluate", "--predictions", report).code == 2
