"""Bones to draw: phantoms with a waist, measured, and their outlines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES, epiphysis_is_distal, epiphysis_of, is_filled
from boneage.measurement.measure import measure
from boneage.measurement.measurements import BoneMeasurement, Measurements
from boneage.measurement.phantom import SOFT_TISSUE_LEVEL, DrawnBone, bone_map_of
from boneage.report.drawings.canvas import Canvas
from boneage.report.outlines import outlines
from boneage.segmentation.bone_map import BoneMap

WAIST: Final = 0.32
"""How much narrower than its ends a drawn shaft is at its middle."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A drawn hand, or part of one, and what was measured on it."""

    bone_map: BoneMap
    measured: Measurements

    @property
    def bones(self) -> dict[str, BoneMeasurement]:
        """Bone name to its measurement."""
        return {bone.bone: bone for bone in self.measured.bones}


def scene_of(bones: Iterable[DrawnBone], *, shape: tuple[int, int], waist: float = WAIST) -> Scene:
    """Draw bones with a waist on a map of (rows, columns) and measure them."""
    drawn = tuple(bones)
    bone_map = bone_map_of(drawn, shape=shape)
    labels, pixels = bone_map.labels.copy(), bone_map.pixels.copy()
    for bone in drawn:
        slim = (labels == LABEL_VALUES[bone.bone]) & _beside_waist(labels.shape, bone, waist)
        labels[slim], pixels[slim] = 0, SOFT_TISSUE_LEVEL
    return measured_scene(dataclasses.replace(bone_map, labels=labels, pixels=pixels))


def measured_scene(bone_map: BoneMap) -> Scene:
    """Measure a drawn map."""
    return Scene(bone_map, measure(bone_map))


def _beside_waist(shape: tuple[int, ...], bone: DrawnBone, waist: float) -> NDArray[np.bool_]:
    """Pixels of a straight shaft that a waisted one does not have."""
    y, x = np.indices(shape)
    relative = np.stack((x - bone.base[0], y - bone.base[1]), axis=-1)
    start = 0.0 if epiphysis_is_distal(bone.bone) else bone.length - bone.shaft_length
    share = np.clip((relative @ bone.distal - start) / bone.shaft_length, 0, 1)
    half = bone.width / 2 * (1 - waist * np.sin(np.pi * share) ** 2)
    across = np.abs(relative @ np.array([-bone.distal[1], bone.distal[0]]))
    return np.asarray(across > half)


def draw_outlines(canvas: Canvas, scene: Scene, *, faint: frozenset[str] = frozenset()) -> None:
    """Draw the outline of every labelled part; ``faint`` names labels that only give the surroundings."""
    for line in outlines(scene.bone_map):
        canvas.polygon(line.points, "faint" if line.label in faint else style_of(line.label))


def part_of(scene: Scene, *, rows: tuple[int, int], only: tuple[str, ...] = ()) -> Scene:
    """Return the scene with its labels between two rows alone, and of some bones where they are named."""
    labels = scene.bone_map.labels.copy()
    labels[: rows[0]] = 0
    labels[rows[1] :] = 0
    if only:
        keep = [LABEL_VALUES[name] for bone in only for name in (bone, epiphysis_of(bone))]
        labels[~np.isin(labels, keep)] = 0
    return dataclasses.replace(scene, bone_map=dataclasses.replace(scene.bone_map, labels=labels))


def style_of(label: str) -> str:
    """Return the style of a label's outline."""
    if label.endswith("_epiphysis"):
        return "epiphysis"
    return "carpal" if is_filled(label) else "shaft"


def draw_axis(canvas: Canvas, bone: BoneMeasurement, *, beyond: float = 12.0) -> None:
    """Draw the long axis of a bone and a little beyond both ends."""
    ends = np.array(bone.endpoints)
    unit = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    canvas.line(ends[0] - beyond * unit, ends[1] + beyond * unit, "axis")


def px(value: float) -> str:
    """Return a length as it is written on a drawing."""
    return f"{value:.1f} px"
