"""Random changes of films while training: geometry as one affine map, grey levels as a reader would meet them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class Geometry:
    """Ranges of the random affine map about the centre of a frame.

    ``turn`` is in degrees, ``any_turn`` the share of films turned by any angle, ``zoom`` the largest factor (and its
    inverse), ``stretch`` the largest change of aspect, ``shift`` a share of the frame, ``mirror`` the share mirrored.
    """

    turn: float = 15.0
    any_turn: float = 0.0
    zoom: float = 1.15
    stretch: float = 1.05
    shift: float = 0.04
    mirror: float = 0.0


def random_affine(random: np.random.Generator, shape: tuple[int, int], geometry: Geometry) -> NDArray[np.float64]:
    """Return a (3, 3) map from augmented frame pixels ``[x, y, 1]`` to frame pixels."""
    rows, columns = shape
    centre = np.array([(columns - 1) / 2, (rows - 1) / 2])
    limit = 180.0 if random.random() < geometry.any_turn else geometry.turn
    angle = np.deg2rad(random.uniform(-limit, limit))
    zoom = geometry.zoom ** random.uniform(-1, 1)
    stretch = geometry.stretch ** random.uniform(-1, 1)
    flip = -1.0 if random.random() < geometry.mirror else 1.0
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = rotation @ np.diag([flip * zoom * stretch, zoom / stretch])
    shift = random.uniform(-geometry.shift, geometry.shift, 2) * np.array([columns, rows])
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = centre + shift - linear @ centre
    return matrix


def random_grey(
    images: Tensor, inside: Tensor, random: np.random.Generator, *, blurred: float = 0.35, noisy: float = 0.35
) -> Tensor:
    """Change gamma, contrast, brightness, sharpness and noise of normalised images (n, 1, rows, columns).

    ``blurred`` and ``noisy`` are the shares of images that lose sharpness and gain noise.
    """
    changed = []
    for image in images:
        gamma = float(np.exp(random.normal(0, 0.25)))
        contrast = float(np.exp(random.normal(0, 0.12)))
        brightness = float(random.normal(0, 0.05))
        image = (image + 0.1).clamp(min=0) ** gamma * contrast + brightness - 0.1
        if random.random() < blurred:
            factor = float(random.uniform(1.2, 2.6))
            size = [max(8, int(s / factor)) for s in image.shape[-2:]]
            small = functional.interpolate(image[None], size=size, mode="bilinear", antialias=True)
            image = functional.interpolate(small, size=image.shape[-2:], mode="bilinear")[0]
        if random.random() < noisy:
            noise = np.random.default_rng(random.integers(2**32)).standard_normal(image.shape, dtype=np.float32)
            image = image + float(random.uniform(0.005, 0.05)) * torch.from_numpy(noise).to(image.device)
        changed.append(image)
    return torch.stack(changed) * inside
