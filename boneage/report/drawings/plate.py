"""The growth plate: its gap, and its contrast as a profile of grey levels."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.measurement.phantom import SOFT_TISSUE_LEVEL, DrawnBone
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_outlines, measured_scene, part_of, px, scene_of

BONE = DrawnBone(
    "metacarpal_3",
    base=(110.0, 330.0),
    direction=90.0,
    shaft_length=220.0,
    width=84.0,
    epiphysis_width=80.0,
    epiphysis_height=42.0,
    gap=12.0,
    shape="capsule",
)

BLUR: float = 6.0
"""The film is as sharp as a Gaussian of this standard deviation in pixels: the line is not as dark as soft tissue."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Grey levels along the bone, averaged over the central half of the epiphysis, and the levels read off it.

    ``rows`` are positions on the map; ``bone``, ``plate`` and ``tissue`` are B, V and T.
    """

    rows: NDArray[np.intp]
    levels: NDArray[np.float64]
    bone: float
    plate: float
    tissue: float


def scene() -> Scene:
    """The distal end of a standing metacarpal on a film that is not quite sharp."""
    sharp = scene_of([BONE], shape=(360, 220)).bone_map
    blurred = ndimage.gaussian_filter(sharp.pixels, BLUR).astype(np.float32)
    return measured_scene(dataclasses.replace(sharp, pixels=blurred))


def profile(found: Scene) -> Profile:
    """Read the profile off the map (the drawn bone stands upright, so that rows run along the plate)."""
    bone = found.bones[BONE.bone]
    x, end = bone.endpoints[1]
    plate = bone.shaft_endpoints[1][1]
    quarter = bone.epiphysis_width_px / 4
    columns = slice(round(x - quarter), round(x + quarter) + 1)
    reach = bone.gap_px / 2 + min(bone.epiphysis_height_px, 0.4 * bone.metaphysis_width_px)
    middle = plate - bone.gap_px / 2
    rows = np.arange(round(min(middle - reach, end)), round(middle + reach) + 1)
    levels = found.bone_map.pixels[rows, columns].mean(axis=1).astype(float)
    gap = np.abs(rows - middle) <= bone.gap_px / 2 + 1
    above, below = rows < middle - bone.gap_px / 2, rows > middle + bone.gap_px / 2
    return Profile(
        rows, levels, float(min(levels[above].max(), levels[below].max())), float(levels[gap].min()), SOFT_TISSUE_LEVEL
    )


def draw() -> str:
    """Return the drawing as SVG."""
    found = scene()
    bone = found.bones[BONE.bone]
    canvas = Canvas(
        900,
        430,
        "Gap and contrast of the growth plate",
        "Left: the distal end of a metacarpal with the gap between shaft and epiphysis, measured over the central half "
        "of the epiphysis. Right: grey levels along the bone with the levels of bone, plate and soft tissue.",
        scale=3.0,
        origin=(40.0, 42.0),
        shift=(30.0, 22.0),
    )
    draw_outlines(canvas, part_of(found, rows=(0, 170)))
    x, end = bone.endpoints[1]
    plate = bone.shaft_endpoints[1][1]
    quarter = bone.epiphysis_width_px / 4
    canvas.rectangle((x - quarter, end), (x + quarter, 166), "band")
    for share in (-0.8, -0.4, 0.4, 0.8):
        canvas.line((x + share * quarter, plate), (x + share * quarter, plate - bone.gap_px), "help")
    canvas.dimension((x, plate), (x, plate - bone.gap_px), name="gap_px", value=bone.gap_px)
    right = canvas.place((x + bone.metaphysis_width_px / 2, plate - bone.gap_px / 2))
    canvas.words((right[0] + 14, right[1] - 4), "gap", style="words")
    canvas.words((right[0] + 14, right[1] + 14), px(bone.gap_px), style="number")
    canvas.words((canvas.place((x, end))[0], 34), "central half of the epiphysis", style="quiet", anchor="middle")
    _draw_profile(canvas, found)
    canvas.words(
        (20, 416),
        "The gap is a mean over the band; the grey levels are averaged over it along the plate.",
        style="quiet",
    )
    return canvas.svg()


def _draw_profile(canvas: Canvas, found: Scene) -> None:
    """Draw grey level (to the right) against position along the bone (the same height as in the picture beside it)."""
    read = profile(found)
    left, width = 520.0, 300.0

    def at(level: float) -> float:
        return left + (level - 0.1) / 0.8 * width

    top, bottom = canvas.place((0, read.rows[0]))[1], canvas.place((0, read.rows[-1]))[1]
    canvas.path([(left, top - 14), (left, bottom + 8), (left + width + 10, bottom + 8)], "help")
    canvas.path(
        [(at(level), canvas.place((0, row))[1]) for row, level in zip(read.rows, read.levels, strict=True)], "curve"
    )
    for level, letter, words, anchor in (
        (read.bone, "B", "bone", "middle"),
        (read.plate, "V", "plate", "start"),
        (read.tissue, "T", "soft tissue", "end"),
    ):
        canvas.path([(at(level), top - 14), (at(level), bottom + 8)], "level")
        canvas.words((at(level), top - 36), words, style="quiet", anchor=anchor)
        canvas.words((at(level), top - 20), f"{letter} = {level:.2f}", anchor=anchor)
    canvas.words((left + width + 10, bottom + 28), "grey level", style="quiet", anchor="end")
    contrast = found.bones[BONE.bone].plate_contrast
    canvas.words((left, bottom + 52), "plate contrast = (B − V) / (B − T) =")
    canvas.words((left + 262, bottom + 52), f"{contrast:.2f}", style="number")
    canvas.words((left - 12, top), "epiphysis", style="quiet", anchor="end")
    canvas.words((left - 12, bottom), "shaft", style="quiet", anchor="end")
