"""One training loop for every network: seeded, logged, checkpointed, and resumable after any interruption.

The data of a step depend on the seed and the step alone, so that a resumed run sees what the uninterrupted one would.
"""

from __future__ import annotations

import json
import logging
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoopOptions:
    """How long and how fast: ``steps`` in all, one-cycle learning rate up to ``peak_rate``, AdamW."""

    steps: int
    peak_rate: float = 2e-3
    weight_decay: float = 0.01
    warm_up: float = 0.05
    average: float = 0.998
    seed: int = 0
    checkpoint_minutes: float = 3.0
    log_every: int = 50


def device() -> torch.device:
    """Return the graphics processor if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(where: torch.device) -> torch.autocast:
    """Return bfloat16 autocast for a device."""
    return torch.autocast(where.type, torch.bfloat16)


def generator(seed: int, step: int) -> np.random.Generator:
    """Return the random generator of one step."""
    return np.random.default_rng([seed, step])


def batch_of(step: int, size: int, count: int, seed: int) -> tuple[int, ...]:
    """Return the indices of a step's batch: without repeats within an epoch, a new order in each."""
    per_epoch = max(1, count // size)
    epoch, place = divmod(step, per_epoch)
    order = np.random.default_rng([seed, 7919, epoch]).permutation(count)
    return tuple(int(i) for i in order[place * size : (place + 1) * size])


def rate(step: int, options: LoopOptions) -> float:
    """Return the learning rate of a step: linear warm-up, then a cosine down to nearly nothing."""
    progress = step / options.steps
    if progress < options.warm_up:
        return options.peak_rate * (progress / options.warm_up + 0.01)
    angle = (progress - options.warm_up) / (1 - options.warm_up)
    return options.peak_rate * (0.5 + 0.5 * math.cos(math.pi * min(1.0, angle))) + 1e-6


class WeightAverage:
    """An exponential moving average of weights and buffers."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}

    def update(self, model: nn.Module, step: int) -> None:
        """Take in the weights after a step; early steps count more, so that the start is forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[name].lerp_(value, 1 - decay)
            else:
                self.state[name].copy_(value)


class _Run:
    """One training on disk: its checkpoint, its log, and the averaged weights."""

    def __init__(self, model: nn.Module, options: LoopOptions, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._checkpoint, self._log = folder / "checkpoint.pt", folder / "log.jsonl"
        self._model, self._options = model, options
        self.optimiser = torch.optim.AdamW(model.parameters(), lr=options.peak_rate, weight_decay=options.weight_decay)
        self.average = WeightAverage(model, options.average)
        self.step = 0
        if self._checkpoint.is_file():
            self._restore()

    def _restore(self) -> None:
        where = next(self._model.parameters()).device
        state = torch.load(self._checkpoint, map_location=where, weights_only=True)
        self._model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average.state = state["average"]
        self.step = int(state["step"])
        LOGGER.info("resumed at step %d of %d", self.step, self._options.steps)

    def save(self) -> None:
        """Write the checkpoint under a temporary name and move it into place."""
        state: dict[str, Any] = {
            "model": self._model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average.state,
            "step": self.step,
        }
        partial = self._checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, self._checkpoint)

    def note(self, figures: dict[str, float]) -> None:
        """Append figures to the log."""
        with self._log.open("a") as handle:
            handle.write(json.dumps({"step": self.step, **{k: round(v, 5) for k, v in figures.items()}}) + "\n")
        said = " ".join(f"{k}={v:.4g}" for k, v in figures.items())
        LOGGER.info("step %d/%d %s", self.step, self._options.steps, said)

    def evaluate(self, judge: Callable[[nn.Module], dict[str, float]] | None) -> None:
        """Note what ``judge`` says of the averaged weights; the model keeps its own."""
        if judge is None:
            self.note({})
            return
        current = {name: value.clone() for name, value in self._model.state_dict().items()}
        self._model.load_state_dict(self.average.state)
        self._model.eval()
        with torch.inference_mode():
            figures = judge(self._model)
        self._model.load_state_dict(current)
        self._model.train()
        self.note(figures)


def fit(
    model: nn.Module,
    loss_of_step: Callable[[nn.Module, int], Tensor],
    options: LoopOptions,
    run_dir: Path,
    *,
    evaluate: Callable[[nn.Module], dict[str, float]] | None = None,
    evaluate_every: int = 0,
) -> dict[str, Tensor]:
    """Train ``model`` in place and return its averaged weights.

    Parameters
    ----------
    model:
        Already on its device.
    loss_of_step:
        Loss of the model on the batch of a step.
    options:
        Number of steps, learning rate, seed, checkpoints.
    run_dir:
        Holds ``checkpoint.pt`` (read back when it is there) and ``log.jsonl``.
    evaluate, evaluate_every:
        ``evaluate`` is called with the averaged model every so many steps (0: never) and at the end; its figures are
        logged.
    """
    run = _Run(model, options, run_dir)
    saved = started = time.monotonic()
    begun = run.step
    losses: list[float] = []
    model.train()
    while run.step < options.steps:
        for group in run.optimiser.param_groups:
            group["lr"] = rate(run.step, options)
        loss = loss_of_step(model, run.step)
        run.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        run.optimiser.step()
        run.step += 1
        run.average.update(model, run.step)
        losses.append(float(loss.detach()))
        if run.step % options.log_every == 0:
            seconds = (time.monotonic() - started) / (run.step - begun)
            run.note({"loss": float(np.mean(losses)), "rate": rate(run.step, options), "seconds_a_step": seconds})
            losses.clear()
        if evaluate_every and run.step % evaluate_every == 0:
            run.evaluate(evaluate)
        if time.monotonic() - saved > 60 * options.checkpoint_minutes:
            run.save()
            saved = time.monotonic()
    run.save()
    run.evaluate(evaluate)
    return run.average.state
