"""From heat maps to joint positions below the pixel."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor


def heat_map_points(logits: Tensor, radius: int = 5) -> tuple[Tensor, Tensor]:
    """Return each joint's position and confidence.

    Parameters
    ----------
    logits:
        (n, k, height, width), float32.
    radius:
        Half the side of the window round the peak whose centre of mass is taken, in heat-map pixels.

    Returns
    -------
    tuple of Tensor
        Positions (n, k, 2), ``[x, y]`` in heat-map pixels, and the probability (n, k) that lies in the window.
    """
    n, k, height, width = logits.shape
    probability = functional.softmax(logits.reshape(n, k, -1), dim=-1).reshape(n, k, height, width)
    coarse = functional.avg_pool2d(probability, 4, stride=2)
    peak = coarse.reshape(n, k, -1).argmax(dim=-1)
    columns = coarse.shape[-1]
    offsets = torch.arange(-radius, radius + 1, device=logits.device)
    y = (2 * (peak // columns) + 2)[..., None] + offsets
    x = (2 * (peak % columns) + 2)[..., None] + offsets
    inside = ((y >= 0) & (y < height))[..., :, None] & ((x >= 0) & (x < width))[..., None, :]
    index = y.clamp(0, height - 1)[..., :, None] * width + x.clamp(0, width - 1)[..., None, :]
    window = probability.reshape(n, k, -1).gather(2, index.reshape(n, k, -1)).reshape(index.shape) * inside
    total = window.sum(dim=(-1, -2)).clamp(min=1e-9)
    points = torch.stack([(window.sum(dim=-2) * x).sum(-1) / total, (window.sum(dim=-1) * y).sum(-1) / total], dim=-1)
    return points, total
