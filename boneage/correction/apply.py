"""Measuring a hand again with a reader's corrections."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from boneage.anatomy import BONES, TUBULAR_BONES
from boneage.correction.correction import CARPALS, Correction, Ends
from boneage.errors import Refusal
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement, Measurements
from boneage.measurement.scale import hand_scale
from boneage.measurement.values import scale_free_values
from boneage.segmentation.bone_map import HandFrame

NAN = float("nan")
LEAST_BONES: Final = 5
"""So many tubular bones must be left after a correction: with fewer an age would rest on hardly anything."""
_NO_CARPALS = CarpalMeasurement(NAN, 0, NAN)


@dataclass(frozen=True)
class Corrected:
    """A hand with a reader's corrections: ``shown`` with all its parts, ``speaking`` with those that tell an age."""

    shown: Measurements
    speaking: Measurements


def corrected(measurements: Measurements, frame: HandFrame, correction: Correction) -> Corrected:
    """Return the measurements with moved ends, whole and with the parts alone that may speak for an age.

    A moved bone keeps its widths and its plate; its length and end points are the reader's, and its length from joint
    to joint, which no reader gave, says nothing. A bone that the program did not find becomes one with a length alone.
    A part that is left out keeps its measures and is shown with its values, but has none to be looked up and no share
    in the hand scale.

    Parameters
    ----------
    measurements:
        The measured hand, in pixels of its frame.
    frame:
        The way from that frame to the film.
    correction:
        What the reader says, in pixels of the film.

    Raises
    ------
    Refusal
        With code ``too_little_left`` if fewer than `LEAST_BONES` tubular bones may speak.
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
    if len(set(speaking) & set(TUBULAR_BONES)) < LEAST_BONES:
        msg = f"fewer than {LEAST_BONES} of the 19 tubular bones are left to read an age from"
        raise Refusal("too_little_left", msg, remedy="leave out fewer bones, or settle on an age yourself")
    apart = {*correction.excluded, *correction.moved}
    joints = tuple(length for length in whole.joint_lengths if length.bone not in apart)
    told = replace(whole, bones=tuple(speaking.values()), carpals=carpals, joint_lengths=joints)
    told = replace(told, values=scale_free_values(told))
    return Corrected(replace(whole, values=scale_free_values(whole)), told)


def _moved(bone: BoneMeasurement | None, name: str, ends: Ends, frame: HandFrame) -> BoneMeasurement:
    (x1, y1), (x2, y2) = frame.from_film(np.array(ends)).tolist()
    points, length = ((x1, y1), (x2, y2)), math.dist((x1, y1), (x2, y2))
    if bone is None:
        return BoneMeasurement(name, points, length, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN)
    return replace(bone, endpoints=points, length_px=length)
