"""Radius and ulna: where their widths are taken although the film's edge cuts them, and the ulnar variance."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from boneage.anatomy import FOREARM
from boneage.measurement.phantom import DrawnBone
from boneage.measurement.values import ulnar_variance
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_axis, draw_outlines, px, scene_of

BONES: Final = (
    DrawnBone("radius", (110.0, 140.0), 90.0, 108.0, 36.0, 34.0, 12.0, 3.0, "capsule"),
    DrawnBone("ulna", (56.0, 140.0), 90.0, 102.0, 24.0, 20.0, 6.0, 3.0, "capsule"),
)
"""Both reach beyond the edge of the map of 120 rows."""


@cache
def scene() -> Scene:
    """The ends of both bones at the edge of a film, measured."""
    return scene_of(BONES, shape=(120, 180))


def draw() -> str:
    """Return the drawing of radius and ulna as SVG."""
    found = scene()
    canvas = Canvas(
        900,
        520,
        "Radius and ulna",
        "The ends of radius and ulna, which the film's edge cuts: widths, epiphyses and how much farther one shaft "
        "reaches than the other.",
        scale=4.0,
        origin=(20.0, 0.0),
        shift=(60.0, 20.0),
    )
    draw_outlines(canvas, found)
    for name in FOREARM:
        draw_axis(canvas, found.bones[name], beyond=4.0)
    _draw_radius(canvas, found)
    variance = ulnar_variance(found.bones["ulna"], found.bones["radius"])
    radius, ulna = (np.array(found.bones[name].shaft_endpoints[1]) for name in FOREARM)
    ends = np.array(found.bones["radius"].endpoints)
    level = ulna - variance * (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    canvas.line(level - (14.0, 0.0), radius, "level")
    canvas.dimension(ulna, level, name="ulnar variance", value=abs(variance), aside=(-70.0, 0.0))
    x, y = canvas.place(level)
    canvas.words((x - 84, y - 18), f"ulnar variance {variance:+.1f} px", anchor="middle")
    canvas.words((560, 470), "Below: the edge of the film. The length that it", style="quiet")
    canvas.words((560, 488), "leaves is compared with nothing.", style="quiet")
    return canvas.svg()


def _draw_radius(canvas: Canvas, found: Scene) -> None:
    bone = found.bones["radius"]
    x, end = bone.endpoints[1]
    plate = bone.shaft_endpoints[1][1]
    for name, row, width, words in (
        ("metaphysis_width_px", plate + 5, bone.metaphysis_width_px, "metaphysis width"),
        ("width_px", plate + bone.metaphysis_width_px, bone.width_px, "width"),
        ("epiphysis_width_px", end + bone.epiphysis_height_px / 2, bone.epiphysis_width_px, "epiphysis width"),
    ):
        canvas.dimension((x - width / 2, row), (x + width / 2, row), name=name, value=width)
        edge, y = canvas.place((x + width / 2, row))
        canvas.words((max(edge + 14, 560), y + 5), f"{words} {px(width)}")
        canvas.path([(edge + 4, y), (max(edge + 8, 552), y)], "help")
    down = canvas.place((x + bone.metaphysis_width_px / 2, plate))[0] + 60 - canvas.place((x, plate))[0]
    canvas.dimension(
        (x, plate),
        (x, plate + bone.metaphysis_width_px),
        name="place",
        value=bone.metaphysis_width_px,
        aside=(down, 0.0),
    )
    edge, y = canvas.place((x, plate + bone.metaphysis_width_px / 2))
    canvas.words((edge + down + 10, y + 5), "one metaphysis width", style="quiet")
