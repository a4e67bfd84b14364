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


def _save(path: Path, state: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


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
    run_dir:
        Holds ``checkpoint.pt`` (read back when it is there) and ``log.jsonl``.
    evaluate:
        Called with the averaged model every ``evaluate_every`` steps and at the end; its figures are logged.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    checkpoint = run_dir / "checkpoint.pt"
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.peak_rate, weight_decay=options.weight_decay)
    average = WeightAverage(model, options.average)
    step = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, map_location=next(model.parameters()).device, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state = state["average"]
        step = int(state["step"])
        LOGGER.info("resumed at step %d of %d", step, options.steps)
    saved = started = time.monotonic()
    losses: list[float] = []

    def snapshot() -> None:
        _save(
            checkpoint,
            {
                "model": model.state_dict(),
                "optimiser": optimiser.state_dict(),
                "average": average.state,
                "step": step,
            },
        )

    def note(figures: dict[str, float]) -> None:
        with (run_dir / "log.jsonl").open("a") as handle:
            handle.write(json.dumps({"step": step, **{k: round(v, 5) for k, v in figures.items()}}) + "\n")
        LOGGER.info("step %d/%d %s", step, options.steps, " ".join(f"{k}={v:.4g}" for k, v in figures.items()))

    def figures_of_average() -> dict[str, float]:
        if evaluate is None:
            return {}
        current = {name: value.clone() for name, value in model.state_dict().items()}
        model.load_state_dict(average.state)
        model.eval()
        with torch.inference_mode():
            figures = evaluate(model)
        model.load_state_dict(current)
        model.train()
        return figures

    model.train()
    begun = step
    while step < options.steps:
        for group in optimiser.param_groups:
            group["lr"] = rate(step, options)
        loss = loss_of_step(model, step)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        step += 1
        average.update(model, step)
        losses.append(float(loss.detach()))
        if step % options.log_every == 0:
            seconds = (time.monotonic() - started) / (step - begun)
            note({"loss": float(np.mean(losses)), "rate": rate(step, options), "seconds_a_step": seconds})
            losses.clear()
        if evaluate_every and step % evaluate_every == 0:
            note(figures_of_average())
        if time.monotonic() - saved > 60 * options.checkpoint_minutes:
            snapshot()
            saved = time.monotonic()
    snapshot()
    note(figures_of_average())
    return average.state
