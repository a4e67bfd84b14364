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


@pytest.mark.parametrize("name", ["joints", "wrist"])
def test_a_training_begins_anew_unless_it_is_told_to_go_on(
    run: Runner, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    started: list[Any] = []
    monkeypatch.setattr(f"boneage.training.fine.train_{name}", started.append)
    assert run("train", name).code == run("train", name, "--go-on").code == 0
    assert [options.go_on for options in started] == [False, True]


def test_a_further_regression_has_its_own_run_and_name(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped: list[Any] = []
    monkeypatch.setattr("boneage.training.regional.train_regression", lambda options: {"run": options.run_dir})
    monkeypatch.setattr("boneage.training.shipping.ship_regression", lambda *a, **k: shipped.append((*a, k)))
    assert run("train", "regression", "--name", "regression_2", "--weight", 0.5, "--ship").code == 0
    ((state, cache, name, options),) = shipped
    assert (state, cache, name) == ({"run": Path("runs/regression_2")}, Path("cache"), "regression_2")
    assert options == {"weight": 0.5}
