"""`boneage calibrate`, and `--calibration` of predict and batch, with stand-ins behind them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from cli_runs import Runner
from stand_ins import StandInRooms

from boneage.calibration.fit import RouteFilms
from boneage.calibration.validate import BeforeAfter, cross_validate

FILMS = 30


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> StandInRooms:
    """Stand-ins in place of the installed rooms; one round of cross-validation is enough."""

    def once(route: str, films: RouteFilms, *, repeats: int) -> tuple[BeforeAfter, ...]:
        return cross_validate(route, films, repeats=1)

    monkeypatch.setattr("boneage.calibration.calibrate.cross_validate", once)
    stand_ins = StandInRooms()
    for place in ("boneage.estimate.InstalledRooms", "boneage.rooms.InstalledRooms"):
        monkeypatch.setattr(place, lambda options: stand_ins)
    return stand_ins


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    """Thirty boys, all answered with 107 months, read 112; three girls."""
    lines = ["path,sex,reading_months"]
    for number in range(FILMS + 3):
        (tmp_path / f"{number}.png").write_bytes(f"film {number}".encode())
        lines.append(f"{number}.png,{'M' if number < FILMS else 'F'},{112 if number < FILMS else 99}")
    path = tmp_path / "readings.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_films_are_read_fitted_and_applied(run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.json"
    ran = run("calibrate", readings, "--output", site, "--name", "Hospital X")
    assert ran.code == 0, ran.err
    assert "## Calibration Hospital X" in ran.out
    assert "33 films: 33 ok" in ran.err
    assert json.loads(site.read_text())["routes"]["combined"]["by_sex"]["M"]["offset_months"] == pytest.approx(5.0)

    film = tmp_path / "0.png"
    plain = run("predict", film, "--sex", "M", "--json").json
    corrected = run("predict", film, "--sex", "M", "--json", "--calibration", site).json
    assert corrected["bone_age"]["months"] == pytest.approx(plain["bone_age"]["months"] + 5.0)
    assert corrected["calibration"]["name"] == "Hospital X"
    assert corrected["calibration"]["uncalibrated"]["bone_age"] == plain["bone_age"]
    assert "calibration" not in plain

    report = tmp_path / "out.csv"
    assert run("batch", film, "--output", report, "--calibration", site).code == 0
    with report.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["bone_age_months"] == "112.0"
    assert row["uncalibrated_months"] == "107.0"
    assert row["calibration"].startswith("Hospital X:")


def test_it_goes_on_where_it_was_stopped(run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.json"
    first = run("calibrate", readings, "--output", site).out
    rooms.calls.clear()
    again = run("calibrate", readings, "--output", site, "--resume")
    assert "33 done before" in again.err
    assert "segment" not in {call[0] for call in rooms.calls}
    assert again.out == first


def test_a_report_that_exists_is_not_read_again(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    """Given beside the readings, or as the same file with the readings in a column more."""
    first = run("calibrate", readings, "--output", tmp_path / "site.json")
    report = tmp_path / "site.report.csv"
    rooms.calls.clear()
    beside = run("calibrate", readings, "--output", tmp_path / "b.json", "--report", report)
    with report.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "both.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "reading_months"])
        writer.writeheader()
        writer.writerows({**row, "reading_months": "112" if row["sex"] == "M" else "99"} for row in rows)
    whole = run("calibrate", tmp_path / "both.csv", "--output", tmp_path / "c.json")
    assert first.out == beside.out == whole.out
    assert (tmp_path / "b.json").read_text() == (tmp_path / "c.json").read_text()
    assert "segment" not in {call[0] for call in rooms.calls}


@pytest.mark.parametrize("name", ["readings.csv", "site.films.csv", "site.report.csv", "site.report.csv.done.jsonl"])
def test_the_readings_are_not_written_over(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path, name: str
) -> None:
    """Neither by the calibration nor by what is kept beside it."""
    readings = readings.rename(tmp_path / name)
    before = readings.read_text()
    ran = run("calibrate", readings, "--output", readings if name == "readings.csv" else tmp_path / "site.json")
    assert (ran.code, ran.out) == (2, "")
    assert "output_is_an_input" in ran.err
    assert readings.read_text() == before
    assert "read" not in {call[0] for call in rooms.calls}


def test_neither_films_nor_the_report_are_written_over(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    film, report = tmp_path / "0.png", tmp_path / "answers.csv"
    report.write_text("anything")
    for words in (("--output", film), ("--report", report, "--output", report)):
        ran = run("calibrate", readings, *words)
        assert (ran.code, ran.out) == (2, "")
        assert "output_is_an_input" in ran.err
    assert (film.read_bytes(), report.read_text()) == (b"film 0", "anything")


def test_a_report_with_readings_may_lie_beside_its_calibration(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    """No film is read, and so no other report takes its place."""
    site, report = tmp_path / "site.json", tmp_path / "site.report.csv"
    run("calibrate", readings, "--output", site)
    head, *rows = report.read_text().splitlines()
    report.write_text("\n".join([f"{head},reading_months", *(f"{row},112" for row in rows)]) + "\n")
    before = report.read_text()
    assert run("calibrate", report, "--output", site).code == 0
    assert report.read_text() == before


def test_a_report_made_with_another_prior_is_refused(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    """The stand-ins look up with the flat prior, whatever they are asked for, and the report says so."""
    report = tmp_path / "report.csv"
    run("calibrate", readings, "--output", tmp_path / "site.json")
    (tmp_path / "site.report.csv").rename(report)
    ran = run("calibrate", readings, "--output", tmp_path / "b.json", "--report", report, "--prior", "population")
    assert (ran.code, ran.out) == (2, "")
    assert "report_of_other_prior" in ran.err
    assert not (tmp_path / "b.json").exists()


def test_a_calibrated_report_is_no_ground_for_another(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    site, report = tmp_path / "site.json", tmp_path / "again.csv"
    run("calibrate", readings, "--output", site)
    run("batch", tmp_path / "site.films.csv", "--output", report, "--calibration", site)
    ran = run("calibrate", readings, "--output", tmp_path / "b.json", "--report", report)
    assert (ran.code, ran.out) == (2, "")
    assert "already_calibrated" in ran.err


def test_a_changed_table_stops_predict_and_batch_before_any_film(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site.json"
    run("calibrate", readings, "--output", site)
    rooms.table_versions = {"stand_in_table": "8"}
    rooms.calls.clear()
    for command in (["predict", tmp_path / "0.png"], ["batch", tmp_path / "0.png", "--output", tmp_path / "r.csv"]):
        ran = run(*command, "--calibration", site)
        assert (ran.code, ran.out) == (2, "")
        assert "calibration_of_other_table" in ran.err
    assert "read" not in {call[0] for call in rooms.calls}


def test_a_batch_with_another_calibration_keeps_no_rows(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path
) -> None:
    site, report = tmp_path / "site.json", tmp_path / "r.csv"
    run("calibrate", readings, "--output", site)
    run("batch", tmp_path / "0.png", "--output", report)
    changed = run("batch", tmp_path / "0.png", "--output", report, "--resume", "--calibration", site)
    assert "done before" not in changed.err
    assert (
        "1 done before" in run("batch", tmp_path / "0.png", "--output", report, "--resume", "--calibration", site).err
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--name", " "], "calibration_bad_name"), (["--method", "magic"], "unknown_method")],
)
def test_wrong_words_are_wrong_usage(
    run: Runner, rooms: StandInRooms, readings: Path, tmp_path: Path, words: list[str], code: str
) -> None:
    ran = run("calibrate", readings, "--output", tmp_path / "site.json", *words)
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err


def test_readings_without_paths_need_a_report(run: Runner, rooms: StandInRooms, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("id,sex,bone_age_months\n1,M,100\n")
    ran = run("calibrate", path, "--output", tmp_path / "site.json")
    assert ran.code == 2
    assert "readings_without_path" in ran.err


def test_a_file_that_is_no_calibration_is_wrong_usage(run: Runner, rooms: StandInRooms, tmp_path: Path) -> None:
    (tmp_path / "film.png").write_bytes(b"anything")
    (tmp_path / "x.json").write_text("{}")
    ran = run("predict", tmp_path / "film.png", "--calibration", tmp_path / "x.json")
    assert (ran.code, ran.out) == (2, "")
    assert "calibration_invalid" in ran.err
