"""Training of the direct-regression network on the hand frames of all training films."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from boneage.regression.network import AGE_SD, INPUT_SHAPE, SEX_CODES, AgeNetwork
from boneage.segmentation.hand_frame import FRAME_SHAPE
from boneage.training.augment import Geometry, random_affine, random_grey
from boneage.training.films import Films, data_root, load_films, stretch_matrix
from boneage.training.hand_frames import HandFrames, frame_to_stored, load_hand_frames, sample_stored, square
from boneage.training.loop import LoopOptions, autocast, batch_of, device, fit, generator

LOGGER = logging.getLogger(__name__)
WIDTHS = (32, 48, 96, 192, 320)
BLOCKS = (1, 2, 3, 2)


PEAK_RATE: Final = 1e-3
"""Peak learning rate of the network of the whole hand."""


def make_batch(
    films: Films, frames: HandFrames, numbers: list[int], random: np.random.Generator | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Return pictures (n, 1, *INPUT_SHAPE), sex codes (n,) and bone ages in months (n,) of films by their place."""
    geometry = Geometry(turn=10, zoom=1.10, stretch=1.04, shift=0.03)
    shrink = square(stretch_matrix(INPUT_SHAPE, FRAME_SHAPE))
    matrices = []
    for number in numbers:
        to_frame = shrink if random is None else shrink @ random_affine(random, INPUT_SHAPE, geometry)
        matrices.append(frame_to_stored(films, frames, number) @ to_frame)
    pictures, inside = sample_stored(films, numbers, matrices, INPUT_SHAPE)
    codes = torch.tensor([SEX_CODES[films.records[number].sex] for number in numbers])
    if random is not None:
        pictures = random_grey(pictures, inside, random, blurred=0.15, noisy=0.1)
        codes = torch.where(torch.from_numpy(random.random(len(numbers)) < 0.05), SEX_CODES[None], codes)
        pictures = _erase(pictures, random)
    ages = torch.tensor([films.records[number].bone_age_months for number in numbers])
    return pictures, codes, ages


def _erase(pictures: Tensor, random: np.random.Generator) -> Tensor:
    """Black out a random rectangle of a third of the pictures, as a marker or a cast might."""
    rows, columns = pictures.shape[-2:]
    for picture in pictures:
        if random.random() < 0.33:
            height, width = (int(side * random.uniform(0.08, 0.25)) for side in (rows, columns))
            top, left = int(random.integers(rows - height)), int(random.integers(columns - width))
            picture[:, top : top + height, left : left + width] = float(random.uniform(0, 1))
    return pictures


def age_loss(answers: Tensor, ages: Tensor) -> Tensor:
    """Mean absolute error in units of `AGE_SD`."""
    return (answers - ages).abs().mean() / AGE_SD


def usable(films: Films, frames: HandFrames, split: str, worst_misfit: float = 0.12) -> list[int]:
    """Return the films of a split on which the palm was found (its template fits)."""
    numbers = [films.index[record.id] for record in films.of_split(split)]
    return [number for number in numbers if frames.misfit[number] < worst_misfit]


@dataclass(frozen=True)
class FitPlan:
    """How one regression network is fitted: ``steps`` batches of ``batch`` films; the seed settles everything else."""

    steps: int
    batch: int = 32
    seed: int = 0
    peak_rate: float = PEAK_RATE
    checkpoint_minutes: float = 3.0


@dataclass(frozen=True, eq=False)
class FilmSource:
    """Films and their hand frames, in the same order."""

    films: Films
    frames: HandFrames

    def usable(self, split: str) -> list[int]:
        """Return the films of a split on which the palm was found, by their place."""
        return usable(self.films, self.frames, split)


def open_source(cache: Path) -> FilmSource:
    """Open films and hand frames, made on the first call."""
    films = load_films(cache, data_root())
    return FilmSource(films, load_hand_frames(films, cache))


