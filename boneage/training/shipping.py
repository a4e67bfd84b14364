"""Putting a trained network into the package: folded or plain weights, passport, and the regression's interval."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from boneage.anatomy import JOINTS
from boneage.regression.ensemble import FIRST
from boneage.segmentation.channels import CHANNELS
from boneage.training.belts import Answered, fit_belts
from boneage.training.combination_fit import rounded
from boneage.training.export import TERMS, amend, fold, ship

LOGGER = logging.getLogger(__name__)

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


def ship_regression(state: dict[str, Tensor], cache: Path, name: str = FIRST, *, weight: float = 1.0) -> str:
    """Ship a regression network and fit the interval of all of them together on the ``tune`` films.

    Parameters
    ----------
    state:
        Its weights.
    cache:
        Folder of decoded films.
    name:
        ``regression`` for the first network, ``regression_2`` … for those whose mean with it is the answer.
    weight:
        Of this network in the answer; those of the others stay as they are.

    Returns
    -------
    str
        The sha256 of the network.
    """
    from boneage.regression.ensemble import load_member, member_names, weight_of
    from boneage.training.regional import JOINT_FEATURES, WRIST_FEATURES
    from boneage.training.regression_answers import halved, is_distribution, read_tune

    names = sorted({name, *member_names()})
    weights = [weight if one == name else weight_of(one) for one in names]
    found = read_tune([halved(state) if one == name else load_member(one) for one in names], weights, cache)
    alone = found.mad(names.index(name))
    LOGGER.info("tune: n=%d, MAD %.2f months alone, %.2f of %d", len(found.known), alone, found.mad(), len(names))
    passport = {
        "architecture": "RegionalNetwork",
        "joint_features": list(JOINT_FEATURES),
        "wrist_features": list(WRIST_FEATURES),
        "distribution": is_distribution(state),
        "intended_use": "bone age straight from the finger joints and the wrist, beside the measured one",
        "trained_on": "RSNA train films on which the hand is found; begun as the fine segmentation",
        "weight": weight,
        "tune_mad_months": round(alone, 2),
        "terms": TERMS,
    }
    digest = ship(name, state, passport)
    ship_interval(Answered(found.ages, found.known, np.ones(len(found.known)), found.male))
    amend(names[0], {"tune_mad_months_together": round(found.mad(), 2)})
    return digest


def ship_interval(films: Answered, more: Answered | None = None) -> None:
    """Fit the interval of the regression, and say it in the passport of its first network; films as for `fit_belts`."""
    belts = fit_belts(films, more)
    interval = {
        "ages": belts["M"].ages.tolist(),
        "low": {sex: rounded(belt.low) for sex, belt in belts.items()},
        "high": {sex: rounded(belt.high) for sex, belt in belts.items()},
    }
    amend(FIRST, {"interval_95": interval})
