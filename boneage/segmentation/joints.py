"""From heat maps to joint positions below the pixel."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor


def heat_map_points(logits: Tensor, radius: int = 4) -> tuple[Tensor, Tensor]:
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
    side = 2 * radius + 1
    mass = functional.avg_pool2d(probability, side, stride=1, padding=radius, divisor_override=1)
    peak = mass.reshape(n, k, -1).argmax(dim=-1)
    peak_y, peak_x = peak // width, peak % width
    y = torch.arange(height, device=logits.device)
    x = torch.arange(width, device=logits.device)
    near_y = ((y - peak_y[..., None]).abs() <= radius).float()
    near_x = ((x - peak_x[..., None]).abs() <= radius).float()
    window = probability * near_y[..., :, None] * near_x[..., None, :]
    total = window.sum(dim=(-1, -2)).clamp(min=1e-9)
    points = torch.stack([(window.sum(dim=-2) * x).sum(-1) / total, (window.sum(dim=-1) * y).sum(-1) / total], dim=-1)
    return points, total