def new_network(seed: int) -> AgeNetwork:
    """Return an untrained network on its device; equal seeds give equal weights."""
    torch.manual_seed(seed)
    return AgeNetwork(WIDTHS, BLOCKS).to(device(), memory_format=torch.channels_last)


class Inputs(Protocol):
    """What a network sees of a batch of hands: a tensor, or several of them kept together."""

    def to(self, where: torch.device) -> Any:
        """Return the same on another device."""


def absolute_error(model: nn.Module, inputs: Inputs, codes: Tensor, ages: Tensor) -> Tensor:
    """Return the loss of a network that answers with an age: `age_loss`."""
    return age_loss(model(inputs, codes), ages)


@dataclass(frozen=True)
class Recipe:
    """A network that answers with an age, and how it is trained.

    Attributes
    ----------
    build:
        Makes the network of a seed, on its device.
    make_batch:
        Gives what the network sees of some films, sex codes (n,) and ages (n,); with a generator, changed at random.
    loss:
        Of a network on what it sees, sex codes (n,) and ages (n,).
    weight_decay, warm_up:
        As in `boneage.training.loop.LoopOptions`.
    """

    build: Callable[[int], nn.Module]
    make_batch: Callable[[FilmSource, list[int], np.random.Generator | None], tuple[Inputs, Tensor, Tensor]]
    loss: Callable[[nn.Module, Any, Tensor, Tensor], Tensor] = absolute_error
    weight_decay: float = 0.03
    warm_up: float = 0.02


WHOLE_HAND: Final = Recipe(
    lambda seed: new_network(seed),
    lambda source, numbers, random: make_batch(source.films, source.frames, numbers, random),
)
"""The network of the whole hand."""


def predict_ages(
    model: nn.Module, source: FilmSource, numbers: Sequence[int], recipe: Recipe = WHOLE_HAND, *, batch: int = 64
) -> Tensor:
    """Return ages (n,) in months of films by their place, unchanged pictures and stated sex, as in evaluation."""
    where = next(model.parameters()).device
    ages = []
    for start in range(0, len(numbers), batch):
        inputs, codes, _ = recipe.make_batch(source, list(numbers[start : start + batch]), None)
        with torch.inference_mode(), autocast(where):
            answers = model(inputs.to(where), codes.to(where))
        ages.append(answers.float().cpu())
    return torch.cat(ages) if ages else torch.zeros(0)


def fit_network(
    source: FilmSource,
    training: Sequence[int],
    plan: FitPlan,
    run_dir: Path,
    recipe: Recipe = WHOLE_HAND,
    *,
    evaluate: Callable[[nn.Module], dict[str, float]] | None = None,
    evaluate_every: int = 0,
    on_step: Callable[[int], None] | None = None,
) -> dict[str, Tensor]:
    """Fit a network on some films and return its averaged weights.

    Parameters
    ----------
    source:
        All films.
    training:
        The films to fit on, by their place in ``source``.
    plan:
        How long, how fast, and the seed.
    recipe:
        Which network.
    run_dir, evaluate, evaluate_every:
        As in `boneage.training.loop.fit`, which goes on from the checkpoint in ``run_dir``.
    on_step:
        Called with the number of each step before it is made.
    """
    where = device()
    loop = LoopOptions(
        steps=plan.steps,
        peak_rate=plan.peak_rate,
        weight_decay=recipe.weight_decay,
        warm_up=recipe.warm_up,
        average=0.998,
        seed=plan.seed,
        checkpoint_minutes=plan.checkpoint_minutes,
    )

    def loss_of_step(model: nn.Module, step: int) -> Tensor:
        if on_step is not None:
            on_step(step)
        numbers = [training[i] for i in batch_of(step, plan.batch, len(training), plan.seed)]
        inputs, codes, ages = recipe.make_batch(source, numbers, generator(plan.seed, step))
        with autocast(where):
            return recipe.loss(model, inputs.to(where), codes.to(where), ages.to(where))

    return fit(recipe.build(plan.seed), loss_of_step, loop, run_dir, evaluate=evaluate, evaluate_every=evaluate_every)
