"""Training of the regional network: age from the joints and the wrist of all training films."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from boneage.anatomy import JOINTS
from boneage.regression.network import SEX_CODES
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import Matrix, Regions, cut_regions, together
from boneage.segmentation.hand_frame import FINE_TO_FRAME
from boneage.segmentation.locator import load_unet
from boneage.segmentation.sites import Point
from boneage.training.augment import Geometry, random_affine, random_film, random_grey
from boneage.training.films import Films
from boneage.training.hand_frames import HandFrames, frame_to_stored, square
from boneage.training.loop import device
from boneage.training.regression import (
    FilmSource,
    FitPlan,
    Recipe,
    age_loss,
    fit_network,
    open_source,
    predict_ages,
)

LOGGER = logging.getLogger(__name__)
JOINT_FEATURES: Final = (16, 24, 48, 96, 128)
WRIST_FEATURES: Final = (16, 32, 64, 128, 192)
GEOMETRY: Final = Geometry(turn=10, zoom=1.1, stretch=1.05, shift=0.05)
PEAK_RATE: Final = 6e-4
"""Peak learning rate of a network that begins with the encoders of the fine stage."""

HIDDEN_SHARE: Final = 0.2
"""Share of the hands of which one region is blacked out while training."""

LABEL_SD: Final = 6.0
"""Standard deviation in months of the normal law round a label that a distribution is held against."""

DIVERGENCE: Final = 0.25
"""Weight of that beside the error of the mean."""


@dataclass(frozen=True)
class RegionalOptions:
    """Options of `boneage train regression`."""

    run_dir: Path
    cache: Path
    epochs: int = 13
    batch: int = 32
    seed: int = 0
    distribution: bool = True


def fine_to_stored(films: Films, frames: HandFrames, number: int) -> Matrix:
    """Return the (3, 3) map from the fine grid to pixels of the stored film."""
    return frame_to_stored(films, frames, number) @ FINE_TO_FRAME


def joints_on_fine_grid(films: Films, frames: HandFrames, number: int) -> dict[str, Point]:
    """Return the located joints of a film on its fine grid, by name."""
    native_to_fine = np.linalg.inv(fine_to_stored(films, frames, number)) @ square(
        films.matrix(films.records[number].id)
    )
    return dict(zip(JOINTS, frames.points[number] @ native_to_fine[:2, :2].T + native_to_fine[:2, 2], strict=True))


def hand_regions(films: Films, frames: HandFrames, number: int, random: np.random.Generator | None) -> Regions:
    """Return the regions of one stored film, moved at random while training."""
    pixels = np.array(films.pixels[number])
    if random is not None:
        pixels = random_film(pixels, random)
    stored = torch.from_numpy(pixels).float()[None, None] / 255
    ground, joints = fine_to_stored(films, frames, number), joints_on_fine_grid(films, frames, number)
    if random is None:
        return cut_regions(stored, joints, ground)
    return cut_regions(stored, joints, ground, lambda size: random_affine(random, (size, size), GEOMETRY))


def make_batch(
    source: FilmSource, numbers: list[int], random: np.random.Generator | None
) -> tuple[Regions, Tensor, Tensor]:
    """Return regions, sex codes (n,) and bone ages in months (n,) of films by their place."""
    films = source.films
    regions = together([hand_regions(films, source.frames, number, random) for number in numbers])
    codes = torch.tensor([SEX_CODES[films.records[number].sex] for number in numbers])
    ages = torch.tensor([films.records[number].bone_age_months for number in numbers])
    if random is not None:
        regions = Regions(*(_grey(part, random) for part in (regions.knuckles, regions.small_joints, regions.wrist)))
        _hide_some(regions, random)
        codes = torch.where(torch.from_numpy(random.random(len(numbers)) < 0.05), SEX_CODES[None], codes)
    return regions, codes, ages


def _grey(patches: Tensor, random: np.random.Generator) -> Tensor:
    flat = patches.reshape(-1, *patches.shape[-3:])
    return random_grey(flat, flat != 0, random, blurred=0.15, noisy=0.1).reshape(patches.shape)


def _hide_some(regions: Regions, random: np.random.Generator) -> None:
    """Black out one region of some hands, in place, as a cast or a film's edge might."""
    joints = regions.knuckles.shape[1] + regions.small_joints.shape[1]
    for hand in range(len(regions.wrist)):
        if random.random() >= HIDDEN_SHARE:
            continue
        place = int(random.integers(joints + 1))
        if place < regions.knuckles.shape[1]:
            regions.knuckles[hand, place] = 0
        elif place < joints:
            regions.small_joints[hand, place - regions.knuckles.shape[1]] = 0
        else:
            regions.wrist[hand] = 0


def new_network(seed: int, *, distribution: bool = False) -> RegionalNetwork:
    """Return a network whose encoders are those of the shipped fine stage, on its device."""
    torch.manual_seed(seed)
    model = RegionalNetwork(JOINT_FEATURES, WRIST_FEATURES, distribution=distribution)
    model.joints.down.load_state_dict(load_unet("joints").down.state_dict())
    model.wrist.down.load_state_dict(load_unet("wrist").down.state_dict())
    return model.to(device(), memory_format=torch.channels_last)


REGIONS: Final = Recipe(
    lambda seed: new_network(seed),
    lambda source, numbers, random: make_batch(source, numbers, random),
    weight_decay=0.05,
    warm_up=0.05,
)
"""The network of the regions that answers with one number."""


def distribution_loss(model: nn.Module, regions: Regions, codes: Tensor, ages: Tensor) -> Tensor:
    """Return the absolute error of the distribution's mean, and its divergence from a normal law round the label.

    Both as in Gao BB et al., Age estimation using expectation of label distribution learning (IJCAI 2018).
    """
    assert isinstance(model, RegionalNetwork)
    said, places = model.said(regions, codes), model.ages
    wanted = functional.softmax(-((places - ages[:, None].float()) ** 2) / (2 * LABEL_SD**2), dim=1)
    divergence = functional.kl_div(functional.log_softmax(said, dim=1), wanted, reduction="batchmean")
    return age_loss((functional.softmax(said, dim=1) * places).sum(dim=1), ages) + DIVERGENCE * divergence


DISTRIBUTION: Final = Recipe(
    lambda seed: new_network(seed, distribution=True),
    REGIONS.make_batch,
    distribution_loss,
    weight_decay=REGIONS.weight_decay,
    warm_up=REGIONS.warm_up,
)
"""The network of the regions that answers with a distribution over ages."""


def train_regression(options: RegionalOptions) -> dict[str, Tensor]:
    """Train on ``train``, watch every second film of ``tune``; returns the averaged weights."""
    source = open_source(options.cache)
    training, watching = source.usable("train"), source.usable("tune")[::2]
    recipe = DISTRIBUTION if options.distribution else REGIONS
    known = torch.tensor([source.films.records[number].bone_age_months for number in watching])
    per_epoch = len(training) // options.batch
    plan = FitPlan(options.epochs * per_epoch, options.batch, options.seed, PEAK_RATE)

    def evaluate(model: nn.Module) -> dict[str, float]:
        ages = predict_ages(model, source, watching, recipe, batch=32)
        return {"tune_mad_months": (ages - known).abs().mean().item()}

    return fit_network(source, training, plan, options.run_dir, recipe, evaluate=evaluate, evaluate_every=per_epoch)
