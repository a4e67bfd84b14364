"""Drawn hands whose measurements are known: for the tests, the benchmark and the documentation.

Nothing here is anatomy: the sizes are round numbers of the right order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import BONES, LABEL_VALUES, bounding_joints, epiphysis_is_distal, epiphysis_of, ray_of
from boneage.segmentation.bone_map import BoneMap, HandFrame

BONE_LEVEL = 0.8
SOFT_TISSUE_LEVEL = 0.3

Shape = Literal["rectangle", "capsule"]
Points = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnBone:
    """One bone as a rectangle or a capsule, with a rectangular or lens-shaped epiphysis beyond a straight gap.

    Attributes
    ----------
    bone:
        Name from `boneage.anatomy.BONES`.
    base:
        ``[x, y]`` of the proximal end on the axis, epiphysis included.
    direction:
        Angle of the proximal-to-distal direction in degrees: 0 points right, 90 up.
    shaft_length, width:
        Size of the shaft in pixels.
    epiphysis_width, epiphysis_height, gap:
        Size and distance of the epiphysis in pixels; height 0 draws none.
    shape:
        ``rectangle``, or ``capsule`` with round ends away from the plate and an elliptic epiphysis.
    """

    bone: str
    base: tuple[float, float]
    direction: float
    shaft_length: float
    width: float
    epiphysis_width: float = 0.0
    epiphysis_height: float = 0.0
    gap: float = 0.0
    shape: Shape = "rectangle"

    @property
    def length(self) -> float:
        """Length with epiphysis and gap."""
        return self.shaft_length + (self.gap + self.epiphysis_height if self.epiphysis_height > 0 else 0.0)

    @property
    def distal(self) -> Points:
        """Unit vector from proximal to distal, ``[x, y]``."""
        angle = np.radians(self.direction)
        return np.array([np.cos(angle), -np.sin(angle)])

    @property
    def tip(self) -> tuple[float, float]:
        """``[x, y]`` of the distal end on the axis."""
        end = np.array(self.base) + self.length * self.distal
        return float(end[0]), float(end[1])

    def turned(self, degrees: float, about: tuple[float, float]) -> DrawnBone:
        """Return the bone turned anticlockwise about a point."""
        base = turn(np.array([self.base]), degrees, about)[0]
        return replace(self, base=(float(base[0]), float(base[1])), direction=self.direction + degrees)


def turn(points: Points, degrees: float, about: tuple[float, float]) -> Points:
    """Turn points ``[x, y]`` of shape (n, 2) anticlockwise (as seen) about a point."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray((points - np.array(about)) @ matrix.T + np.array(about))


def draw_bone(labels: NDArray[np.uint8], pixels: NDArray[np.float32], bone: DrawnBone) -> None:
    """Draw a bone into a label map and its pixels, in place; a pixel belongs to it when its centre does."""
    y, x = np.indices(labels.shape)
    relative = np.stack((x - bone.base[0], y - bone.base[1]), axis=-1)
    along = relative @ bone.distal
    across = relative @ np.array([-bone.distal[1], bone.distal[0]])
    if epiphysis_is_distal(bone.bone):
        along = bone.length - along  # from the plate end
    start = bone.gap + bone.epiphysis_height if bone.epiphysis_height > 0 else 0.0
    shaft = _shaft(along - start, across, bone)
    parts = [(bone.bone, shaft)]
    if bone.epiphysis_height > 0:
        parts.append((epiphysis_of(bone.bone), _epiphysis(along, across, bone)))
    for name, mask in parts:
        labels[mask] = LABEL_VALUES[name]
        pixels[mask] = BONE_LEVEL


def _shaft(along: Points, across: Points, bone: DrawnBone) -> NDArray[np.bool_]:
    """Pixels of the shaft; ``along`` counts from its plate end."""
    half = bone.width / 2
    if bone.shape == "rectangle":
        return np.asarray((along >= 0) & (along < bone.shaft_length) & (across >= -half) & (across < half))
    straight = bone.shaft_length - half
    body = (along >= 0) & (along < straight) & (np.abs(across) < half)
    return np.asarray(body | ((along >= straight) & ((along - straight) ** 2 + across**2 < half**2)))


def _epiphysis(along: Points, across: Points, bone: DrawnBone) -> NDArray[np.bool_]:
    """Pixels of the epiphysis; ``along`` counts from the end of the bone."""
    half, height = bone.epiphysis_width / 2, bone.epiphysis_height
    if bone.shape == "rectangle":
        return np.asarray((along >= 0) & (along < height) & (across >= -half) & (across < half))
    return np.asarray(((along - height / 2) / (height / 2)) ** 2 + (across / half) ** 2 < 1)


def draw_disc(
    labels: NDArray[np.uint8], pixels: NDArray[np.float32], label: str, centre: tuple[float, float], radius: float
) -> None:
    """Draw a disc with a label, in place."""
    y, x = np.indices(labels.shape)
    mask = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2
    labels[mask] = LABEL_VALUES[label]
    pixels[mask] = BONE_LEVEL


