"""Helpers that build a result from the plain objects of the other rooms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from boneage.anatomy import FOREARM
from boneage.errors import BoneAgeError, Refusal
from boneage.result.model import (
    BoneResult,
    CarpalResult,
    Carpals,
    Input,
    JointResult,
    PixelSpacing,
    Point,
    Quality,
    Reason,
    Result,
    Seconds,
    Severity,
    SexOfInput,
    Software,
)

if TYPE_CHECKING:
    from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement, JointLength, Measurements
    from boneage.radiograph.radiograph import Notice, Radiograph
    from boneage.segmentation.bone_map import BoneMap, HandFrame

"""Bones of which a hand film shows only the distal part."""

_NO_QUALITY: Final = Quality()
_NO_SOFTWARE: Final = Software()
_NO_SECONDS: Final = Seconds()


def input_of(path: str, radiograph: Radiograph) -> Input:
    """Return the ``input`` block of a film that was read."""
    spacing = radiograph.spacing
    return Input(
        path=path,
        sha256=radiograph.sha256,
        format=radiograph.format,
        rows=radiograph.rows,
        columns=radiograph.columns,
        laterality=radiograph.laterality,
        sex=SexOfInput(radiograph.sex, radiograph.sex_source),
        pixel_spacing=PixelSpacing(spacing.mm, spacing.source, spacing.reliable, spacing.message),
    )


def result_reasons(notices: Iterable[Notice]) -> tuple[Reason, ...]:
    """Return the remarks of a film as reasons of a result."""
    reasons = []
    for notice in notices:
        severity: Severity = "info" if notice.severity == "info" else "warning"
        reasons.append(Reason(notice.code, notice.message, notice.remedy, severity))
    return tuple(reasons)


def refused(
    source: Input,
    error: BoneAgeError,
    *,
    warnings: tuple[Reason, ...] = (),
    quality: Quality = _NO_QUALITY,
    software: Software = _NO_SOFTWARE,
    seconds: Seconds = _NO_SECONDS,
) -> Result:
    """Return the result of a film that no age may be read from."""
    causes = (error, *error.others) if isinstance(error, Refusal) else (error,)
    reasons = tuple(Reason(cause.code, cause.message, cause.remedy) for cause in causes)
    return Result("refused", source, (*reasons, *warnings), quality=quality, software=software, seconds=seconds)


def errored(
    source: Input | str,
    error: BoneAgeError,
    *,
    warnings: tuple[Reason, ...] = (),
    software: Software = _NO_SOFTWARE,
    seconds: Seconds = _NO_SECONDS,
) -> Result:
    """Return the result of a film that could not be read or processed (refused where the error is a `Refusal`)."""
    known = Input(path=source) if isinstance(source, str) else source
    result = refused(known, error, warnings=warnings, software=software, seconds=seconds)
    return result if isinstance(error, Refusal) else replace(result, status="error")


def film_bones(
    measurements: Measurements,
    frame: HandFrame,
    *,
    spacing_mm: float | None = None,
    z: Mapping[str, float] | None = None,
    sds_for_bone_age: Mapping[str, float] | None = None,
    sds_for_chronological_age: Mapping[str, float] | None = None,
) -> tuple[BoneResult, ...]:
    """Carry the measured bones from the hand frame to film pixels.

    Parameters
    ----------
    measurements:
        In pixels of the hand frame.
    frame:
        The way back to the film.
    spacing_mm:
        Millimetres per film pixel, ``None`` where not known.
    z:
        Bone name to the z score of its length; a bone that is missing has none.
    sds_for_bone_age, sds_for_chronological_age:
        Bone name to the z score of its joint-to-joint length for either age.
    """
    scores = z or {}
    joints = {joint.bone: joint for joint in measurements.joint_lengths}
    return tuple(
        replace(
            _film_bone(bone, frame, spacing_mm, scores.get(bone.bone)),
            **_film_joint_length(joints.get(bone.bone), frame, spacing_mm),
            length_sds_for_bone_age=(sds_for_bone_age or {}).get(bone.bone),
            length_sds_for_chronological_age=(sds_for_chronological_age or {}).get(bone.bone),
        )
        for bone in measurements.bones
    )


def _film_joint_length(joint: JointLength | None, frame: HandFrame, spacing_mm: float | None) -> dict[str, Any]:
    """Return the fields of `BoneResult` about the joint-to-joint length."""
    if joint is None:
        return {}
    first, last = _to_film(joint.points, frame)
    length = joint.length_px * frame.scale
    return {
        "joint_endpoints": (first, last),
        "joint_length_px": length,
        "joint_length_mm": None if spacing_mm is None else length * spacing_mm,
    }


def _film_bone(bone: BoneMeasurement, frame: HandFrame, spacing_mm: float | None, z: float | None) -> BoneResult:
    scale = frame.scale
    ends = _to_film(bone.endpoints, frame)
    length = _scaled(bone.length_px, scale)
    partial = bone.bone in FOREARM
    return BoneResult(
        bone=bone.bone,
        endpoints=(ends[0], ends[1]),
        length_px=length,
        length_mm=None if spacing_mm is None or length is None else length * spacing_mm,
        shaft_length_px=_scaled(bone.shaft_length_px, scale),
        width_px=_scaled(bone.width_px, scale),
        epiphysis_width_px=_scaled(bone.epiphysis_width_px, scale),
        epiphysis_height_px=_scaled(bone.epiphysis_height_px, scale),
        metaphysis_width_px=_scaled(bone.metaphysis_width_px, scale),
        gap_px=_scaled(bone.gap_px, scale),
        plate_contrast=_scaled(bone.plate_contrast, 1.0),
        shaft_area_px2=_scaled(bone.shaft_area_px2, scale**2),
        epiphysis_area_px2=_scaled(bone.epiphysis_area_px2, scale**2),
        z=None if z is None or not math.isfinite(z) else float(z),
        partial=partial,
        **_film_cortex(bone, scale, spacing_mm),
    )


def _film_cortex(bone: BoneMeasurement, scale: float, spacing_mm: float | None) -> dict[str, Any]:
    """Return the fields of `BoneResult` about the growth plate's closing and the cortex."""
    thickness, width = _scaled(bone.cortical_thickness_px, scale), _scaled(bone.cortical_width_px, scale)
    return {
        "fusion": _scaled(bone.fusion, 1.0),
        "cortical_thickness_px": thickness,
        "cortical_thickness_mm": None if spacing_mm is None or thickness is None else thickness * spacing_mm,
        "cortical_width_px": width,
        "cortical_index": None if thickness is None or not width else 2 * thickness / width,
        "cortical_note": bone.cortical_note,
    }


