"""The size of the hand that lengths are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from boneage.measurement.measurements import BoneMeasurement

TYPICAL_SHARES: Final[dict[str, float]] = {
    "metacarpal_2": 1.030,
    "metacarpal_3": 1.000,
    "metacarpal_4": 0.890,
    "metacarpal_5": 0.817,
    "proximal_phalanx_2": 0.591,
    "proximal_phalanx_3": 0.665,
    "proximal_phalanx_4": 0.624,
    "proximal_phalanx_5": 0.486,
}
"""Typical length in units of metacarpal 3.

Medians over the 899 hands of the Digital Hand Atlas with expert landmarks (Payer C et al., Med Image Anal 2019;54:207),
joint to joint. They only make the scale insensitive to a missing bone; how the proportions change with age stays in
the ratios.
"""

FEWEST_BONES = 3
"""With fewer of these bones there is no scale."""


def hand_scale(bones: Mapping[str, BoneMeasurement]) -> float:
    """Return the size of a hand as the length that its metacarpal 3 should have, in pixels.

    Each of metacarpals and proximal phalanges 2 to 5 gives an estimate (its length over its typical share); the scale
    is the mean of their logarithms after dropping the highest and the lowest quarter, so that no single bone moves it
    far.

    Returns
    -------
    float
        ``nan`` with fewer than `FEWEST_BONES` of the bones.
    """
    logs = [
        np.log(bones[name].length_px / share)
        for name, share in TYPICAL_SHARES.items()
        if name in bones and bones[name].length_px > 0
    ]
    if len(logs) < FEWEST_BONES:
        return float("nan")
    dropped = len(logs) // 4
    return float(np.exp(np.mean(sorted(logs)[dropped : len(logs) - dropped])))
