"""Random changes of films while training: geometry as one affine map, grey levels as a reader would meet them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

GRAIN: Final = (0.003, 0.03)
"""Standard deviation of a film's grain, as a share of its grey range: the finest and the coarsest."""

QUALITIES: Final = (20, 95)
"""JPEG qualities that a film may have been stored with."""

LEVELS: Final = (24, 96)
"""Numbers of grey levels that a film may have been reduced to."""


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


def random_film(
    pixels: NDArray[np.uint8],
    random: np.random.Generator,
    *,
    grainy: float = 0.3,
    compressed: float = 0.25,
    coarse: float = 0.1,
) -> NDArray[np.uint8]:
    """Change a whole film (rows, columns) as detectors and archives do, before anything is cut out of it.

    Grain, JPEG artefacts and coarse grey levels have the size of the film's own pixels, which no change of a patch on a
    finer grid can imitate.

    Parameters
    ----------
    pixels:
        The film as it is stored.
    random:
        What the changes are drawn with.
    grainy, compressed, coarse:
        Shares of the films with Gaussian grain (`GRAIN`), JPEG artefacts (`QUALITIES`) and few grey levels (`LEVELS`).
    """
    if random.random() < grainy:
        sd = 255 * float(np.exp(random.uniform(*np.log(GRAIN))))
        noise = np.random.default_rng(random.integers(2**32)).standard_normal(pixels.shape, dtype=np.float32)
        pixels = np.clip(np.rint(pixels + sd * noise), 0, 255).astype(np.uint8)
    if random.random() < coarse:
        step = 255 / int(random.integers(LEVELS[0], LEVELS[1] + 1))
        pixels = np.clip(np.rint(np.rint(pixels / step) * step), 0, 255).astype(np.uint8)
    if random.random() < compressed:
        with io.BytesIO() as stored:
            Image.fromarray(pixels).save(stored, "JPEG", quality=int(random.integers(QUALITIES[0], QUALITIES[1] + 1)))
            with Image.open(stored) as image:
                pixels = np.array(image)
    return pixels


def _grain(shape: torch.Size, random: np.random.Generator) -> Tensor:
    """Return noise (1, rows, columns) of unit variance, its grains one to four pixels wide."""
    width = float(random.uniform(1, 4))
    rows, columns = (max(8, round(side / width)) for side in shape[-2:])
    noise = np.random.default_rng(random.integers(2**32)).standard_normal((1, 1, rows, columns), dtype=np.float32)
    wide = functional.interpolate(torch.from_numpy(noise), size=tuple(shape[-2:]), mode="bilinear")[0]
    return wide / wide.std().clamp(min=1e-6)


def random_grey(
    images: Tensor, inside: Tensor, random: np.random.Generator, *, blurred: float = 0.35, noisy: float = 0.35
) -> Tensor:
    """Change gamma, contrast, brightness, sharpness and grain of normalised images (n, 1, rows, columns).

    ``blurred`` and ``noisy`` are the shares of images that lose sharpness and gain noise. The pixels of the film that
    an image was cut from may be wider than the image's, and so are the grains of the noise.
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
            image = image + float(random.uniform(0.005, 0.08)) * _grain(image.shape, random).to(image.device)
        changed.append(image)
    return torch.stack(changed) * inside
