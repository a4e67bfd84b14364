"""The regression's points of the learning curve: resumable, kept, and never mixed with others."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from cli_runs import Runner
from drawn_films import drawn_hand, joint_array, record, write_training_data

from boneage.errors import UsageError
from boneage.experiments import regression_route
from boneage.experiments.points import Point, PointKey, read_point, read_points
from boneage.experiments.regression_route import (
    STEPS,
    RegressionRoute,
    RegressionSetup,
    regression_point,
    route_of,
    shipped_point,
    steps_of,
)
from boneage.regression.network import AgeNetwork
from boneage.training import regression
from boneage.training.hand_frames import HandFrames
from boneage.training.regression import WHOLE_HAND, open_source

HAND = drawn_hand()
KEY = PointKey("regression", 4, 0)
IDS = ["0", "1", "2", "3"]


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RegressionSetup:
    """Six train and three devtest films (on one of each no hand is found) and a network of a few weights."""
    records = [record(str(n), split="devtest" if n > 5 else "train", bone_age_months=20.0 * n + 10) for n in range(9)]
    write_training_data(tmp_path / "data", [HAND.pixels] * 9, records)
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "data"))
    misfit = np.full(9, 0.05)
    misfit[[3, 8]] = 0.5
    frames = HandFrames(np.stack([joint_array(dict(HAND.joints))] * 9), np.ones((9, 21)), misfit)
    monkeypatch.setattr(regression, "load_hand_frames", lambda *_: frames)
    monkeypatch.setattr(regression, "WIDTHS", (4, 4, 4, 4, 4))
    monkeypatch.setattr(regression, "BLOCKS", (1, 1, 1, 1))
    return RegressionSetup(open_source(tmp_path / "cache"), tmp_path / "run", steps=3, checkpoint_minutes=0)


def _timeless(point: Point) -> Point:
    return dataclasses.replace(point, date="", seconds=None)


def test_a_point_is_fitted_on_its_films_and_answers_devtest(
    setup: RegressionSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[int] = set()
    real = regression.make_batch

    def noting(films: Any, frames: Any, numbers: list[int], random: Any) -> Any:
        if random is not None:
            seen.update(numbers)
        return real(films, frames, numbers, random)

    monkeypatch.setattr(regression, "make_batch", noting)
    point = regression_point(setup, KEY, IDS)
    assert seen == {0, 1, 2}  # on 3 no hand is found, 4 and 5 were not chosen
    assert (point.fitted_films, point.steps, point.unanswered) == (3, 3, 1)
    assert set(point.answers) == {"6", "7"}
    assert point.seconds is not None and point.seconds > 0
    assert read_points(setup.run_dir) == [point]


def test_a_finished_point_is_not_fitted_again(setup: RegressionSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    point = regression_point(setup, KEY, IDS)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(regression_route, "fit_network", never)
    assert regression_point(setup, KEY, list(reversed(IDS))) == point


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_an_interrupted_point_ends_as_an_uninterrupted_one(
    setup: RegressionSetup, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    whole = regression_point(dataclasses.replace(setup, run_dir=setup.run_dir / "whole"), KEY, IDS)
    calls = 0
    real = regression.make_batch

    def stopping(*arguments: Any) -> Any:
        nonlocal calls
        if calls == stop_at:  # the fourth call is the evaluation
            raise KeyboardInterrupt
        calls += 1
        return real(*arguments)

    monkeypatch.setattr(regression, "make_batch", stopping)
    with pytest.raises(KeyboardInterrupt):
        regression_point(setup, KEY, IDS)
    assert read_point(setup.run_dir, KEY) is None
    monkeypatch.setattr(regression, "make_batch", real)
    again = regression_point(setup, KEY, IDS)
    assert _timeless(again) == _timeless(whole)


@pytest.mark.parametrize("finished", [True, False])
def test_other_films_or_steps_do_not_go_on_in_the_same_folder(setup: RegressionSetup, finished: bool) -> None:
    regression_point(setup, KEY, IDS)
    if not finished:
        (setup.run_dir / f"{KEY.name}.json").unlink()
    for changed, ids in ((setup, IDS[:3]), (dataclasses.replace(setup, steps=4), IDS)):
        with pytest.raises(UsageError) as caught:
            regression_point(changed, KEY, ids)
        assert caught.value.code == "run_dir_taken"


def test_the_shipped_network_stands_for_all_films_and_says_so(
    setup: RegressionSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    net = AgeNetwork((4, 4, 4, 4, 4), (1, 1, 1, 1))
    monkeypatch.setattr("boneage.network_weights.load_weights", lambda name: ({}, {"sha256": "f" * 64}))
    monkeypatch.setattr("boneage.regression.ensemble.load_member", lambda name: net)
    small = RegressionRoute(WHOLE_HAND, 1e-3, is_shipped=True)
    monkeypatch.setattr(regression_route, "route_of", lambda route: small)
    point = shipped_point(setup, PointKey("regions", 6, 0))
    assert (point.steps, point.seconds, point.fitted_films) == (None, None, 5)
    assert "shipped" in point.how and "ffffffffffff" in point.how
    assert set(point.answers) == {"6", "7"}
    assert not (setup.run_dir / "regions-n6-seed0").exists()


def test_the_shipped_network_is_that_of_the_regions() -> None:
    assert [route_of(route).is_shipped for route in ("regression", "regions")] == [False, True]  # type: ignore[arg-type]


def test_steps_follow_the_table_and_lie_between_its_rows() -> None:
    for route, table in STEPS.items():
        assert {size: steps_of(size, route) for size in table} == table
    assert 350 < steps_of(150) < 500
    assert steps_of(20) == 300


def test_the_command_fits_small_subsets(
    setup: RegressionSetup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["experiment", "learning-curve", "--routes", "regression", "--seeds", "0,1", "--steps", 3]
    words += ["--run-dir", tmp_path / "curve", "--cache", tmp_path / "cache", "--output", tmp_path / "out"]
    ran = Runner(capsys)(*words, "--sizes", "2,4,all")
    assert ran.code == 0, ran.err
    keys = [(p.key.n, p.key.seed, p.steps) for p in read_points(tmp_path / "curve")]
    assert keys == [(n, seed, 3) for n in (2, 4, 6) for seed in (0, 1)]
    log = (tmp_path / "curve" / "regression-n4-seed1" / "log.jsonl").read_text().splitlines()
    assert json.loads(log[-1])["step"] == 3
    assert "| 4 |" in (tmp_path / "out" / "learning_curve.md").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--sizes", "50,many"], "bad_sizes"),
        (["--sizes", "0"], "bad_sizes"),
        (["--seeds", "-1"], "bad_seeds"),
        (["--routes", "guessing"], "bad_routes"),
    ],
)
def test_words_that_make_no_sense_are_refused(
    words: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Runner(capsys)("experiment", "learning-curve", "--run-dir", tmp_path, "--output", tmp_path, *words)
    assert ran.code == 2
    assert code in ran.err
