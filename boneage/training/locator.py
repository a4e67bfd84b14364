"""Training of the hand locator: 21 joint heat maps on the whole film, at any turn, either hand."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from monai.networks.nets import BasicUNet
from torch import Tensor, nn

from boneage.anatomy import JOINTS
from boneage.segmentation.joints import heat_map_points
from boneage.segmentation.locator import LOCATOR_SIZE, letterbox_matrix
from boneage.segmentation.resample import normalise, sample
from boneage.training.annotations import JointAnnotation, read_joints
from boneage.training.augment import Geometry, random_affine, random_grey
from boneage.training.films import STORED, Films, data_root, load_films, stretch_matrix
from boneage.training.loop import LoopOptions, autocast, batch_of, device, fit, generator
from boneage.training.networks import build_unet

LOGGER = logging.getLogger(__name__)
FEATURES = (16, 32, 64, 128, 192, 16)
_SIGMA = 1.5


@dataclass(frozen=True)
class LocatorOptions:
    """Options of `boneage train locator`."""

    run_dir: Path
    cache: Path
    epochs: int = 28
    batch: int = 8
    seed: int = 0


def build_locator() -> BasicUNet:
    """Return the locator: MONAI's BasicUNet with one heat map a joint."""
    return build_unet(len(JOINTS), FEATURES)


def make_batch(
    films: Films, batch: list[JointAnnotation], random: np.random.Generator | None, size: int = LOCATOR_SIZE
) -> tuple[Tensor, Tensor, Tensor]:
    """Return images (n, 1, size, size), joints (n, 21, 2) in their pixels, and the visible joints (n, 21).

    Without ``random`` the films are only laid into the square.
    """
    geometry = Geometry(turn=35, any_turn=0.3, zoom=1.5, stretch=1.08, shift=0.12, mirror=0.5)
    matrices, points = [], []
    for annotation in batch:
        to_native = letterbox_matrix(annotation.height, annotation.width, size)
        if random is not None:
            to_native = to_native @ random_affine(random, (size, size), geometry)
        to_stored = np.vstack([stretch_matrix((annotation.height, annotation.width), (STORED, STORED)), [0, 0, 1]])
        matrices.append((to_stored @ to_native)[:2])
        inverse = np.linalg.inv(to_native)
        points.append(annotation.points @ inverse[:2, :2].T + inverse[:2, 2])
    stored = torch.from_numpy(np.stack([films.pixels[films.index[a.id]] for a in batch])).float()[:, None] / 255
    images, inside = sample(stored, torch.from_numpy(np.stack(matrices)), (size, size))
    images = normalise(images, inside)
    if random is not None:
        images = random_grey(images, inside, random)
    joints = torch.from_numpy(np.stack(points)).float()
    visible = ((joints > 0) & (joints < size - 1)).all(dim=-1)
    return images, joints, visible


def heat_map_loss(logits: Tensor, joints: Tensor, visible: Tensor, sigma: float = _SIGMA) -> Tensor:
    """Cross-entropy between each joint's heat map over all pixels and a Gaussian at its place.

    ``logits`` is (n, k, h, w), ``joints`` (n, k, 2) ``[x, y]`` in heat-map pixels, ``visible`` (n, k) bool.
    """
    n, k, h, w = logits.shape
    x = torch.arange(w, device=logits.device, dtype=torch.float32)
    y = torch.arange(h, device=logits.device, dtype=torch.float32)
    gx = torch.exp(-((x - joints[..., :1]) ** 2) / (2 * sigma**2))
    gy = torch.exp(-((y - joints[..., 1:]) ** 2) / (2 * sigma**2))
    target = gy[..., :, None] * gx[..., None, :]
    target = target / target.sum(dim=(-1, -2), keepdim=True).clamp(min=1e-6)
    log_probability = functional.log_softmax(logits.float().reshape(n, k, -1), dim=-1)
    loss = -(target.reshape(n, k, -1) * log_probability).sum(dim=-1)
    return (loss * visible).sum() / visible.sum().clamp(min=1)


def train_locator(options: LocatorOptions) -> dict[str, Tensor]:
    """Train the locator on the ``train`` films with keypoints; ``tune`` films are watched."""
    root = data_root()
    films = load_films(options.cache, root)
    annotations = read_joints(root)
    split = {record.id: record.split for record in films.records}
    training = [a for a in annotations.values() if split[a.id] == "train"]
    watching = [a for a in annotations.values() if split[a.id] == "tune"]
    where = device()
    torch.manual_seed(options.seed)
    model = build_locator().to(where, memory_format=torch.channels_last)
    loop = LoopOptions(steps=options.epochs * (len(training) // options.batch), seed=options.seed, average=0.995)

    def loss_of_step(model: nn.Module, step: int) -> Tensor:
        chosen = [training[i] for i in batch_of(step, options.batch, len(training), options.seed)]
        images, joints, visible = make_batch(films, chosen, generator(options.seed, step))
        with autocast(where):
            logits = model(images.to(where, memory_format=torch.channels_last))
        return heat_map_loss(logits, joints.to(where), visible.to(where))

    def evaluate(model: nn.Module) -> dict[str, float]:
        errors = []
        for annotation in watching:
            images, joints, _ = make_batch(films, [annotation], None)
            with autocast(where):
                logits = model(images.to(where))
            found = heat_map_points(logits.float().cpu())[0]
            hand = joints[0, 0] - joints[0, JOINTS.index("tip_3")]
            errors.append((found - joints).norm(dim=-1)[0] / hand.norm())
        table = torch.stack(errors)
        return {"median_percent_of_hand": 100 * table.median().item(), "p95": 100 * table.quantile(0.95).item()}

    return fit(
        model,
        loss_of_step,
        loop,
        options.run_dir,
        evaluate=evaluate,
        evaluate_every=5 * (len(training) // options.batch),
    )
