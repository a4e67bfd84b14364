"""The carpals, their region and height."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Final

from boneage.anatomy import CARPALS
from boneage.measurement.carpals import carpal_region
from boneage.measurement.phantom import bone_map_of, draw_disc, phantom_hand
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_outlines, measured_scene, part_of, px

DISCS: Final = {
    "capitate": ((184.0, 359.0), 13.0),
    "hamate": ((161.0, 363.0), 11.0),
    "triquetrum": ((153.0, 385.0), 7.0),
    "lunate": ((178.0, 392.0), 9.0),
    "scaphoid": ((201.0, 386.0), 8.0),
    "trapezium": ((222.0, 375.0), 6.0),
    "trapezoid": ((206.0, 362.0), 7.0),
}
"""Centre and radius of each drawn carpal in the drawn hand."""


@cache
def scene() -> Scene:
    """The drawn hand with seven carpals, measured."""
    found = bone_map_of(phantom_hand(), shape=(512, 384))
    labels, pixels = found.labels.copy(), found.pixels.copy()
    for name in CARPALS:
        centre, radius = DISCS[name]
        draw_disc(labels, pixels, name, centre, radius)
    return measured_scene(dataclasses.replace(found, labels=labels, pixels=pixels))


def draw() -> str:
    """Return the drawing of the carpals as SVG."""
    found = scene()
    carpals = found.measured.carpals
    canvas = Canvas(
        900,
        520,
        "The carpals and their region",
        "Seven carpals, the convex region between the bases of the metacarpals and the ends of radius and ulna shafts, "
        "and the carpal height.",
        scale=3.6,
        origin=(120.0, 318.0),
        shift=(20.0, 20.0),
    )
    draw_outlines(canvas, part_of(found, rows=(316, 450)))
    region = carpal_region(found.bones)
    assert region is not None
    corners = region.points[region.vertices]
    canvas.polygon(corners, "region")
    for corner in corners:
        canvas.dot(corner)
    start, end = found.bones["radius"].shaft_endpoints[1], found.bones["metacarpal_3"].endpoints[0]
    canvas.dimension(start, end, name="height_px", value=carpals.height_px)
    for bone in carpals.bones:
        x, y = canvas.place(bone.centre)
        canvas.words((x, y + 4), bone.carpal, style="quiet", anchor="middle")
    lines = (
        ("carpal height", px(carpals.height_px)),
        ("ossified area, all carpals", f"{carpals.area_px2:.0f} px²"),
        ("centres", str(carpals.centres)),
        ("carpal region", f"{carpals.region_area_px2:.0f} px²"),
        ("area share", f"{found.measured.values['carpals.area_share']:.3f}"),
    )
    _list(canvas, lines, left=560.0, top=60.0)
    canvas.words((560, 200), "Green: convex hull of the corners (dots):", style="quiet")
    canvas.words((560, 218), "metacarpal bases at mid-shaft width, ends of", style="quiet")
    canvas.words((560, 236), "radius and ulna shafts at metaphysis width.", style="quiet")
    canvas.words((560, 262), "Red: from the middle of the radius's growth", style="quiet")
    canvas.words((560, 280), "plate to the base of metacarpal 3.", style="quiet")
    return canvas.svg()


def _list(canvas: Canvas, lines: tuple[tuple[str, str], ...], *, left: float, top: float) -> None:
    """Write names and numbers under each other."""
    for place, (words, number) in enumerate(lines):
        canvas.words((left, top + 24 * place), words)
        canvas.words((left + 310, top + 24 * place), number, style="number", anchor="end")
