"""Scale-free values of one hand, named as in `boneage.measurement.definitions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from boneage import anatomy
from boneage.measurement.definitions import CARPALS, DEFINITIONS, HAND, SESAMOID, proximal_neighbour
from boneage.measurement.measurements import BoneMeasurement, Measurements

NAN = float("nan")


def scale_free_values(measurements: Measurements) -> dict[str, float]:
    """Return every scale-free value that can be taken; what cannot is left out.

    Parameters
    ----------
    measurements:
        The measured hand (its own ``values`` are not looked at).

    Returns
    -------
    dict
        Name of `boneage.measurement.definitions.DEFINITIONS` to a finite number, in their order.
    """
    bones = {bone.bone: bone for bone in measurements.bones}
    values: dict[str, float] = {}
    for name, definition in DEFINITIONS.items():
        if definition.bone == CARPALS:
            value = _CARPAL_FORMULAS[definition.kind.name](measurements)
        elif definition.bone in anatomy.CARPALS:
            value = _carpal_size(definition.bone, measurements)
        elif definition.bone == HAND:
            value = metacarpal_index(bones)
        elif definition.bone == SESAMOID:
            value = measurements.sesamoid_contrast
        elif definition.bone in bones:
            value = _BONE_FORMULAS[definition.kind.name](bones[definition.bone], measurements.hand_scale_px, bones)
        else:
            continue
        if np.isfinite(value):
            values[name] = float(value)
    return values


def joint_space(proximal: BoneMeasurement, distal: BoneMeasurement) -> float:
    """Distance in pixels from the distal end of one bone to the proximal end of the next, along their mean axis.

    Negative where the bones overlap on the film (bent finger).
    """
    directions = [np.subtract(bone.endpoints[1], bone.endpoints[0]) for bone in (proximal, distal)]
    lengths = [float(np.linalg.norm(direction)) for direction in directions]
    if min(lengths) == 0:
        return NAN
    mean = directions[0] / lengths[0] + directions[1] / lengths[1]
    size = float(np.linalg.norm(mean))
    if size < 1:  # more than 120 degrees apart: no joint to speak of
        return NAN
    return float(np.subtract(distal.endpoints[0], proximal.endpoints[1]) @ mean / size)


def _ratio(part: float, whole: float) -> float:
    """Return part / whole, ``nan`` where the whole is not positive."""
    return part / whole if np.isfinite(whole) and whole > 0 else NAN


def _joint_space_ratio(bone: BoneMeasurement, scale: float, bones: Mapping[str, BoneMeasurement]) -> float:
    """Joint space towards the proximal neighbour in units of the hand scale."""
    neighbour = bones.get(proximal_neighbour(bone.bone) or "")
    if neighbour is None or not (np.isfinite(bone.length_px) and np.isfinite(neighbour.length_px)):
        return NAN
    return _ratio(joint_space(neighbour, bone), scale)


def ulnar_variance(ulna: BoneMeasurement, radius: BoneMeasurement) -> float:
    """Distance in pixels by which the ulna's shaft reaches farther than the radius's, along the radius's axis.

    On the shafts, whose ends exist at every age (the proximal-to-proximal distance of Hafner R, Poznanski AK, Donovan
    JM, Skeletal Radiol 1989;18:513); negative where the ulna is the shorter one.
    """
    along = np.subtract(radius.endpoints[1], radius.endpoints[0])
    size = float(np.linalg.norm(along))
    if size == 0:
        return NAN
    return float(np.subtract(ulna.shaft_endpoints[1], radius.shaft_endpoints[1]) @ along / size)


def metacarpal_index(bones: Mapping[str, BoneMeasurement]) -> float:
    """Sum of the lengths of metacarpals 2 to 5 over the sum of their mid-shaft widths; ``nan`` unless all are there.

    After Sinclair RJ, Kitchin AH, Turner RW, Q J Med 1960;29:19.
    """
    four = [bones[name] for ray in anatomy.RAYS[1:] if (name := f"metacarpal_{ray}") in bones]
    if len(four) < 4:
        return NAN
    return _ratio(sum(bone.length_px for bone in four), sum(bone.width_px for bone in four))


def _carpal_size(name: str, measurements: Measurements) -> float:
    """Root of a carpal's area in units of the hand scale."""
    areas = [bone.area_px2 for bone in measurements.carpals.bones if bone.carpal == name]
    return _ratio(float(np.sqrt(areas[0])), measurements.hand_scale_px) if areas else NAN


def _variance_ratio(bone: BoneMeasurement, scale: float, bones: Mapping[str, BoneMeasurement]) -> float:
    """Ulnar variance in units of the hand scale."""
    return _ratio(ulnar_variance(bone, bones["radius"]), scale) if "radius" in bones else NAN


_BONE_FORMULAS: Final[dict[str, Callable[[BoneMeasurement, float, Mapping[str, BoneMeasurement]], float]]] = {
    "length_ratio": lambda bone, scale, _: _ratio(bone.length_px, scale),
    "width_ratio": lambda bone, _, __: _ratio(bone.width_px, bone.length_px),
    "epiphysis_width_ratio": lambda bone, _, __: _ratio(bone.epiphysis_width_px, bone.metaphysis_width_px),
    "epiphysis_height_ratio": lambda bone, _, __: _ratio(bone.epiphysis_height_px, bone.metaphysis_width_px),
    "gap_ratio": lambda bone, _, __: float(np.sqrt(_ratio(bone.gap_px, bone.metaphysis_width_px))),
    "plate_contrast": lambda bone, _, __: bone.plate_contrast,
    "joint_space_ratio": _joint_space_ratio,
    "fusion": lambda bone, _, __: bone.fusion,
    "shaft_length_ratio": lambda bone, scale, _: _ratio(bone.shaft_length_px, scale),
    "epiphysis_shape_ratio": lambda bone, _, __: _ratio(bone.epiphysis_height_px, bone.epiphysis_width_px),
    "variance_ratio": _variance_ratio,
}

_CARPAL_FORMULAS: Final[dict[str, Callable[[Measurements], float]]] = {
    "size_ratio": lambda m: _ratio(float(np.sqrt(m.carpals.area_px2 or NAN)), m.hand_scale_px),
    "area_share": lambda m: _ratio(m.carpals.area_px2 or NAN, m.carpals.region_area_px2),
    "centres": lambda m: float(m.carpals.centres or NAN),
    "height_ratio": lambda m: _ratio(m.carpals.height_px, m.hand_scale_px),
}
