"""Training of the segmentation network in the hand frame: tissue and bone from partial labels."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from monai.losses import DiceLoss
from monai.metrics import DiceMetric
from torch import Tensor, nn

from boneage.anatomy import LABELS
from boneage.segmentation.channels import (
    CHANNELS,
    OWNER_OF_LABEL,
    OWNER_STEP,
    TISSUE_OF_LABEL,
    label_map,
    split_channels,
)
from boneage.segmentation.hand_frame import FRAME_SHAPE
from boneage.segmentation.resample import sample
from boneage.training.augment import Geometry, random_affine, random_grey
from boneage.training.carried_labels import carry_labels
from boneage.training.films import Films, data_root, load_films
from boneage.training.hand_frames import HandFrames, frame_to_stored, load_hand_frames, sample_stored
from boneage.training.loop import LoopOptions, autocast, batch_of, device, fit, generator
from boneage.training.networks import build_unet
from boneage.training.segmentation_labels import SegmentationLabels, load_segmentation_labels

LOGGER = logging.getLogger(__name__)
FEATURES = (16, 32, 64, 128, 192, 16)
TISSUE_WEIGHTS = (0.5, 1.0, 2.5, 1.5)
"""Weights of the tissues in the cross-entropy. They shift the logits by their logarithms, which shipping takes back."""
_DRAWN_VALUES = tuple(value for value, name in LABELS.items() if name.endswith("_epiphysis") or name == "carpals")
"""Label values of what was drawn: every epiphysis, and the carpals, which this network does not name."""


@dataclass(frozen=True)
class SegmentationOptions:
    """Options of `boneage train segmentation`."""

    run_dir: Path
    cache: Path
    epochs: int = 8
    batch: int = 6
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Batch:
    """Pictures (n, 1, h, w) and labels (n, h, w) with 255 for not known."""

    pictures: Tensor
    labels: Tensor


@dataclass(frozen=True, eq=False)
class Sources:
    """What batches are made from."""

    films: Films
    frames: HandFrames
    known: SegmentationLabels


def make_batch(sources: Sources, places: list[int], random: np.random.Generator | None) -> Batch:
    """Return a batch of annotated films by their place in `SegmentationLabels`, augmented if ``random`` is given."""
    films, frames, known = sources.films, sources.frames, sources.known
    geometry = Geometry(turn=16, zoom=1.15, stretch=1.06, shift=0.05)
    changes = [np.eye(3) if random is None else random_affine(random, FRAME_SHAPE, geometry) for _ in places]
    numbers = [int(known.numbers[place]) for place in places]
    matrices = [frame_to_stored(films, frames, n) @ change for n, change in zip(numbers, changes, strict=True)]
    pictures, inside = sample_stored(films, numbers, matrices, FRAME_SHAPE)
    to_frame = torch.from_numpy(np.stack(changes)[:, :2])
    for i, place in enumerate(places):
        if random is not None and known.sharp[place].any() and random.random() < 0.6:
            sharp = (torch.from_numpy(known.sharp[place]).float()[None, None] - 20) / 200
            pictures[i : i + 1], inside[i : i + 1] = sample(sharp, to_frame[i : i + 1], FRAME_SHAPE)
    if random is not None:
        pictures = random_grey(pictures, inside, random)
    return Batch(pictures, carry_labels(known.labels[places], to_frame))


def segmentation_loss(answer: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy and Dice of the tissue, and cross-entropy of the bone on bone pixels."""
    tissue, owner = split_channels(answer)
    tissue, owner = tissue.float(), owner[:, :, ::OWNER_STEP, ::OWNER_STEP].float()
    labels = batch.labels.to(answer.device).long()
    kinds = torch.from_numpy(TISSUE_OF_LABEL).to(answer.device).long()[labels]
    known = kinds != 255
    weights = torch.tensor(TISSUE_WEIGHTS, device=answer.device)
    loss = functional.cross_entropy(tissue, kinds, weight=weights, ignore_index=255)
    probability = functional.softmax(tissue, dim=1) * known[:, None]
    target = functional.one_hot(kinds.clamp(max=3), 4).permute(0, 3, 1, 2) * known[:, None]
    loss = loss + DiceLoss(include_background=False, batch=True)(probability, target.float())
    owners = torch.from_numpy(OWNER_OF_LABEL).to(answer.device).long()[labels]
    return loss + 0.5 * functional.cross_entropy(owner, owners[:, ::OWNER_STEP, ::OWNER_STEP], ignore_index=255)


def mask_dice(labels: Tensor, mask: Tensor) -> Tensor:
    """Return the Dice (n,) of all epiphyses and carpals together against drawn masks; both (n, h, w)."""
    found = torch.isin(labels, torch.tensor(_DRAWN_VALUES, dtype=labels.dtype))
    metric = DiceMetric(include_background=True, reduction="none")
    return metric(found[:, None].float(), mask[:, None].float()).flatten()


def train_segmentation(options: SegmentationOptions) -> dict[str, Tensor]:
    """Train on the annotated ``train`` films, watch the ``tune`` ones; returns the averaged weights."""
    root = data_root()
    films = load_films(options.cache, root)
    frames = load_hand_frames(films, options.cache)
    known = load_segmentation_labels(films, frames, root, options.cache)
    sources = Sources(films, frames, known)
    split = np.array([films.records[int(number)].split for number in known.numbers])
    fits = known.has_mask & (frames.misfit[known.numbers] < 0.12)
    training = [int(place) for place in np.flatnonzero((split == "train") & fits)]
    watching = [int(place) for place in np.flatnonzero((split == "tune") & fits)]
    where = device()
    torch.manual_seed(options.seed)
    model = build_unet(CHANNELS, FEATURES).to(where, memory_format=torch.channels_last)
    per_epoch = len(training) // options.batch
    loop = LoopOptions(steps=options.epochs * per_epoch, seed=options.seed, average=0.996, log_every=25)
    LOGGER.info("%d films to train on, %d to watch", len(training), len(watching))

    def loss_of_step(model: nn.Module, step: int) -> Tensor:
        places = [training[i] for i in batch_of(step, options.batch, len(training), options.seed)]
        batch = make_batch(sources, places, generator(options.seed, step))
        with autocast(where):
            answer = model(batch.pictures.to(where, memory_format=torch.channels_last))
        return segmentation_loss(answer, batch)

    def evaluate(model: nn.Module) -> dict[str, float]:
        dice = []
        for place in watching:
            batch = make_batch(sources, [place], None)
            with autocast(where):
                answer = model(batch.pictures.to(where, memory_format=torch.channels_last)).float().cpu()
            dice.append(mask_dice(label_map(answer), torch.from_numpy(known.masks[place : place + 1])))
        return {"tune_dice": torch.cat(dice).mean().item()}

    return fit(model, loss_of_step, loop, options.run_dir, evaluate=evaluate, evaluate_every=2 * per_epoch)
