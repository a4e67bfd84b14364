"""What the networks alone need for one film: multiplications, seconds, and seconds at the speed of a matrix product."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor, nn

_MATRIX: Final = 1024
"""Side of the matrices whose product sets the speed that the processor can reach."""


@dataclass(frozen=True)
class NetworkCost:
    """One network on what one film shows it.

    Attributes
    ----------
    name:
        As in the manifest.
    multiplications:
        Multiply-and-add operations of its convolutions and matrix products.
    seconds:
        Median of its forward passes alone.
    least_seconds:
        The same operations at the speed of a product of two 1024 x 1024 matrices (float32).
    """

    name: str
    multiplications: int
    seconds: float
    least_seconds: float


def network_costs(*, repeats: int = 5) -> tuple[NetworkCost, ...]:
    """Measure every shipped network, in the order in which a film meets them."""
    import torch

    rate = _matrix_rate(repeats)
    costs = []
    for name, net, inputs in _networks():
        with torch.inference_mode():
            operations = _multiplications(net, inputs)
            seconds = []
            for _ in range(repeats + 1):
                start = time.perf_counter()
                for given in inputs:
                    net(*given)
                seconds.append(time.perf_counter() - start)
        costs.append(NetworkCost(name, operations, statistics.median(seconds[1:]), operations / rate))
    return tuple(costs)


def _networks() -> Iterator[tuple[str, nn.Module, list[tuple[Any, ...]]]]:
    """Yield the name, the network and what it is called with for one film."""
    import torch

    from boneage.regression.ensemble import load_member, member_names
    from boneage.regression.regions import KNUCKLES, SMALL_JOINTS, WRIST_SIZE, Regions
    from boneage.segmentation.fine import of_one_size
    from boneage.segmentation.hand_frame import FRAME_SHAPE
    from boneage.segmentation.locator import LOCATOR_SIZE, load_unet
    from boneage.segmentation.sites import KNUCKLE_SIZE, SMALL_SIZE, WRIST_SHAPE

    def black(*shape: int) -> tuple[Tensor]:
        return (torch.zeros(shape).to(memory_format=torch.channels_last),)

    yield "locator", load_unet("locator"), [black(1, 1, LOCATOR_SIZE, LOCATOR_SIZE)]
    yield "segmentation", load_unet("segmentation"), [black(1, 1, *FRAME_SHAPE)]
    yield "wrist", load_unet("wrist"), [black(1, 1, *WRIST_SHAPE)]
    yield "joints", load_unet("joints"), [black(len(sites), 1, size, size) for size, sites in of_one_size()]
    regions = Regions(
        torch.zeros(1, len(KNUCKLES), 1, KNUCKLE_SIZE, KNUCKLE_SIZE),
        torch.zeros(1, len(SMALL_JOINTS), 1, SMALL_SIZE, SMALL_SIZE),
        torch.zeros(1, 1, WRIST_SIZE, WRIST_SIZE),
    )
    for name in member_names():
        yield name, load_member(name), [(regions, torch.zeros(1, dtype=torch.long))]


def _multiplications(net: nn.Module, inputs: list[tuple[Any, ...]]) -> int:
    """Count the multiplications of the convolutions and matrix products of some forward passes."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        for given in inputs:
            net(*given)
    return counter.get_total_flops() // 2  # a multiplication and an addition each


def _matrix_rate(repeats: int) -> float:
    """Return the multiplications a second of a large product of matrices."""
    import torch

    a = torch.rand(_MATRIX, _MATRIX)
    seconds = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        _ = a @ a
        seconds.append(time.perf_counter() - start)
    return float(_MATRIX**3 / statistics.median(seconds[2:]))
