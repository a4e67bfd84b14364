"""The command line on films that are fine, with stand-ins behind it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from cli_runs import Runner
from stand_ins import StandInRooms, film

from boneage import __version__
from boneage.cli import main
from boneage.errors import Refusal, TableError, WeightsError
from boneage.result import load_schema


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> StandInRooms:
    """Stand-ins in place of the installed rooms."""
    stand_ins = StandInRooms()
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: stand_ins)
    return stand_ins


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(b"anything")
    return path


def test_predict_writes_a_table_for_people(run: Runner, rooms: StandInRooms, png: Path) -> None:
    ran = run("predict", png, "--chronological-age", "10y")
    assert ran.code == 0
    assert "107" in ran.out
    assert "{" not in ran.out
    assert ran.err == ""


def test_predict_json_is_pure_and_keeps_the_schema(run: Runner, rooms: StandInRooms, png: Path) -> None:
    ran = run("--verbose", "predict", png, "--json", "--chronological-age", "124m")
    assert ran.code == 0
    jsonschema.validate(ran.json, load_schema())
    assert ran.json["bone_age"]["months"] == pytest.approx(107)
    assert ran.json["chronological"]["months"] == pytest.approx(124)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_predict_of_a_name_that_standard_output_cannot_hold(
    rooms: StandInRooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    path = tmp_path / os.fsdecode("é".encode() + b"\xff.png")
    path.write_bytes(b"anything")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding, errors="strict"))
    with pytest.raises(SystemExit) as stop:
        main(["predict", str(path), "--json"])
    assert stop.value.code == 0
    assert json.loads(written.getvalue())["input"]["path"].endswith("é\\udcff.png")


def test_predict_hands_on_its_options(run: Runner, rooms: StandInRooms, png: Path) -> None:
    ran = run("predict", png, "--json", "--sex", "female", "--pixel-spacing", "0.25", "--method", "regression")
    assert ("read", png, 0.25, "F") in rooms.calls
    assert ran.json["bone_age"]["method"] == "regression"


def test_predict_with_sex_unknown_gives_both(run: Runner, rooms: StandInRooms, png: Path) -> None:
    answers = run("predict", png, "--json", "--sex", "unknown").json
    assert answers["bone_age"] is None
    assert set(answers["by_sex"]) == {"M", "F"}


def test_predict_writes_files(run: Runner, rooms: StandInRooms, png: Path, tmp_path: Path) -> None:
    ran = run("predict", png, "--output-dir", tmp_path / "out")
    assert ran.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "film.json",
        "film_labels.png",
        "film_overlay.png",
    ]


def test_a_refusal_is_exit_code_3_with_its_reason(run: Runner, rooms: StandInRooms, png: Path) -> None:
    rooms.errors["segment"] = Refusal("not_a_hand", "no hand is seen", remedy="film the hand")
    people = run("predict", png)
    machine = run("predict", png, "--json")
    assert (people.code, machine.code) == (3, 3)
    assert "no hand is seen" in people.out
    assert "film the hand" in people.out
    assert machine.json["status"] == "refused"
    assert machine.json["reasons"][0]["code"] == "not_a_hand"


def test_damaged_weights_are_exit_code_1(run: Runner, rooms: StandInRooms, png: Path) -> None:
    rooms.errors["segment"] = WeightsError("weights_changed", "hash differs", remedy="install again")
    ran = run("predict", png, "--json")
    assert (ran.code, ran.json["status"], ran.json["reasons"][0]["code"]) == (1, "error", "weights_changed")


@pytest.mark.parametrize("command", ["predict", "batch"])
def test_an_unknown_reference_is_wrong_usage(run: Runner, rooms: StandInRooms, png: Path, command: str) -> None:
    rooms.errors["open_reference"] = TableError("reference_not_found", "no such table", remedy="name another")
    words = ["--output", png.with_suffix(".csv")] if command == "batch" else []
    ran = run(command, png, *words)
    assert (ran.code, ran.out) == (2, "")
    assert "no such table" in ran.err


def test_batch(run: Runner, rooms: StandInRooms, png: Path, tmp_path: Path) -> None:
    ran = run("batch", png, tmp_path / "missing.png", "--output", tmp_path / "r.csv", "--output-dir", tmp_path / "o")
    assert (ran.code, ran.out) == (0, "")
    assert "2 films: 1 error, 1 ok" in ran.err
    with (tmp_path / "r.csv").open(newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["ok", "error"]
    assert (tmp_path / "o" / "film_overlay.png").is_file()
    assert "1 done before" in run("batch", png, "--output", tmp_path / "r.csv", "--resume").err


def test_info_json(run: Runner) -> None:
    ran = run("info", "--json")
    assert ran.code == 0
    assert ran.json["version"] == __version__
    assert ran.json["labels"]["3"] == "metacarpal_3"
    assert {"models", "references", "libraries", "bones", "joints"} <= set(ran.json)


def test_info_for_people(run: Runner) -> None:
    ran = run("info")
    assert ran.code == 0
    assert __version__ in ran.out


def test_version(run: Runner) -> None:
    assert run("--version").out.strip() == f"boneage {__version__}"


def test_wrong_usage_is_exit_code_2_and_leaves_output_alone(run: Runner, rooms: StandInRooms, png: Path) -> None:
    wrong = [
        ("predict",),
        ("predict", png, "--sex", "boyish"),
        ("predict", png, "--chronological-age", "99y"),
        ("predict", png, "--chronological-age", "soon"),
        ("predict", png, "--pixel-spacing", "nan"),
        ("predict", png, "--pixel-spacing", "-0.1"),
        ("predict", png, "--pixel-spacing", "wide"),
        ("predict", png, "--method", "magic"),
        ("predict", png, "--no-such-option"),
        ("batch", png),
        ("batch", png, "--output", png.with_suffix(".csv"), "--workers", "0"),
        ("no-such-command",),
    ]
    for words in wrong:
        ran = run(*words)
        assert (ran.code, ran.out) == (2, ""), words
        assert ran.err, words
        assert "Traceback" not in ran.err, words


def test_interruption_is_said_and_not_traced(run: Runner, rooms: StandInRooms, png: Path) -> None:
    rooms.errors["segment"] = KeyboardInterrupt()
    ran = run("predict", png)
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err


def test_every_command_has_help(run: Runner) -> None:
    for command in (
        "predict",
        "batch",
        "calibrate",
        "app",
        "info",
        "benchmark",
        "evaluate",
        "train",
        "reference",
        "gallery",
    ):
        ran = run(command, "--help")
        assert ran.code == 0, command
        assert "--help" in ran.out, command


def test_the_sex_of_the_file_is_the_default(run: Runner, rooms: StandInRooms, png: Path) -> None:
    rooms.radiograph = film(sex="F", sex_source="dicom")
    sex = run("predict", png, "--json").json["input"]["sex"]
    assert sex == {"value": "F", "source": "dicom"}


def test_help_imports_nothing_heavy_and_starts_at_once() -> None:
    """Under half a second of processor time, the best of a few: other work on the machine must not fail it."""
    program = "import sys; from boneage.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    best, modules = 9.0, set()
    for _ in range(5):
        before = os.times()
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        best = min(best, spent)
        modules = set(ran.stdout.split())
        if best < 0.5:
            break
    assert not modules & {"torch", "monai", "pandas", "streamlit", "skimage", "scipy", "matplotlib"}
    assert best < 0.5


def test_python_dash_m_boneage() -> None:
    ran = subprocess.run([sys.executable, "-m", "boneage", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == f"boneage {__version__}"
