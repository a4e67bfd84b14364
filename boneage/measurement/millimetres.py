"""The lengths of a hand in millimetres, named as a table of lengths names them."""

from __future__ import annotations

from typing import Final

import numpy as np

from boneage.anatomy import TUBULAR_BONES
from boneage.measurement.measurements import Measurements
from boneage.radiograph.radiograph import Spacing

MILLIMETRE_KINDS: Final[dict[str, str]] = {
    "length_mm": "from end to end of the bone, epiphysis included",
    "shaft_length_mm": "from end to end of the shaft alone",
    "joint_length_mm": "from joint to joint, as the Digital Hand Atlas landmarks",
}
"""What may stand after the dot in the name of a length, and how that length runs."""


def millimetre_values(measurements: Measurements, film_scale: float, spacing: Spacing) -> dict[str, float]:
    """Return ``<bone>.<kind>`` to millimetres for the tubular bones; nothing where the spacing is not reliable.

    Parameters
    ----------
    measurements:
        In pixels of the hand frame.
    film_scale:
        Film pixels per frame pixel (`boneage.segmentation.bone_map.HandFrame.scale`).
    spacing:
        Size of a film pixel.
    """
    if spacing.mm is None or not spacing.reliable:
        return {}
    lengths: dict[str, float] = {}
    for bone in measurements.bones:
        if bone.bone in TUBULAR_BONES and not bone.cut:
            lengths[f"{bone.bone}.length_mm"] = bone.length_px
            lengths[f"{bone.bone}.shaft_length_mm"] = bone.shaft_length_px
    for joint in measurements.joint_lengths:
        lengths[f"{joint.bone}.joint_length_mm"] = joint.length_px
    factor = film_scale * spacing.mm
    return {name: float(length * factor) for name, length in lengths.items() if np.isfinite(length)}
