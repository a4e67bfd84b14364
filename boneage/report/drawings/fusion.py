"""The closing of a growth plate: a dark line all across, a bridge over one half, and no line left."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Final

import numpy as np
from scipy import ndimage

from boneage.measurement.phantom import SOFT_TISSUE_LEVEL, DrawnBone
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_outlines, measured_scene, part_of, scene_of

BONE: Final = DrawnBone("metacarpal_3", (60.0, 240.0), 90.0, 150.0, 70.0, 70.0, 30.0, 0.0, "rectangle")

STATES: Final = {"open all across": 1.0, "a bridge over one half": 0.5, "no line left": 0.0}
"""State to the share of the plate that the dark line still crosses."""

LINE: Final = 5.0
"""Thickness of the line in pixels."""


@cache
def scene(state: str) -> Scene:
    """One state of the plate; shaft and epiphysis touch, so that only the grey levels tell."""
    found = scene_of([BONE], shape=(260, 120), waist=0.15).bone_map
    pixels = found.pixels.copy()
    plate = BONE.base[1] - BONE.shaft_length
    rows, columns = np.indices(pixels.shape)
    across = columns - (BONE.base[0] - BONE.width / 2)
    line = (np.abs(rows - plate) <= LINE / 2) & (across >= 0) & (across < STATES[state] * BONE.width)
    pixels[line] = SOFT_TISSUE_LEVEL
    return measured_scene(dataclasses.replace(found, pixels=ndimage.gaussian_filter(pixels, 0.7).astype(np.float32)))


def draw() -> str:
    """Return the drawing as SVG."""
    canvas = Canvas(
        900,
        330,
        "Closing of the growth plate",
        "Three states of a growth plate: open all across, with a bridge over one half, and closed; with the measured "
        "fusion of each.",
        scale=3.0,
    )
    for place, (state, share) in enumerate(STATES.items()):
        found = scene(state)
        canvas.origin, canvas.shift = (25.0, 52.0), (45.0 + 285.0 * place, 20.0)
        draw_outlines(canvas, part_of(found, rows=(0, 125)))
        plate = BONE.base[1] - BONE.shaft_length
        left = BONE.base[0] - BONE.width / 2
        if share:
            low, high = (left, plate - LINE / 2), (left + share * BONE.width, plate + LINE / 2)
            canvas.rectangle(low, high, "line")
        x, y = canvas.place((BONE.base[0], 125))
        canvas.words((x, y + 30), state, anchor="middle")
        canvas.words((x, y + 54), f"fusion {found.bones[BONE.bone].fusion:.2f}", style="number", anchor="middle")
    return canvas.svg()
