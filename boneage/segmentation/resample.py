"""Sampling films through affine maps, and the contrast normalisation that every network sees.

The same functions serve training (batches) and reading (one film), so that both see the same picture.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from boneage.segmentation.hand_frame import FINENESS


def sample(images: Tensor, matrices: Tensor, shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Sample images bilinearly through affine maps.

    Parameters
    ----------
    images:
        (n, c, height, width) float tensor.
    matrices:
        (n, 2, 3): image ``[x, y]`` in pixels = matrix @ (target x, target y, 1); pixel centres are whole numbers.
    shape:
        (rows, columns) of the target.

    Returns
    -------
    tuple of Tensor
        The sampled images (n, c, rows, columns), 0 outside, and a boolean (n, 1, rows, columns): inside the image.
    """
    rows, columns = shape
    height, width = images.shape[-2:]
    y, x = torch.meshgrid(
        torch.arange(rows, dtype=torch.float32, device=images.device),
        torch.arange(columns, dtype=torch.float32, device=images.device),
        indexing="ij",
    )
    points = torch.stack([x, y, torch.ones_like(x)], dim=-1).reshape(-1, 3)
    mapped = torch.einsum("nij,pj->npi", matrices.to(images.device, torch.float32), points)
    mapped = mapped.reshape(len(images), rows, columns, 2)
    size = torch.tensor([width, height], dtype=torch.float32, device=images.device)
    grid = (2 * mapped + 1) / size - 1
    inside = ((mapped > -0.5) & (mapped < size - 0.5)).all(dim=-1).unsqueeze(1)
    sampled = functional.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return sampled * inside, inside


def normalise(images: Tensor, inside: Tensor, low: float = 0.02, high: float = 0.995) -> Tensor:
    """Stretch the grey levels of each image between two quantiles of its inside to 0..1 (clipped to -0.1..1.2).

    ``images`` and ``inside`` are (n, 1, rows, columns); quantiles are taken on every second row and column.
    Flat films are stretched like all others; what is outside the film becomes 0.
    """
    result = torch.zeros_like(images)
    for number, (image, mask) in enumerate(zip(images, inside, strict=True)):
        values = image[:, ::2, ::2][mask[:, ::2, ::2]]
        if values.numel() == 0:
            continue
        bottom, top = torch.quantile(values, torch.tensor([low, high], device=images.device))
        result[number] = ((image - bottom) / (top - bottom).clamp(min=1e-4)).clamp(-0.1, 1.2) * mask
    return result


def warp(pixels: NDArray[np.float32], matrix: NDArray[np.float64], shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Sample one film of shape (rows, columns), smoothing first where the target is coarser than the film.

    ``matrix`` (2, 3) maps target ``[x, y]`` to film ``[x, y]``. Returns what `sample` returns, for one image.
    """
    image = torch.from_numpy(np.ascontiguousarray(pixels, dtype=np.float32))[None, None]
    step = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    matrix = matrix.copy()
    if step > 1.0:
        size = (max(1, round(image.shape[2] / step)), max(1, round(image.shape[3] / step)))
        ratio = np.array([size[1] / image.shape[3], size[0] / image.shape[2]])
        image = functional.interpolate(image, size=size, mode="area")
        matrix = matrix * ratio[:, None]
        matrix[:, 2] += (ratio - 1) / 2
    return sample(image, torch.from_numpy(matrix)[None], shape)


def overview(pictures: Tensor) -> Tensor:
    """Shrink pictures on the fine grid (n, 1, rows, columns) to the hand frame, as the whole-hand networks see them."""
    return functional.avg_pool2d(pictures, FINENESS)
