"""The measured bones in pixels of the film and in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boneage.measurement.cortex import CORTEX_BONES, bone_health_index, cortical_index
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement, Measurements, Point
from boneage.radiograph.radiograph import NO_SPACING, Spacing
from boneage.segmentation.bone_map import HandFrame

FOREARM = frozenset({"radius", "ulna"})


@dataclass(frozen=True)
class FilmBone:
    """One bone on the film.

    Attributes
    ----------
    bone:
        Name from `boneage.anatomy.BONES`.
    endpoints, shaft_endpoints:
        Proximal and distal end with and without the epiphysis, ``[x, y]`` in input-image pixels.
    length_px, shaft_length_px, width_px, epiphysis_width_px, epiphysis_height_px, metaphysis_width_px, gap_px:
        As in `BoneMeasurement`, in input-image pixels; ``None`` where it could not be measured.
    length_mm, shaft_length_mm, width_mm, epiphysis_width_mm, epiphysis_height_mm, metaphysis_width_mm, gap_mm:
        The same in millimetres; ``None`` where the spacing is unknown too.
    plate_contrast:
        As in `BoneMeasurement`.
    fusion:
        As in `BoneMeasurement`.
    cortical_thickness_px, cortical_thickness_mm, cortical_width_px, cortical_width_mm:
        As in `BoneMeasurement`, in input-image pixels and millimetres; ``None`` where unknown.
    cortical_index:
        Share of the width that is cortex (`boneage.measurement.cortex.cortical_index`).
    cortical_note:
        As in `BoneMeasurement`.
    length_comparable:
        Whether the length may be compared with other hands (not for radius and ulna, which the film's edge cuts).
    cut:
        Whether the bone touches the edge of the hand frame.
    """

    bone: str
    endpoints: tuple[Point, Point]
    shaft_endpoints: tuple[Point, Point]
    length_px: float | None
    shaft_length_px: float | None
    width_px: float | None
    epiphysis_width_px: float | None
    epiphysis_height_px: float | None
    metaphysis_width_px: float | None
    gap_px: float | None
    length_mm: float | None
    shaft_length_mm: float | None
    width_mm: float | None
    epiphysis_width_mm: float | None
    epiphysis_height_mm: float | None
    metaphysis_width_mm: float | None
    gap_mm: float | None
    plate_contrast: float | None
    length_comparable: bool
    cut: bool
    fusion: float | None = None
    cortical_thickness_px: float | None = None
    cortical_thickness_mm: float | None = None
    cortical_width_px: float | None = None
    cortical_width_mm: float | None = None
    cortical_index: float | None = None
    cortical_note: str = ""


@dataclass(frozen=True)
class FilmCarpals:
    """The carpals on the film: areas in square input-image pixels and mm², ``None`` where unknown."""

    area_px2: float
    area_mm2: float | None
    region_area_px2: float | None
    region_area_mm2: float | None
    height_px: float | None
    height_mm: float | None
    centres: int


@dataclass(frozen=True)
class FilmMeasurements:
    """Everything measured, on the film: ``bones`` in the order of reports, the carpals, and the bone health index."""

    bones: tuple[FilmBone, ...]
    carpals: FilmCarpals
    bone_health_index: float | None = None


def to_film(measurements: Measurements, frame: HandFrame, spacing: Spacing = NO_SPACING) -> FilmMeasurements:
    """Carry measurements from the hand frame to the film.

    The frame is a similarity, so that every length is multiplied by one number whatever its direction.

    Parameters
    ----------
    measurements:
        In pixels of the hand frame.
    frame:
        The hand frame that they were taken in.
    spacing:
        Physical size of an input-image pixel; without it every value in millimetres is ``None``.
    """
    bones = tuple(film_bone(bone, frame, spacing) for bone in measurements.bones)
    return FilmMeasurements(
        bones=bones,
        carpals=_film_carpals(measurements.carpals, frame.scale, spacing.mm),
        bone_health_index=None if spacing.mm is None else hand_bone_health(measurements, frame.scale * spacing.mm),
    )


def hand_bone_health(measurements: Measurements, mm: float) -> float | None:
    """Return the mean bone health index of metacarpals 2 to 4 in mm^(1/3), ``None`` unless all three are resolved.

    Parameters
    ----------
    measurements:
        In pixels of the hand frame.
    mm:
        Millimetres to a pixel of the hand frame.
    """
    values = [
        bone_health_index(mm * bone.cortical_thickness_px, mm * bone.cortical_width_px, mm * bone.length_px)
        for bone in measurements.bones
        if bone.bone in CORTEX_BONES
    ]
    return _known(float(np.mean(values))) if len(values) == len(CORTEX_BONES) else None


def film_bone(bone: BoneMeasurement, frame: HandFrame, spacing: Spacing = NO_SPACING) -> FilmBone:
    """Carry one bone from the hand frame to the film (see `to_film`)."""

    def px(value: float) -> float | None:
        return _known(value * frame.scale)

    def mm(value: float) -> float | None:
        return None if spacing.mm is None else _known(value * frame.scale * spacing.mm)

    return FilmBone(
        bone=bone.bone,
        endpoints=_carry(bone.endpoints, frame),
        shaft_endpoints=_carry(bone.shaft_endpoints, frame),
        length_px=px(bone.length_px),
        shaft_length_px=px(bone.shaft_length_px),
        width_px=px(bone.width_px),
        epiphysis_width_px=px(bone.epiphysis_width_px),
        epiphysis_height_px=px(bone.epiphysis_height_px),
        metaphysis_width_px=px(bone.metaphysis_width_px),
        gap_px=px(bone.gap_px),
        length_mm=mm(bone.length_px),
        shaft_length_mm=mm(bone.shaft_length_px),
        width_mm=mm(bone.width_px),
        epiphysis_width_mm=mm(bone.epiphysis_width_px),
        epiphysis_height_mm=mm(bone.epiphysis_height_px),
        metaphysis_width_mm=mm(bone.metaphysis_width_px),
        gap_mm=mm(bone.gap_px),
        plate_contrast=_known(bone.plate_contrast),
        length_comparable=bone.bone not in FOREARM and not bone.cut,
        cut=bone.cut,
        fusion=_known(bone.fusion),
        cortical_thickness_px=px(bone.cortical_thickness_px),
        cortical_thickness_mm=mm(bone.cortical_thickness_px),
        cortical_width_px=px(bone.cortical_width_px),
        cortical_width_mm=mm(bone.cortical_width_px),
        cortical_index=_known(cortical_index(bone.cortical_thickness_px, bone.cortical_width_px)),
        cortical_note=bone.cortical_note,
    )


def _film_carpals(carpals: CarpalMeasurement, scale: float, mm: float | None) -> FilmCarpals:
    """Carry the carpals to the film; areas scale with the square."""
    area, region = carpals.area_px2 * scale**2, _known(carpals.region_area_px2 * scale**2)
    height = _known(carpals.height_px * scale)
    return FilmCarpals(
        area_px2=area,
        area_mm2=None if mm is None else area * mm**2,
        region_area_px2=region,
        region_area_mm2=None if mm is None or region is None else region * mm**2,
        height_px=height,
        height_mm=None if mm is None or height is None else height * mm,
        centres=carpals.centres,
    )


def _carry(points: tuple[Point, Point], frame: HandFrame) -> tuple[Point, Point]:
    """Carry two points to the film."""
    (x0, y0), (x1, y1) = frame.to_film(np.array(points)).tolist()
    return (x0, y0), (x1, y1)


def _known(value: float) -> float | None:
    """Return the value, ``None`` for ``nan``."""
    return float(value) if np.isfinite(value) else None
