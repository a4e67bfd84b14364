"""Putting a trained network into the package: folded or plain weights, passport, and the regression's interval."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from boneage.anatomy import JOINTS
from boneage.segmentation.channels import CHANNELS
from boneage.training.export import TERMS, fold, ship

LOGGER = logging.getLogger(__name__)

INTERVAL_AGES: Final = tuple(float(age) for age in range(12, 229, 12))
"""Predicted ages, in months, at which the half width of the regression's interval is given."""
_WINDOW_MONTHS: Final = 18.0
_LEAST_FILMS: Final = 60
_FINE_FILMS: Final = (
    "RSNA train films with drawn epiphyses and carpals (853), as stored and with their native joint regions; "
    "shafts as the first network sees them; carpals named by place"
)


def ship_locator(state: dict[str, Tensor]) -> str:
    """Ship the locator; returns the sha256."""
    from boneage.training.locator import FEATURES

    trained_on = "RSNA train films with 21 drawn joints (443)"
    return ship(
        "locator", fold(state), _unet_passport(len(JOINTS), FEATURES, trained_on, "finds the hand and 21 joints")
    )


def ship_segmentation(state: dict[str, Tensor]) -> str:
    """Ship the segmentation network; returns the sha256."""
    from boneage.training.segmentation import FEATURES, TISSUE_WEIGHTS

    folded = fold(state)
    folded["last.bias"] = folded["last.bias"].clone()
    folded["last.bias"][: len(TISSUE_WEIGHTS)] -= torch.tensor(TISSUE_WEIGHTS).log()  # the weights served training only
    trained_on = "RSNA train films with drawn epiphyses and carpals (861); shafts grown from them by edges"
    passport = _unet_passport(CHANNELS, FEATURES, trained_on, "names every pixel of the hand frame")
    return ship("segmentation", folded, passport)


def ship_joints(state: dict[str, Tensor]) -> str:
    """Ship the network of the finger joints; returns the sha256."""
    from boneage.segmentation.sites import JOINT_CLASSES
    from boneage.training.fine import JOINT_FEATURES

    use = "segments the finger joints in upright patches on the fine grid"
    return ship("joints", fold(state), _unet_passport(len(JOINT_CLASSES), JOINT_FEATURES, _FINE_FILMS, use))


def ship_wrist(state: dict[str, Tensor]) -> str:
    """Ship the network of the wrist; returns the sha256."""
    from boneage.segmentation.wrist import WRIST_CHANNELS
    from boneage.training.fine import WRIST_FEATURES

    use = "segments the wrist on the fine grid and names the carpals"
    return ship("wrist", fold(state), _unet_passport(WRIST_CHANNELS, WRIST_FEATURES, _FINE_FILMS, use))


def _unet_passport(outputs: int, features: tuple[int, ...], trained_on: str, use: str) -> dict[str, Any]:
    return {
        "architecture": "FoldedUNet",
        "inputs": 1,
        "outputs": outputs,
        "features": list(features),
        "intended_use": use,
        "trained_on": trained_on,
        "terms": TERMS,
    }


def conformal_half_widths(
    predicted: NDArray[np.float64], known: NDArray[np.float64], ages: tuple[float, ...] = INTERVAL_AGES
) -> list[float]:
    """Return half widths of 95 % intervals by predicted age: split conformal in windows of age.

    At each age the films within 18 months of it, at least 60, give the ``ceil(0.95 (n + 1))``-th smallest absolute
    error (Lei J et al., J Am Stat Assoc 2018;113:1094-1111).
    """
    errors = np.abs(predicted - known)
    result = []
    for age in ages:
        distance = np.abs(predicted - age)
        near = np.argsort(distance, kind="stable")[: max(_LEAST_FILMS, int((distance <= _WINDOW_MONTHS).sum()))]
        ordered = np.sort(errors[near])
        rank = min(len(ordered), int(np.ceil(0.95 * (len(ordered) + 1))))
        result.append(round(float(ordered[rank - 1]), 1))
    return result


def ship_regression(state: dict[str, Tensor], cache: Path) -> str:
    """Ship the regression network with an interval fitted on the ``tune`` films; returns the sha256."""
    from boneage.regression.network import SEX_CODES, AgeNetwork
    from boneage.regression.regressor import shrink
    from boneage.segmentation.hand_frame import FRAME_SHAPE
    from boneage.training.films import data_root, load_films
    from boneage.training.hand_frames import frame_to_stored, load_hand_frames, sample_stored
    from boneage.training.regression import BLOCKS, WIDTHS, usable

    films = load_films(cache, data_root())
    frames = load_hand_frames(films, cache)
    net = AgeNetwork(WIDTHS, BLOCKS)
    net.load_state_dict({key: value.float() for key, value in state.items()})
    net.eval()
    numbers = usable(films, frames, "tune")
    predicted = []
    for start in range(0, len(numbers), 32):
        some = numbers[start : start + 32]
        pictures, _ = sample_stored(films, some, [frame_to_stored(films, frames, n) for n in some], FRAME_SHAPE)
        codes = torch.tensor([SEX_CODES[films.records[n].sex] for n in some])
        with torch.inference_mode():
            predicted.append(net(shrink(pictures), codes).numpy())
    ages = np.array([films.records[n].bone_age_months for n in numbers])
    found = np.concatenate(predicted).astype(float)
    male = np.array([films.records[n].sex == "M" for n in numbers])
    mad = float(np.abs(found - ages).mean())
    LOGGER.info("tune: n=%d, MAD %.2f months as it is read", len(numbers), mad)
    passport = {
        "architecture": "AgeNetwork",
        "widths": list(WIDTHS),
        "blocks": list(BLOCKS),
        "interval_95": {
            "ages": list(INTERVAL_AGES),
            "M": conformal_half_widths(found[male], ages[male]),
            "F": conformal_half_widths(found[~male], ages[~male]),
        },
        "intended_use": "bone age from the picture alone, beside the measured one",
        "trained_on": "RSNA train films on which the hand is found",
        "tune_mad_months": round(mad, 2),
        "terms": TERMS,
    }
    return ship("regression", state, passport)
