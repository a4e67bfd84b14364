"""Label maps carried through affine maps, for training."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def carry_labels(labels: NDArray[np.uint8], matrices: Tensor, shape: tuple[int, int] | None = None) -> Tensor:
    """Carry label maps through affine maps by nearest neighbour; outside is not known (255).

    Parameters
    ----------
    labels:
        (n, rows, columns), or (1, rows, columns) for all maps.
    matrices:
        (n, 2, 3): label ``[x, y]`` = matrix @ (target x, target y, 1).
    shape:
        Rows and columns of the target; by default those of the labels.

    Returns
    -------
    Tensor
        (n, *shape) ``uint8``.
    """
    rows, columns = labels.shape[1:]
    height, width = shape or (rows, columns)
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    mapped = torch.einsum("nij,jhw->nihw", matrices.float(), torch.stack([x, y, torch.ones_like(x)])).round().long()
    mx, my = mapped[:, 0], mapped[:, 1]
    inside = (mx >= 0) & (my >= 0) & (mx < columns) & (my < rows)
    source = torch.from_numpy(np.array(labels)).expand(len(matrices), -1, -1)
    index = torch.arange(len(matrices))[:, None, None]
    carried = source[index, my.clamp(0, rows - 1), mx.clamp(0, columns - 1)]
    return torch.where(inside, carried, torch.full_like(carried, 255))
