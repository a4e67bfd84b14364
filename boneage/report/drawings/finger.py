"""A finger: the joint spaces, and the lengths from joint to joint."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from boneage.measurement.phantom import DrawnBone
from boneage.measurement.values import joint_space
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_axis, draw_outlines, px, scene_of

SIZES: Final = {
    "metacarpal_3": (150.0, 34.0),
    "proximal_phalanx_3": (96.0, 30.0),
    "middle_phalanx_3": (62.0, 24.0),
    "distal_phalanx_3": (38.0, 18.0),
}
"""Shaft length and width."""

SPACES: Final = (9.0, 7.0, 6.0)
"""Joint spaces from the knuckle outwards."""

BENDS: Final = (0.0, 0.0, -14.0, -14.0)
"""Direction of each bone in degrees: the finger is a little bent."""


@cache
def scene() -> Scene:
    """The third ray, lying with the wrist to the left."""
    bones, base = [], np.array([24.0, 60.0])
    for place, (name, (length, width)) in enumerate(SIZES.items()):
        bone = DrawnBone(
            name,
            base=(float(base[0]), float(base[1])),
            direction=BENDS[place],
            shaft_length=length,
            width=width,
            epiphysis_width=width,
            epiphysis_height=round(width / 3),
            gap=3.0,
            shape="capsule",
        )
        bones.append(bone)
        if place < len(SPACES):
            turn = np.radians((BENDS[place] + BENDS[place + 1]) / 2)
            base = np.array(bone.tip) + SPACES[place] * np.array([np.cos(turn), -np.sin(turn)])
    return scene_of(bones, shape=(140, 520))


def draw() -> str:
    """Return the drawing as SVG."""
    found = scene()
    canvas = Canvas(
        900,
        400,
        "Joint spaces and lengths from joint to joint",
        "The bones of one ray. Joint spaces lie between the ends of neighbouring bones, joint-to-joint lengths between "
        "the points marked.",
        scale=1.95,
        origin=(0.0, 0.0),
        shift=(0.0, 40.0),
    )
    draw_outlines(canvas, found)
    for bone in found.measured.bones:
        draw_axis(canvas, bone, beyond=0.0)
    for place, length in enumerate(found.measured.joint_lengths):
        start, end = np.array(length.points)
        aside = (0.0, -62.0 - (24.0 if place % 2 else 0.0))
        canvas.dimension(start, end, name=f"{length.bone}.joint_length_px", value=length.length_px, aside=aside)
        x, y = canvas.place((start + end) / 2)
        canvas.words((x, y + aside[1] - 8), px(length.length_px), style="number", anchor="middle")
        for point in (start, end):
            canvas.dot(point)
    names = list(SIZES)
    for proximal, distal in pairwise(names):
        _draw_space(canvas, found, proximal, distal)
    canvas.words((20, 34), "length from joint to joint (between the dots)")
    canvas.words((20, 338), "joint space: between the ends on the axes, along the mean of both axes")
    canvas.words(
        (20, 384),
        "Dots: base of the metacarpal, base of the proximal phalanx, heads of both phalanges, tip.",
        style="quiet",
    )
    return canvas.svg()


def _draw_space(canvas: Canvas, found: Scene, proximal: str, distal: str) -> None:
    one, other = found.bones[proximal], found.bones[distal]
    space = joint_space(one, other)
    start = np.array(one.endpoints[1])
    directions = [np.subtract(bone.endpoints[1], bone.endpoints[0]) for bone in (one, other)]
    mean = sum(direction / np.linalg.norm(direction) for direction in directions)
    end = start + space * mean / np.linalg.norm(mean)
    canvas.dimension(start, end, name=f"{distal}.joint_space_px", value=space, aside=(0.0, 74.0))
    x, y = canvas.place((start + end) / 2)
    canvas.words((x, y + 100), px(space), style="number", anchor="middle")
