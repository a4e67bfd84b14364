"""How exact the measurements are on drawn bones, as a table for the documentation.

Run with ``python -m boneage.measurement.precision``.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from typing import Final

import numpy as np

from boneage.measurement.measure import measure
from boneage.measurement.phantom import DrawnBone, Shape, bone_map_of

SIZES: Final = ((100, 24, 26, 10, 3), (80, 16, 18, 8, 3), (50, 13, 14, 5, 2), (24, 8, 9, 3, 2), (12, 6, 6, 2, 1))
"""Shaft length and width, epiphysis width and height, gap in pixels."""

COLUMNS: Final = ("length", "mid-shaft width", "metaphysis width", "epiphysis width", "epiphysis height", "gap")


def errors(size: tuple[int, int, int, int, int], shape: Shape, *, count: int = 200, seed: int = 0) -> np.ndarray:
    """Return errors of shape (count, 6) in pixels, in the order of `COLUMNS`, of one bone drawn again and again.

    The height and the gap of a capsule's elliptic epiphysis are not constant across it and are left ``nan``.
    """
    random = np.random.default_rng(seed)
    length, width, epiphysis_width, height, gap = size
    rows = []
    for degrees in random.uniform(0, 360, count):
        bone = DrawnBone("proximal_phalanx_3", (0.0, 0.0), degrees, length, width, epiphysis_width, height, gap, shape)
        base = 95 + random.uniform(0, 1, 2) - bone.distal * bone.length / 2
        bone = dataclasses.replace(bone, base=(float(base[0]), float(base[1])))
        found = measure(bone_map_of([bone], shape=(190, 190))).bones[0]
        straight = shape == "rectangle"
        rows.append(
            (
                found.length_px - bone.length,
                found.width_px - width,
                found.metaphysis_width_px - width,
                found.epiphysis_width_px - epiphysis_width,
                found.epiphysis_height_px - height if straight else np.nan,
                found.gap_px - gap if straight else np.nan,
            )
        )
    return np.array(rows)


def table(*, count: int = 200) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| shaft, epiphysis, gap | shape | " + " | ".join(COLUMNS) + " |"
    yield "|---|---|" + "---|" * len(COLUMNS)
    shapes: tuple[Shape, ...] = ("rectangle", "capsule")
    for shape in shapes:
        for size in SIZES:
            cells = []
            for column in errors(size, shape, count=count).T:
                known = column[np.isfinite(column)]
                cells.append(
                    f"{known.mean():+.2f} ± {known.std():.2f} ({np.abs(known).max():.2f})" if known.size else "–"
                )
            length, width, epiphysis_width, height, gap = size
            yield f"| {length}×{width}, {epiphysis_width}×{height}, {gap} | {shape} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
