"""The drawn reading with measurements to chart: scale-free values, and lengths from joint to joint in millimetres."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_reading import fake_reading

from boneage.anatomy import TUBULAR_BONES
from boneage.result import AgeByRegression, BoneAge, Estimates, PixelSpacing, Reading

RELIABLE = PixelSpacing(0.1, "user", True, "given by the user")
UNRELIABLE = PixelSpacing(0.1, "detector", False, "at the detector")
LENGTH_MM = 52.0
"""Of every bone, from joint to joint."""

VALUES = {"metacarpal_3.length_ratio": 0.99, "metacarpal_3.fusion": 0.25, "radius.epiphysis_width_ratio": 0.9}


def charted_reading(
    *, spacing: PixelSpacing = RELIABLE, own: float | None = 118.0, joints: bool = True, **changed: Any
) -> Reading:
    """A girl's reading, bone age 124 months, by the regression alone."""
    reading = fake_reading(own=own)
    bones = tuple(
        replace(bone, joint_length_px=LENGTH_MM / 0.1, joint_length_mm=LENGTH_MM)
        if joints and bone.bone in TUBULAR_BONES
        else bone
        for bone in reading.result.bones
    )
    result = replace(
        reading.result,
        input=replace(reading.result.input, pixel_spacing=spacing),
        bone_age=BoneAge(124.0, (113.0, 135.0), "regression"),
        estimates=Estimates(regression=AgeByRegression(124.0, (113.0, 135.0))),
        bones=bones,
        values=VALUES,
    )
    return replace(reading, result=replace(result, **changed))
