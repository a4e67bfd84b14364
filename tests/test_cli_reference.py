"""The commands about reference tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_runs import Runner

from boneage.reference.tables import list_references


def test_list(run: Runner) -> None:
    assert run("reference", "list").out.split() == list(list_references())


def test_build_hands_on_what_was_said(run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    class Table:
        measurements = ("a", "b")

    def build(*arguments: Any, **options: Any) -> Table:
        called.append((arguments, options))
        return Table()

    monkeypatch.setattr("boneage.reference.build.build_reference", build)
    out = tmp_path / "tables"
    ran = run(
        "reference", "build", "m.csv", "l.csv", "--name", "own", "--split", "tune", "--output-dir", out, "--folds", 3
    )
    assert ran.code == 0
    ((arguments, options),) = called
    assert arguments == (Path("m.csv"), Path("l.csv"), "tune", out, "own")
    assert options["options"].folds == 3
    assert "own.csv" in ran.err


def test_build_without_its_files_says_so(run: Runner, tmp_path: Path) -> None:
    ran = run("reference", "build", tmp_path / "no.csv", tmp_path / "no.csv", "--name", "x", "--output-dir", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "table_not_found" in ran.err


def test_measure_counts_parts_from_one(run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: list[tuple[Any, ...]] = []

    def measure(split: str, output: Path, cache: Path, *, part: tuple[int, int]) -> None:
        called.append((split, output, cache, part))

    monkeypatch.setattr("boneage.training.measured_films.measure_films", measure)
    assert run("reference", "measure", tmp_path / "m.csv", "--split", "tune", "--part", "2/3").code == 0
    assert called == [("tune", tmp_path / "m.csv", Path("cache"), (1, 3))]


@pytest.mark.parametrize("part", ["0/2", "3/2", "half", "1", "-1/2"])
def test_measure_refuses_what_is_no_part(run: Runner, tmp_path: Path, part: str) -> None:
    ran = run("reference", "measure", tmp_path / "m.csv", f"--part={part}")
    assert (ran.code, ran.out) == (2, "")