def film_carpals(carpals: CarpalMeasurement, frame: HandFrame, *, z: Mapping[str, float] | None = None) -> Carpals:
    """Carry the carpals from the hand frame to film pixels; ``z`` maps a carpal's name to the z score of its size."""
    area = frame.scale**2
    centres = _to_film((bone.centre for bone in carpals.bones), frame)
    return Carpals(
        _scaled(carpals.area_px2, area),
        carpals.centres,
        _scaled(carpals.region_area_px2, area),
        bones=tuple(
            CarpalResult(bone.carpal, bone.area_px2 * area, centre, (z or {}).get(bone.carpal))
            for bone, centre in zip(carpals.bones, centres, strict=True)
        ),
    )


def film_bone_health(measurements: Measurements, frame: HandFrame, spacing: PixelSpacing) -> float | None:
    """Return the bone health index of a hand; ``None`` without a reliable spacing or where a cortex is missing."""
    from boneage.measurement.bone_health import hand_bone_health

    if spacing.mm is None or not spacing.reliable:
        return None
    return hand_bone_health(measurements, frame.scale * spacing.mm)


def film_joints(bone_map: BoneMap) -> tuple[JointResult, ...]:
    """Carry the joints from the hand frame to film pixels."""
    points = _to_film(bone_map.joints.values(), bone_map.frame)
    return tuple(
        JointResult(name, point, bone_map.joint_confidence.get(name))
        for name, point in zip(bone_map.joints, points, strict=True)
    )


def _to_film(points: Iterable[Point], frame: HandFrame) -> list[Point]:
    import numpy as np  # here, so that reading and writing results needs no arrays

    film = frame.to_film(np.array(list(points), dtype=float).reshape(-1, 2))
    return [(float(x), float(y)) for x, y in film]


def _scaled(value: float, scale: float) -> float | None:
    return float(value) * scale if math.isfinite(value) else None
