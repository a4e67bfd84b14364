"""Every bad input ends with a typed reason, the right exit code and no traceback, and a batch goes on."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bad_files import PATIENT, dicom, make_bad_files, noise
from cli_runs import Runner
from stand_ins import RealReaderRooms

BAD = [
    "missing",
    "folder",
    "empty.png",
    "empty.dcm",
    "text.dcm",
    "text.png",
    "truncated.dcm",
    "header_only.dcm",
    "truncated.png",
    "no_pixels.dcm",
    "frames.dcm",
    "colour.dcm",
    "blank.png",
    "dot.png",
    "huge.png",
]


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, int]]:
    return make_bad_files(tmp_path_factory.mktemp("bad"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: RealReaderRooms())
    return Runner(capsys)


@pytest.mark.parametrize("name", BAD)
def test_predict(run: Runner, bad_files: dict[str, tuple[Path, int]], name: str) -> None:
    path, code = bad_files[name]
    ran = run("predict", path, "--json")
    assert ran.code == code
    assert "Traceback" not in ran.err
    result = ran.json
    assert result["status"] == ("refused" if code == 3 else "error")
    assert result["bone_age"] is None
    (reason,) = [reason for reason in result["reasons"] if reason["severity"] == "error"]
    assert reason["code"] != "unexpected_error"
    assert reason["message"]
    assert reason["remedy"]


@pytest.mark.parametrize("name", ["missing", "blank.png"])
def test_predict_for_people(run: Runner, bad_files: dict[str, tuple[Path, int]], name: str) -> None:
    path, code = bad_files[name]
    ran = run("predict", path)
    assert ran.code == code
    assert len(ran.out.strip()) > 20
    assert "Traceback" not in ran.out + ran.err


def test_a_file_nobody_may_read(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "film.png").write_bytes(b"x")

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    ran = run("predict", tmp_path / "film.png", "--json")
    assert (ran.code, ran.json["reasons"][0]["code"]) == (1, "file_unreadable")


def test_a_batch_of_nothing_but_trouble_goes_on(
    run: Runner, bad_files: dict[str, tuple[Path, int]], tmp_path: Path
) -> None:
    good = dicom(tmp_path / "good.dcm", pixels=noise(256, 200), PatientSex="M")
    inputs = [path for name, (path, _) in bad_files.items() if name != "folder"] + [good]
    ran = run("batch", *inputs, "--output", tmp_path / "report.csv", "--output-dir", tmp_path / "out")
    assert ran.code == 0
    with (tmp_path / "report.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [str(path) for path in inputs]
    assert rows[-1]["status"] == "ok"
    assert all(row["reason_code"] and row["reason"] for row in rows[:-1])
    assert len(list((tmp_path / "out").glob("*.json"))) == len(inputs)


@pytest.mark.parametrize("command", ["predict", "batch"])
def test_an_output_that_cannot_be_written(run: Runner, tmp_path: Path, command: str) -> None:
    good = dicom(tmp_path / "good.dcm", pixels=noise(256, 200), PatientSex="M")
    (tmp_path / "file").write_text("in the way")
    words = ["--output-dir", tmp_path / "file" / "out"]
    words += ["--output", tmp_path / "report.csv"] if command == "batch" else []
    ran = run(command, good, *words)
    assert (ran.code, ran.out) == (1, "")
    assert "output_not_writable" in ran.err
    assert "Traceback" not in ran.err


PROGRAM = """
import contextlib, json, sys
import boneage.estimate, stand_ins
from boneage.cli import main
boneage.estimate.InstalledRooms = lambda options: stand_ins.RealReaderRooms()
for words in json.loads(sys.argv[1]):
    with contextlib.suppress(SystemExit):
        main(words)
"""
"""Commands one after the other in one process: the libraries are loaded once."""


@pytest.mark.parametrize("talk", [["--verbose"], []])
def test_nothing_about_the_patient_is_said(tmp_path: Path, talk: list[str]) -> None:
    """Neither in a result, nor in a report, nor in a log, in a process of its own with every warning shown."""
    tags = {"PatientBirthDate": "20100102", "PatientAddress": "Lindenallee 7", "PatientAge": "absurd"}
    good = dicom(tmp_path / "1.dcm", pixels=noise(256, 200), **tags)
    broken = tmp_path / "2.dcm"
    broken.write_bytes(good.read_bytes()[:-1000])
    batch = ["batch", good, broken, "--output", tmp_path / "r.csv", "--output-dir", tmp_path / "out"]
    commands = (["predict", good], ["predict", good, "--json"], ["predict", broken, "--json"], batch)
    words = json.dumps([[*talk, *map(str, command)] for command in commands])
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    program = [sys.executable, "-W", "always", "-c", PROGRAM, words]
    ran = subprocess.run(program, capture_output=True, text=True, check=True, env=environment)
    assert "Traceback" not in ran.stderr
    assert ran.stdout.count('"status"') == 2
    assert "2 films" in ran.stderr
    said = ran.stdout + ran.stderr
    said += (tmp_path / "r.csv").read_text()
    said += "".join(path.read_text() for path in (tmp_path / "out").glob("*.json"))
    said += "".join(path.read_text() for path in tmp_path.glob("*.jsonl"))
    assert json.loads((tmp_path / "out" / "1.json").read_text())["status"] == "ok"
    for secret in (*PATIENT.split("^"), "PID-4711", "20100102", "Lindenallee", "absurd"):
        assert secret not in said
