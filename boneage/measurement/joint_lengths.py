"""Lengths from joint to joint, as the Digital Hand Atlas landmarks have them.

Its 37 landmarks do not lie in the middle of the joint spaces. On its films they stand on the edge of one of the two
bones, in the middle of its end: at a finger's base joint on the base of the proximal phalanx (its epiphysis), at the
further joints on the head of the more proximal bone, at the tip on the end of the distal phalanx, at the wrist on the
base of the metacarpal. So a metacarpal's joint length holds the joint space before the knuckle, that of a middle or
distal phalanx the space before it, and that of a proximal phalanx none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import TUBULAR_BONES, epiphysis_is_distal, ray_of
from boneage.measurement.axis import Vector
from boneage.measurement.bone_edge import BoneEnd, edge_at
from boneage.measurement.definitions import proximal_neighbour
from boneage.measurement.measurements import BoneMeasurement, JointLength

Side = Literal["proximal", "distal"]
Place = tuple[str, Side]
"""One end of one bone."""


def places_of(bone: str) -> tuple[Place, Place]:
    """Return whose ends bound the joint length of a bone.

    Examples
    --------
    >>> places_of("middle_phalanx_3")
    (('proximal_phalanx_3', 'distal'), ('middle_phalanx_3', 'distal'))
    """
    if bone.startswith("metacarpal"):
        return (bone, "proximal"), (f"proximal_phalanx_{ray_of(bone)}", "proximal")
    if bone.startswith("proximal"):
        return (bone, "proximal"), (bone, "distal")
    return (proximal_neighbour(bone) or "", "distal"), (bone, "distal")


PLACES: Final[tuple[Place, ...]] = tuple(dict.fromkeys(place for bone in TUBULAR_BONES for place in places_of(bone)))
"""The 24 places that bound the 19 lengths, each once."""


def joint_points(bones: Mapping[str, BoneMeasurement], pixels: NDArray[np.float32]) -> dict[Place, Vector]:
    """Return the points that the joint lengths run between; those of missing and cut bones are left out.

    Parameters
    ----------
    bones:
        Bone name to its measurement in the hand frame.
    pixels:
        Film in the hand frame, bone bright.
    """
    points: dict[Place, Vector] = {}
    for name, side in PLACES:
        bone = bones.get(name)
        end = None if bone is None or bone.cut else bone_end(bone, side)
        if end is not None:
            points[name, side] = edge_at(end, pixels)
    return points


def joint_lengths(bones: Mapping[str, BoneMeasurement], pixels: NDArray[np.float32]) -> tuple[JointLength, ...]:
    """Return the joint lengths that can be taken, in the order of reports (parameters as in `joint_points`)."""
    return tuple(_lengths(joint_points(bones, pixels)))


def bone_end(bone: BoneMeasurement, side: Side) -> BoneEnd | None:
    """Return one end of a measured bone, ``None`` where its axis or its width is not known."""
    ends = np.array(bone.endpoints, dtype=float)
    axis = ends[1] - ends[0]
    length = float(np.linalg.norm(axis))
    at_plate = epiphysis_is_distal(bone.bone) == (side == "distal")
    width = bone.metaphysis_width_px if at_plate else bone.width_px
    if not (np.isfinite(length) and length > 0 and np.isfinite(width) and width > 0):
        return None
    outward = axis / length * (1.0 if side == "distal" else -1.0)
    return BoneEnd(point=ends[int(side == "distal")], outward=outward, width=width)


def _lengths(points: Mapping[Place, Vector]) -> Iterator[JointLength]:
    for bone in TUBULAR_BONES:
        first, last = (points.get(place) for place in places_of(bone))
        if first is not None and last is not None:
            ends = ((float(first[0]), float(first[1])), (float(last[0]), float(last[1])))
            yield JointLength(bone=bone, points=ends, length_px=float(np.hypot(*(last - first))))
