"""What the two regression networks say of the `tune` films, read as in use, while one of them is being shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from boneage.network_weights import load_weights
from boneage.regression.network import AgeNetwork
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regressor import both_ages, ready
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.training.hand_frames import sample_stored
from boneage.training.regional import JOINT_FEATURES, WRIST_FEATURES, fine_to_stored, joints_on_fine_grid
from boneage.training.regression import open_source


@dataclass(frozen=True, eq=False)
class TuneAnswers:
    """Ages in months by each network and by the label, and whether each is a boy; each of shape (n,)."""

    whole: NDArray[np.float64]
    regions: NDArray[np.float64]
    known: NDArray[np.float64]
    male: NDArray[np.bool_]


def read_tune(state: dict[str, Tensor], cache: Path) -> TuneAnswers:
    """Read the ``tune`` films with the shipped network of the whole hand and new weights of the regional one."""
    tensors, entry = load_weights("regression")
    whole = ready(AgeNetwork(tuple(entry["widths"]), tuple(entry["blocks"])), tensors)
    halved = {name: value.half().float() if value.is_floating_point() else value for name, value in state.items()}
    regions = ready(RegionalNetwork(JOINT_FEATURES, WRIST_FEATURES), halved)
    source = open_source(cache)
    films, frames = source.films, source.frames
    rows = []
    for number in source.usable("tune"):
        picture, _ = sample_stored(films, [number], [fine_to_stored(films, frames, number)], FINE_SHAPE)
        record = films.records[number]
        ages = both_ages(whole, regions, picture, joints_on_fine_grid(films, frames, number), record.sex)
        rows.append((*ages, record.bone_age_months, record.sex == "M"))
    one, two, known, male = np.array(rows, dtype=float).T
    return TuneAnswers(one, two, known, male > 0)
