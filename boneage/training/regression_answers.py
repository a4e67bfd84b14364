"""What regression networks say of the `tune` films, read as in use, while one of them is being shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from boneage.radiograph.radiograph import Sex
from boneage.regression.ensemble import ready
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import cut_regions
from boneage.regression.regressor import ages_of
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.training.export import as_shipped
from boneage.training.hand_frames import sample_stored
from boneage.training.regional import JOINT_FEATURES, WRIST_FEATURES, fine_to_stored, joints_on_fine_grid
from boneage.training.regression import open_source


@dataclass(frozen=True, eq=False)
class TuneAnswers:
    """Ages in months by each network (members, n) and by the label (n,), whether each is a boy (n,), and the weights of
    the networks (members,)."""

    by_member: NDArray[np.float64]
    known: NDArray[np.float64]
    male: NDArray[np.bool_]
    weights: tuple[float, ...]

    @property
    def ages(self) -> NDArray[np.float64]:
        """The answers (n,): weighted means over the networks."""
        return np.asarray(np.average(self.by_member, axis=0, weights=self.weights))

    def mad(self, member: int | None = None) -> float:
        """Return the mean absolute difference in months of one network, or of the mean of all."""
        ages = self.ages if member is None else self.by_member[member]
        return float(np.abs(ages - self.known).mean())


def is_distribution(state: dict[str, Tensor]) -> bool:
    """Whether the weights are those of a network that answers with a distribution."""
    return len(state["answer.bias"]) > 1


def halved(state: dict[str, Tensor]) -> RegionalNetwork:
    """Return a network with new weights in the half precision that they are shipped in."""
    tensors = {name: as_shipped(value).float() if value.is_floating_point() else value for name, value in state.items()}
    net = RegionalNetwork(JOINT_FEATURES, WRIST_FEATURES, distribution=is_distribution(state))
    return ready(net, tensors)


def read_tune(members: Sequence[RegionalNetwork], weights: Sequence[float], cache: Path) -> TuneAnswers:
    """Read the ``tune`` films with every network; ``weights`` are those in the answer."""
    source = open_source(cache)
    films, frames = source.films, source.frames
    ages, known, male = [], [], []
    for number in source.usable("tune"):
        picture, _ = sample_stored(films, [number], [fine_to_stored(films, frames, number)], FINE_SHAPE)
        record = films.records[number]
        regions = cut_regions(picture, joints_on_fine_grid(films, frames, number))
        sex: Sex = "M" if record.sex == "M" else "F"
        ages.append([ages_of(net, regions, sex)[0] for net in members])
        known.append(record.bone_age_months)
        male.append(record.sex == "M")
    return TuneAnswers(np.array(ages).T, np.array(known, dtype=float), np.array(male), tuple(weights))
