"""The training commands hand on what was said, and nothing that was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_runs import Runner


@pytest.mark.parametrize("name", ["locator", "segmentation", "joints", "wrist", "regression"])
def test_options_reach_the_training(run: Runner, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    started: list[Any] = []
    module = {"joints": "fine", "wrist": "fine", "regression": "regional"}.get(name, name)
    monkeypatch.setattr(f"boneage.training.{module}.train_{name}", started.append)
    assert run("train", name, "--epochs", 3, "--seed", 7, "--cache", "films").code == 0
    assert run("train", name, "--run-dir", "elsewhere", "--batch", 2).code == 0
    first, second = started
    assert (first.run_dir, first.cache, first.epochs, first.seed) == (Path("runs") / name, Path("films"), 3, 7)
    assert first.batch == type(first)(Path(), Path()).batch
    assert (second.run_dir, second.batch) == (Path("elsewhere"), 2)


def test_without_training_data_the_cause_is_said(run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "nothing"))
    ran = run("train", "regression", "--cache", tmp_path / "cache", "--run-dir", tmp_path / "run")
    assert ran.code == 2
    assert "no_training_data" in ran.err