def bone_map_of(
    bones: Iterable[DrawnBone],
    *,
    shape: tuple[int, int] = (512, 384),
    joints: bool = True,
    carpals: Iterable[tuple[tuple[float, float], float]] = (),
    named: Mapping[str, tuple[tuple[float, float], float]] | None = None,
) -> BoneMap:
    """Draw bones and carpals (centre and radius of discs) on one map.

    Parameters
    ----------
    bones:
        The bones to draw.
    shape:
        (rows, columns).
    joints:
        Whether the ends of the bones are given as joints.
    carpals:
        Discs without a name.
    named:
        Label name to its disc, for carpals with a name and the sesamoid.
    """
    labels = np.zeros(shape, dtype=np.uint8)
    pixels = np.full(shape, SOFT_TISSUE_LEVEL, dtype=np.float32)
    points: dict[str, tuple[float, float]] = {}
    for bone in bones:
        draw_bone(labels, pixels, bone)
        first, last = bounding_joints(bone.bone)
        if first is not None:
            points.setdefault(first, bone.base)
        if ray_of(bone.bone) is not None:
            points.setdefault(last, bone.tip)
    for centre, radius in carpals:
        draw_disc(labels, pixels, "carpals", centre, radius)
    for name, (centre, radius) in (named or {}).items():
        draw_disc(labels, pixels, name, centre, radius)
    identity = HandFrame(matrix=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), shape=shape)
    return BoneMap(
        labels=labels,
        pixels=pixels,
        joints=points if joints else {},
        joint_confidence=dict.fromkeys(points, 1.0) if joints else {},
        frame=identity,
    )


_RAYS: Final[dict[int, tuple[float, float, float]]] = {
    1: (226.0, 366.0, 50.0),
    2: (212.0, 340.0, 80.0),
    3: (190.0, 336.0, 90.0),
    4: (170.0, 340.0, 97.0),
    5: (152.0, 348.0, 106.0),
}
"""Ray to the base of its metacarpal and its direction."""

_LENGTHS: Final[dict[str, tuple[float, ...]]] = {
    "metacarpal": (54, 82, 80, 71, 65),
    "proximal_phalanx": (36, 47, 53, 50, 39),
    "middle_phalanx": (0, 28, 34, 33, 23),
    "distal_phalanx": (25, 20, 22, 22, 20),
}
"""Shaft lengths of rays 1 to 5."""

_WIDTHS: Final[dict[str, float]] = {
    "metacarpal": 15,
    "proximal_phalanx": 13,
    "middle_phalanx": 11,
    "distal_phalanx": 8,
}

CARPAL_DISCS: Final = (
    ((182.0, 362.0), 13.0),
    ((160.0, 366.0), 12.0),
    ((206.0, 366.0), 9.0),
    ((160.0, 391.0), 8.0),
    ((185.0, 392.0), 11.0),
)


NAMED_DISCS: Final = {
    "capitate": CARPAL_DISCS[0],
    "hamate": CARPAL_DISCS[1],
    "trapezoid": CARPAL_DISCS[2],
    "triquetrum": CARPAL_DISCS[3],
    "lunate": CARPAL_DISCS[4],
    "scaphoid": ((207.0, 389.0), 9.0),
    "trapezium": ((224.0, 376.0), 7.0),
}
"""The same and two more, with names."""


def phantom_hand(*, shape: Shape = "capsule", epiphyses: bool = True, turned: float = 0.0) -> tuple[DrawnBone, ...]:
    """Return the 21 bones of a drawn hand for a frame of 512 by 384 pixels.

    Parameters
    ----------
    shape:
        Shape of the bones.
    epiphyses:
        Whether they have epiphyses.
    turned:
        Anticlockwise turn about the middle of the frame, in degrees.
    """
    bones: list[DrawnBone] = []
    for ray, (x, y, direction) in _RAYS.items():
        base = (x, y)
        for kind, lengths in _LENGTHS.items():
            if not lengths[ray - 1]:
                continue
            bone = _phantom_bone(f"{kind}_{ray}", base, direction, lengths[ray - 1], _WIDTHS[kind], shape, epiphyses)
            bones.append(bone)
            step = np.array(bone.tip) + 3.0 * bone.distal
            base = (float(step[0]), float(step[1]))
    bones.append(_phantom_bone("radius", (205.0, 530.0), 90.0, 108, 32, shape, epiphyses))
    bones.append(_phantom_bone("ulna", (158.0, 530.0), 90.0, 104, 20, shape, epiphyses))
    order = {bone: place for place, bone in enumerate(BONES)}
    turned_bones = (bone.turned(turned, (191.5, 255.5)) for bone in bones)
    return tuple(sorted(turned_bones, key=lambda bone: order[bone.bone]))


def _phantom_bone(
    bone: str,
    base: tuple[float, float],
    direction: float,
    shaft_length: float,
    width: float,
    shape: Shape,
    epiphysis: bool,
) -> DrawnBone:
    """Return one bone whose epiphysis is as wide as its shaft, a third as high, behind a gap of two pixels."""
    return DrawnBone(
        bone=bone,
        base=base,
        direction=direction,
        shaft_length=shaft_length,
        width=width,
        epiphysis_width=width if epiphysis else 0.0,
        epiphysis_height=round(width / 3) if epiphysis else 0.0,
        gap=2.0 if epiphysis else 0.0,
        shape=shape,
    )
