"""The bone health index of a hand."""

from __future__ import annotations

import numpy as np

from boneage.measurement.cortex import CORTEX_BONES, bone_health_index
from boneage.measurement.measurements import Measurements


def hand_bone_health(measurements: Measurements, mm: float) -> float | None:
    """Return the mean bone health index of metacarpals 2 to 4 in mm^(1/3), ``None`` unless all three are resolved.

    Parameters
    ----------
    measurements:
        In pixels of the hand frame.
    mm:
        Millimetres to a pixel of the hand frame.
    """
    values = [
        bone_health_index(mm * bone.cortical_thickness_px, mm * bone.cortical_width_px, mm * bone.length_px)
        for bone in measurements.bones
        if bone.bone in CORTEX_BONES
    ]
    mean = float(np.mean(values)) if len(values) == len(CORTEX_BONES) else np.nan
    return mean if np.isfinite(mean) else None
