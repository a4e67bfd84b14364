"""The regression routes of the learning curve: the shipped networks' recipes on fewer films, resumable at any step."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import torch

from boneage.errors import UsageError
from boneage.experiments.points import Point, PointKey, Route, read_point, write_point
from boneage.experiments.subsets import fingerprint
from boneage.outputs import make_folder, write_whole
from boneage.training.regression import (
    PEAK_RATE,
    WHOLE_HAND,
    FilmSource,
    FitPlan,
    Recipe,
    fit_network,
    predict_ages,
)

LOGGER = logging.getLogger(__name__)

STEPS: Final[dict[Route, dict[int, int]]] = {
    "regression": {50: 300, 100: 350, 200: 500, 500: 800, 1000: 1100, 3000: 2100, 10031: 6240},
    "regions": {50: 150, 100: 200, 200: 250, 500: 350, 1000: 550, 3000: 1200, 10031: 4043},
}
"""Steps of 32 films by number of films: few passes over many films, many over few.

The last is the number of steps of the shipped network (20 and 13 passes over 9,980 films). The others were set
beforehand and not by any result: choosing them would need further labels, which a small project has not got.
"""


@dataclass(frozen=True)
class RegressionSetup:
    """What all regression points share.

    Attributes
    ----------
    source:
        All films with their hand frames.
    run_dir:
        Holds a folder (checkpoint, log) and a JSON file for each point.
    split:
        The films that are answered.
    steps:
        In place of the table `STEPS`.
    checkpoint_minutes:
        How much work an interruption may cost.
    """

    source: FilmSource
    run_dir: Path
    split: str = "devtest"
    steps: int | None = None
    checkpoint_minutes: float = 1.5


@dataclass(frozen=True)
class RegressionRoute:
    """A regression network as a route: its recipe, its peak learning rate, and whether the shipped network is one."""

    recipe: Recipe
    peak_rate: float
    is_shipped: bool


def route_of(route: Route) -> RegressionRoute:
    """Return how a regression route's network is trained; raises `KeyError` for the measurement route."""
    from boneage.training import regional

    return {
        "regression": RegressionRoute(WHOLE_HAND, PEAK_RATE, is_shipped=False),
        "regions": RegressionRoute(regional.REGIONS, regional.PEAK_RATE, is_shipped=True),
    }[route]


def steps_of(films: int, route: Route = "regression") -> int:
    """Return the number of steps for a number of films: `STEPS`, and between its rows a straight line in logarithms."""
    table = STEPS[route]
    return round(float(np.exp(np.interp(np.log(films), np.log(list(table)), np.log(list(table.values()))))))


def regression_point(setup: RegressionSetup, key: PointKey, ids: Sequence[str]) -> Point:
    """Return a point, from its JSON where it is finished, else fitted now (going on from its checkpoint).

    Parameters
    ----------
    setup:
        Films and folders.
    key:
        Which point.
    ids:
        The labelled films of the point.

    Raises
    ------
    UsageError
        With code ``run_dir_taken`` if the folder holds a training on other films or of another length.
    """
    route = route_of(key.route)
    plan = FitPlan(
        setup.steps or steps_of(key.n, key.route),
        seed=key.seed,
        peak_rate=route.peak_rate,
        checkpoint_minutes=setup.checkpoint_minutes,
    )
    inputs = fingerprint(key.route, sorted(ids), plan.steps, plan.batch, plan.seed, plan.peak_rate, setup.split)
    done = read_point(setup.run_dir, key)
    if done is not None:
        _check_same(done.inputs, inputs, key)
        return done
    folder = setup.run_dir / key.name
    _claim(folder, inputs, key)
    chosen = set(ids)
    records = setup.source.films.records
    training = [number for number in setup.source.usable("train") if records[number].id in chosen]
    clock = _Clock()
    LOGGER.info("%s: %d films, %d steps", key.name, len(training), plan.steps)
    state = fit_network(setup.source, training, plan, folder, route.recipe, on_step=clock.tick)
    seconds = clock.seconds(plan.steps)
    model = route.recipe.build(plan.seed)
    model.load_state_dict(state)
    how = f"trained on {len(training)} films"
    point = _answered(setup, model, _Fit(key, inputs, len(training), plan.steps, seconds, how))
    write_point(point, setup.run_dir)
    return point


def shipped_point(setup: RegressionSetup, key: PointKey) -> Point:
    """Return the point of the shipped network, which was fitted on all films; nothing is trained."""
    from boneage.network_weights import load_weights
    from boneage.regression.ensemble import FIRST, load_member

    sha256 = load_weights(FIRST)[1]["sha256"]
    inputs = fingerprint("shipped", sha256, setup.split)
    done = read_point(setup.run_dir, key)
    if done is not None:
        _check_same(done.inputs, inputs, key)
        return done
    model = load_member(FIRST)
    films = len(setup.source.usable("train"))
    how = f"the shipped network (sha256 {sha256[:12]}), not trained here"
    point = _answered(setup, model, _Fit(key, inputs, films, None, None, how))
    write_point(point, setup.run_dir)
    return point


@dataclass(frozen=True)
class _Fit:
    """What is known of a fitted network before it has answered."""

    key: PointKey
    inputs: str
    films: int
    steps: int | None
    seconds: float | None
    how: str


def _answered(setup: RegressionSetup, model: torch.nn.Module, fit: _Fit) -> Point:
    model.eval()
    numbers = setup.source.usable(setup.split)
    with torch.inference_mode():
        ages = predict_ages(model, setup.source, numbers, route_of(fit.key.route).recipe)
    records = setup.source.films.records
    answers = {records[n].id: round(float(age), 3) for n, age in zip(numbers, ages, strict=True)}
    asked = sum(record.split == setup.split for record in records)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Point(
        fit.key, fit.inputs, fit.films, answers, asked - len(answers), now, fit.steps, fit.seconds, fit.how
    )  # fmt: skip


def _claim(folder: Path, inputs: str, key: PointKey) -> None:
    """Note in a training's folder what it is fitted on, or see that it is the same."""
    make_folder(folder)
    path = folder / "inputs.txt"
    if path.is_file():
        _check_same(path.read_text().strip(), inputs, key)
    else:
        write_whole(path, (inputs + "\n").encode())


def _check_same(found: str, wanted: str, key: PointKey) -> None:
    if found != wanted:
        msg = f"{key.name} in the run folder was fitted on other films, for another number of steps, or is shipped"
        raise UsageError("run_dir_taken", msg, remedy="choose another --run-dir, or remove that point from it")


class _Clock:
    """Processor seconds of a step; an interrupted or halted training is not charged for its waiting."""

    def __init__(self) -> None:
        self._begun = time.process_time()
        self._steps = 0

    def tick(self, step: int) -> None:
        del step
        self._steps += 1

    def seconds(self, steps: int) -> float | None:
        """Return the seconds of the whole training from the mean of the steps made since the last start."""
        return round((time.process_time() - self._begun) / self._steps * steps, 1) if self._steps else None
