"""Training of the two networks of the fine stage: finger joints in upright patches, and the wrist."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from monai.losses import DiceLoss
from numpy.typing import NDArray
from torch import Tensor, nn

from boneage.segmentation.channels import TISSUES
from boneage.segmentation.fine import of_one_size
from boneage.segmentation.locator import joints_of, load_unet
from boneage.segmentation.resample import normalise, sample
from boneage.segmentation.sites import JOINT_CLASSES, WRIST_CORNER, WRIST_SHAPE, JointSite, joint_patch
from boneage.segmentation.wrist import WRIST_CHANNELS, WRIST_OWNER, WRIST_OWNERS, WRIST_TISSUE
from boneage.training.augment import Geometry, random_affine, random_grey
from boneage.training.carried_labels import carry_labels
from boneage.training.films import data_root, load_films
from boneage.training.fine_canvases import FineCanvases, batches, load_fine_canvases, picture_of
from boneage.training.hand_frames import load_hand_frames
from boneage.training.loop import LoopOptions, autocast, batch_of, device, fit, generator
from boneage.training.networks import build_unet

LOGGER = logging.getLogger(__name__)
JOINT_FEATURES: Final = (16, 24, 48, 96, 128, 16)
WRIST_FEATURES: Final = (16, 32, 64, 128, 192, 16)
SHARP_SHARE: Final = 0.6
"""Share of the training pictures with native texture; the rest are as blurred as the stored films."""

_GEOMETRY: Final = Geometry(turn=12, zoom=1.2, stretch=1.06, shift=0.07)


@dataclass(frozen=True)
class FineOptions:
    """Options of `boneage train joints` and `boneage train wrist`."""

    run_dir: Path
    cache: Path
    epochs: int = 12
    batch: int = 6
    seed: int = 0
    go_on: bool = False
    """Begin with the shipped network, its normalisation folded away, at a fifth of the rate."""

    @property
    def peak_rate(self) -> float:
        """Highest learning rate of the run."""
        return 4e-4 if self.go_on else 2e-3


@dataclass(frozen=True, eq=False)
class Patches:
    """Pictures (n, 1, h, w) and their targets (n, h, w): classes or label values, 255 for not known."""

    pictures: Tensor
    targets: Tensor


def _cut(
    canvases: FineCanvases,
    place: int,
    matrices: list[NDArray[np.float64]],
    shape: tuple[int, int],
    random: np.random.Generator | None,
) -> Patches:
    """Cut patches out of one film through (3, 3) maps, changed at random if ``random`` is given."""
    sharp = random is None or random.random() < SHARP_SHARE
    picture = picture_of((canvases.sharp if sharp else canvases.stored)[place])
    if random is not None:
        matrices = [matrix @ random_affine(random, shape, _GEOMETRY) for matrix in matrices]
    maps = torch.from_numpy(np.stack(matrices)[:, :2])
    pictures, inside = sample(picture.expand(len(matrices), -1, -1, -1), maps, shape)
    pictures = normalise(pictures, inside)
    if random is not None:
        pictures = random_grey(pictures, inside, random)
    return Patches(pictures, carry_labels(canvases.labels[place][None], maps, shape))


def classes_at(site: JointSite) -> NDArray[np.uint8]:
    """Return the place in `JOINT_CLASSES` of each label value at a joint; 255 stays 255, all else is background."""
    table = np.zeros(256, dtype=np.uint8)
    table[255] = 255
    for number, value in enumerate(site.label_values):
        if value:
            table[value] = number
    return table


def joint_patches(canvases: FineCanvases, places: list[int], random: np.random.Generator | None) -> list[Patches]:
    """Return the patches of all finger joints of some films, one entry for each patch size."""
    result = []
    for size, sites in of_one_size():
        tables = torch.from_numpy(np.stack([classes_at(site) for site in sites]))
        parts = []
        for place in places:
            joints = {name: np.array(xy) for name, xy in joints_of(canvases.joints[place]).items()}
            matrices = [joint_patch(site, joints) for site in sites]
            part = _cut(canvases, place, matrices, (size, size), random)
            flat = part.targets.reshape(len(sites), -1).long()
            parts.append(Patches(part.pictures, tables.gather(1, flat).reshape(part.targets.shape)))
        result.append(Patches(torch.cat([p.pictures for p in parts]), torch.cat([p.targets for p in parts])))
    return result


def wrist_patches(canvases: FineCanvases, places: list[int], random: np.random.Generator | None) -> list[Patches]:
    """Return the wrists of some films, their targets as label values."""
    corner = np.eye(3)
    corner[:2, 2] = WRIST_CORNER
    parts = [_cut(canvases, place, [corner], WRIST_SHAPE, random) for place in places]
    return [Patches(torch.cat([p.pictures for p in parts]), torch.cat([p.targets for p in parts]))]


def _tissue_loss(answer: Tensor, kinds: Tensor) -> Tensor:
    """Cross-entropy and Dice of logits (n, c, h, w) against classes (n, h, w), where they are known."""
    known = kinds != 255
    loss = functional.cross_entropy(answer, kinds, ignore_index=255)
    probability = functional.softmax(answer, dim=1) * known[:, None]
    classes = answer.shape[1]
    target = functional.one_hot(kinds.clamp(max=classes - 1), classes).permute(0, 3, 1, 2) * known[:, None]
    return loss + DiceLoss(include_background=False, batch=True)(probability, target.float())


def joint_loss(answer: Tensor, patches: Patches) -> Tensor:
    """Return the loss of the joint network on patches of one size."""
    return _tissue_loss(answer.float(), patches.targets.to(answer.device).long())


def wrist_loss(answer: Tensor, patches: Patches) -> Tensor:
    """Return the loss of the wrist network: tissue as at the joints, and whose it is, where that is known."""
    labels = patches.targets.to(answer.device).long()
    tissue, owner = answer.float().split([len(TISSUES), len(WRIST_OWNERS)], dim=1)
    kinds = torch.from_numpy(WRIST_TISSUE).to(answer.device).long()[labels]
    owners = torch.from_numpy(WRIST_OWNER).to(answer.device).long()[labels]
    return _tissue_loss(tissue, kinds) + 0.5 * functional.cross_entropy(owner, owners, ignore_index=255)


Cut = Callable[[FineCanvases, list[int], np.random.Generator | None], list[Patches]]
Loss = Callable[[Tensor, Patches], Tensor]


def train_joints(options: FineOptions) -> dict[str, Tensor]:
    """Train the joint network on ``train``, watch ``tune``; returns the averaged weights."""
    torch.manual_seed(options.seed)
    network = load_unet("joints") if options.go_on else build_unet(len(JOINT_CLASSES), JOINT_FEATURES)
    return _train(options, network, joint_patches, joint_loss)


def train_wrist(options: FineOptions) -> dict[str, Tensor]:
    """Train the wrist network on ``train``, watch ``tune``; returns the averaged weights."""
    torch.manual_seed(options.seed)
    network = load_unet("wrist") if options.go_on else build_unet(WRIST_CHANNELS, WRIST_FEATURES)
    return _train(options, network, wrist_patches, wrist_loss)


def _train(options: FineOptions, network: nn.Module, cut: Cut, loss_of: Loss) -> dict[str, Tensor]:
    root = data_root()
    films = load_films(options.cache, root)
    canvases = load_fine_canvases(films, load_hand_frames(films, options.cache), root, options.cache)
    training, watching = canvases.of_split(films, "train"), canvases.of_split(films, "tune")
    where = device()
    model = network.to(where, memory_format=torch.channels_last)
    per_epoch = len(training) // options.batch
    steps = options.epochs * per_epoch
    loop = LoopOptions(steps=steps, peak_rate=options.peak_rate, seed=options.seed, average=0.996, log_every=25)
    LOGGER.info("%d films to train on, %d to watch", len(training), len(watching))

    def losses(model: nn.Module, places: list[int], random: np.random.Generator | None) -> Tensor:
        total = []
        for patches in cut(canvases, places, random):
            with autocast(where):
                answer = model(patches.pictures.to(where, memory_format=torch.channels_last))
            total.append(loss_of(answer, patches))
        return torch.stack(total).mean()

    def loss_of_step(model: nn.Module, step: int) -> Tensor:
        places = [training[i] for i in batch_of(step, options.batch, len(training), options.seed)]
        return losses(model, places, generator(options.seed, step))

    def evaluate(model: nn.Module) -> dict[str, float]:
        watched = [losses(model, places, None) for places in batches(watching, options.batch)]
        return {"tune_loss": float(torch.stack(watched).mean())}

    return fit(model, loss_of_step, loop, options.run_dir, evaluate=evaluate, evaluate_every=2 * per_epoch)
