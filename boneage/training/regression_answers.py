"""What a regression network says of the `tune` films, read as in use, while it is being shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from boneage.radiograph.radiograph import Sex
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import cut_regions
from boneage.regression.regressor import ages_of, ready
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.training.hand_frames import sample_stored
from boneage.training.regional import JOINT_FEATURES, WRIST_FEATURES, fine_to_stored, joints_on_fine_grid
from boneage.training.regression import open_source


@dataclass(frozen=True, eq=False)
class TuneAnswers:
    """Ages in months by the network and by the label, and whether each is a boy; each of shape (n,)."""

    ages: NDArray[np.float64]
    known: NDArray[np.float64]
    male: NDArray[np.bool_]


def read_tune(state: dict[str, Tensor], cache: Path) -> TuneAnswers:
    """Read the ``tune`` films with new weights, in the half precision that they are shipped in."""
    halved = {name: value.half().float() if value.is_floating_point() else value for name, value in state.items()}
    net = ready(RegionalNetwork(JOINT_FEATURES, WRIST_FEATURES), halved)
    source = open_source(cache)
    films, frames = source.films, source.frames
    rows = []
    for number in source.usable("tune"):
        picture, _ = sample_stored(films, [number], [fine_to_stored(films, frames, number)], FINE_SHAPE)
        record = films.records[number]
        regions = cut_regions(picture, joints_on_fine_grid(films, frames, number))
        sex: Sex = "M" if record.sex == "M" else "F"
        rows.append((*ages_of(net, regions, sex), record.bone_age_months, record.sex == "M"))
    ages, known, male = np.array(rows, dtype=float).T
    return TuneAnswers(ages, known, male > 0)
