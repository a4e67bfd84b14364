"""Label maps carried through affine maps."""

from __future__ import annotations

import numpy as np
import torch

from boneage.training.carried_labels import carry_labels

LABELS = np.arange(12, dtype=np.uint8).reshape(1, 3, 4)


def matrices(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows).reshape(-1, 2, 3)


def test_a_shift_moves_labels_and_lets_in_what_is_not_known() -> None:
    found = carry_labels(LABELS, matrices((1.0, 0, 1, 0, 1, 0)))
    np.testing.assert_array_equal(found[0], [[1, 2, 3, 255], [5, 6, 7, 255], [9, 10, 11, 255]])


def test_one_map_serves_many_targets_of_another_shape() -> None:
    found = carry_labels(LABELS, matrices((1, 0, 0, 0, 1, 0), (1, 0, 2, 0, 1, 1)), (2, 2))
    np.testing.assert_array_equal(found, [[[0, 1], [4, 5]], [[6, 7], [10, 11]]])


def test_the_nearest_label_is_taken() -> None:
    found = carry_labels(LABELS, matrices((0.5, 0, 0.3, 0, 1, 0.4)), (1, 6))
    np.testing.assert_array_equal(found[0], [[0, 1, 1, 2, 2, 3]])
