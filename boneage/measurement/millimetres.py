"""The lengths of a hand in millimetres, named as a table of lengths names them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from boneage.anatomy import TUBULAR_BONES
from boneage.measurement.measurements import Measurements
from boneage.radiograph.radiograph import Notice, Radiograph, Spacing

MILLIMETRE_KINDS: Final[dict[str, str]] = {
    "length_mm": "from end to end of the bone, epiphysis included",
    "shaft_length_mm": "from end to end of the shaft alone",
    "joint_length_mm": "from joint to joint, as the Digital Hand Atlas landmarks",
}
"""What may stand after the dot in the name of a length, and how that length runs."""

SHORTEST_MM: Final = 10.0
LONGEST_MM: Final = 90.0
"""Between these lies the third metacarpal of every child from birth to 19 years, with room to spare.

In adults it has 64.6 mm with an SD of 5.4 mm (Buryanov and Kotiuk 2010), so that the upper bound lies 4.7 SD above the
mean; from 9 to 18 years the means of the Digital Hand Atlas run from 54 to 68 mm with SDs of about 4 mm. In a fetus of
a crown-rump length of 9 to 10 cm, long before birth, it has half of the lower bound already (5.2 mm, Garn 1975).
"""
_JUDGED: Final = ("metacarpal_3", "metacarpal_2", "metacarpal_4")
"""The bone whose length is judged: the first of these that is whole."""


def believed(radiograph: Radiograph, measurements: Measurements, film_scale: float) -> Radiograph:
    """Return the film without its pixel size where a metacarpal would then have a length that no child's has.

    Whoever stated the pixel size, the user included, stated that of another film, or in another unit.

    Parameters
    ----------
    radiograph:
        As read.
    measurements:
        In pixels of the hand frame.
    film_scale:
        Film pixels per frame pixel.

    Returns
    -------
    Radiograph
        The same, or one with an unknown spacing and a notice ``impossible_length``.
    """
    spacing, length = radiograph.spacing, _judged_length(measurements)
    if spacing.mm is None or length is None:
        return radiograph
    mm = length * film_scale * spacing.mm
    if SHORTEST_MM <= mm <= LONGEST_MM:
        return radiograph
    text = f"with the pixel size stated a metacarpal would be {mm:.1f} mm long, which no child's is"
    remedy = "correct the pixel size; until then no length is given in millimetres"
    withdrawn = Spacing(None, "withdrawn", False, f"pixel size left out: {text}")
    return replace(
        radiograph, spacing=withdrawn, notices=(*radiograph.notices, Notice("impossible_length", text, remedy))
    )


def _judged_length(measurements: Measurements) -> float | None:
    lengths = {bone.bone: bone.length_px for bone in measurements.bones if not bone.cut and np.isfinite(bone.length_px)}
    return next((lengths[name] for name in _JUDGED if name in lengths), None)


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
