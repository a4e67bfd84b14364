"""The cortex at mid-shaft: two bright walls about a darker marrow cavity, and what is measured of them."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Final

import numpy as np
from scipy import ndimage

from boneage.anatomy import LABEL_VALUES
from boneage.measurement.cortex import cortical_index
from boneage.measurement.phantom import DrawnBone
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_axis, draw_outlines, measured_scene, part_of, px, scene_of

BONE: Final = DrawnBone("metacarpal_3", (110.0, 352.0), 90.0, 300.0, 96.0, 90.0, 34.0, 10.0, "capsule")

WALL: Final = 15.0
"""Thickness of the drawn cortex in pixels."""

MARROW: Final = 0.55
"""Grey level of the marrow cavity; the cortex has that of bone."""

_LEFT, _FLOOR, _HEIGHT = 40.0, 350.0, 150.0


@cache
def scene() -> Scene:
    """A standing metacarpal whose inside is darker than its walls, on a film that is nearly sharp."""
    found = scene_of([BONE], shape=(364, 220)).bone_map
    shaft = found.labels == LABEL_VALUES[BONE.bone]
    pixels = found.pixels.copy()
    pixels[ndimage.distance_transform_edt(shaft) > WALL] = MARROW
    return measured_scene(dataclasses.replace(found, pixels=ndimage.gaussian_filter(pixels, 1.5).astype(np.float32)))


def draw() -> str:
    """Return the drawing as SVG."""
    found = scene()
    bone = found.bones[BONE.bone]
    canvas = Canvas(
        900,
        400,
        "Cortical thickness at mid-shaft",
        "The middle of a metacarpal's shaft with its two cortices, and below it the grey levels across the shaft.",
        scale=3.2,
        origin=(50.0, 156.0),
        shift=(_LEFT, 20.0),
    )
    (x, low), (_, high) = bone.shaft_endpoints
    middle, reach = (low + high) / 2, abs(low - high) / 10
    draw_outlines(canvas, part_of(found, rows=(160, 236)))
    thickness, width = bone.cortical_thickness_px, bone.cortical_width_px
    for side in (-1, 1):
        outer = x + side * width / 2
        canvas.rectangle((outer, middle - 0.9 * reach), (outer - side * thickness, middle + 0.9 * reach), "band")
        canvas.dimension(
            (outer, middle + 10),
            (outer - side * thickness, middle + 10),
            name=f"cortical_thickness_px {side}",
            value=thickness,
        )
    canvas.dimension((x - width / 2, middle - 14), (x + width / 2, middle - 14), name="cortical_width_px", value=width)
    _draw_profile(canvas, found, middle, reach)
    lines = (
        ("cortical thickness T", px(thickness)),
        ("width between the outer edges W", px(width)),
        ("cortical index 2 T / W", f"{cortical_index(thickness, width):.3f}"),
    )
    for place, (words, number) in enumerate(lines):
        canvas.words((500, 90 + 26 * place), words)
        canvas.words((870, 90 + 26 * place), number, style="number", anchor="end")
    canvas.words((500, 200), "Grey levels are averaged over the middle fifth of the", style="quiet")
    canvas.words((500, 218), "shaft. The edges are where the profile is steepest; T is the", style="quiet")
    canvas.words((500, 236), "mean of both cortices.", style="quiet")
    canvas.words((_LEFT, _FLOOR + 24), "grey level across the shaft", style="quiet")
    draw_axis(canvas, dataclasses.replace(bone, endpoints=((x, 234.0), (x, 162.0))), beyond=0.0)
    return canvas.svg()


def _draw_profile(canvas: Canvas, found: Scene, middle: float, reach: float) -> None:
    """Draw the mean grey level across the shaft below the picture, and lead the edges down to it."""
    bone = found.bones[BONE.bone]
    rows = slice(round(middle - reach), round(middle + reach) + 1)
    columns = np.arange(56, 165)
    levels = found.bone_map.pixels[rows, columns].mean(axis=0)
    placed = [
        (canvas.place((float(column), 0.0))[0], _FLOOR - (float(level) - 0.3) / 0.5 * (_HEIGHT - 80.0))
        for column, level in zip(columns, levels, strict=True)
    ]
    canvas.path([(placed[0][0], _FLOOR + 6), (placed[-1][0], _FLOOR + 6)], "help")
    canvas.path(placed, "curve")
    x = bone.endpoints[0][0]
    for side in (-1, 1):
        for edge in (bone.cortical_width_px / 2, bone.cortical_width_px / 2 - bone.cortical_thickness_px):
            at, top = canvas.place((x + side * edge, middle + 10))
            canvas.path([(at, top), (at, _FLOOR + 6)], "level")
