"""Measuring a hand again with a reader's corrections."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from boneage.anatomy import BONES
from boneage.correction.correction import CARPALS, Correction, Ends
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement, Measurements
from boneage.measurement.scale import hand_scale
from boneage.measurement.values import scale_free_values
from boneage.segmentation.bone_map import HandFrame

NAN = float("nan")
_NO_CARPALS = CarpalMeasurement(NAN, 0, NAN)


def corrected(measurements: Measurements, frame: HandFrame, correction: Correction) -> Measurements:
    """Return the measurements with moved ends, and with the values of the parts that may speak for an age.

    A moved bone keeps its widths, its plate and its joint-to-joint length; its length and end points are the reader's.
    A bone that the program did not find becomes one with a length alone. A part that is left out keeps its measures
    but has no value to be looked up, and no share in the hand scale.

    Parameters
    ----------
    measurements:
        The measured hand, in pixels of its frame.
    frame:
        The way from that frame to the film.
    correction:
        What the reader says, in pixels of the film.
    """
    known = {bone.bone: bone for bone in measurements.bones}
    for name, ends in correction.moved.items():
        known[name] = _moved(known.get(name), name, ends, frame)
    bones = {name: known[name] for name in BONES if name in known}
    speaking = {name: bone for name, bone in bones.items() if name not in correction.excluded}
    scale = hand_scale(speaking)
    whole = replace(
        measurements,
        bones=tuple(bones.values()),
        hand_scale_px=scale if math.isfinite(scale) else measurements.hand_scale_px,
    )
    carpals = _NO_CARPALS if CARPALS in correction.excluded else whole.carpals
    return replace(whole, values=scale_free_values(replace(whole, bones=tuple(speaking.values()), carpals=carpals)))


def _moved(bone: BoneMeasurement | None, name: str, ends: Ends, frame: HandFrame) -> BoneMeasurement:
    (x1, y1), (x2, y2) = frame.from_film(np.array(ends)).tolist()
    points, length = ((x1, y1), (x2, y2)), math.dist((x1, y1), (x2, y2))
    if bone is None:
        return BoneMeasurement(name, points, length, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN)
    return replace(bone, endpoints=points, length_px=length)
