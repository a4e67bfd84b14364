"""Where the adductor sesamoid is looked for, and how far a spot stands out there."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Final

import numpy as np

from boneage.measurement.phantom import BONE_LEVEL, bone_map_of, phantom_hand
from boneage.measurement.sesamoid import ALONG, ASIDE
from boneage.report.drawings.canvas import Canvas, Points
from boneage.report.drawings.scene import Scene, draw_axis, draw_outlines, measured_scene, part_of

RADIUS: Final = 2.6
"""Radius of the drawn spot in pixels."""

THUMB: Final = ("metacarpal_1", "proximal_phalanx_1")


@cache
def scene(*, spot: bool = True) -> Scene:
    """The drawn hand, with or without a bright spot beside the head of metacarpal 1."""
    plain = bone_map_of(phantom_hand(), shape=(512, 384))
    if not spot:
        return measured_scene(plain)
    y, x = np.indices(plain.pixels.shape)
    centre = spot_centre(measured_scene(plain))
    pixels = plain.pixels.copy()
    pixels[np.hypot(x - centre[0], y - centre[1]) < RADIUS] = BONE_LEVEL
    return measured_scene(dataclasses.replace(plain, pixels=pixels))


def corners(found: Scene) -> Points:
    """Return the corners of the rectangle that is looked at, as `boneage.measurement.sesamoid` lays it."""
    size = found.measured.hand_scale_px
    return np.array([_at(found, along * size, aside * size) for along, aside in _BOX])


_BOX: Final = ((ALONG[0], ASIDE[0]), (ALONG[0], ASIDE[1]), (ALONG[1], ASIDE[1]), (ALONG[1], ASIDE[0]))


def spot_centre(found: Scene) -> Points:
    """Return where the spot is drawn: the middle of the rectangle."""
    return np.asarray(corners(found).mean(axis=0))


def _at(found: Scene, along: float, aside: float) -> Points:
    """Return the place so far along metacarpal 1 from its distal end and so far to its ulnar side."""
    ends = np.array(found.bones["metacarpal_1"].endpoints)
    distal = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    ulnar = np.array([distal[1], -distal[0]])
    return np.asarray(ends[1] + along * distal + aside * ulnar)


def draw() -> str:
    """Return the drawing as SVG."""
    found = scene()
    canvas = Canvas(
        900,
        400,
        "The adductor sesamoid",
        "The thumb's metacarpal with the rectangle on its ulnar side in which a bright spot is looked for.",
        scale=3.6,
        origin=(205.0, 278.0),
        shift=(10.0, 15.0),
    )
    draw_outlines(canvas, part_of(found, rows=(282, 384), only=THUMB))
    draw_axis(canvas, found.bones["metacarpal_1"], beyond=0.0)
    canvas.polygon(corners(found), "region")
    turn = np.linspace(0, 2 * np.pi, 25)[:-1]
    spot = spot_centre(found) + RADIUS * np.stack((np.cos(turn), np.sin(turn)), axis=1)
    canvas.polygon(spot, "epiphysis")
    size = found.measured.hand_scale_px
    start, end = _at(found, 0.0, 0.0), _at(found, ALONG[0] * size, 0.0)
    canvas.dimension(start, end, name="along", value=-ALONG[0] * size)
    start, end = _at(found, ALONG[0] * size, 0.0), _at(found, ALONG[0] * size, ASIDE[1] * size)
    canvas.dimension(start, end, name="aside", value=ASIDE[1] * size)
    lines = (
        (f"along the axis: {-ALONG[0]:.2f} S behind the end of metacarpal 1 to {ALONG[1]:.2f} S beyond it", ""),
        (f"aside, to the ulnar side: {ASIDE[0]:.2f} to {ASIDE[1]:.2f} S from the axis", ""),
        ("contrast with the spot drawn", f"{found.measured.values['sesamoid.contrast']:.2f}"),
        ("contrast without it", f"{scene(spot=False).measured.values['sesamoid.contrast']:.2f}"),
    )
    for place, (words, number) in enumerate(lines):
        canvas.words((400, 250 + 26 * place), words, style="words" if number else "quiet")
        canvas.words((870, 250 + 26 * place), number, style="number", anchor="end")
    return canvas.svg()
