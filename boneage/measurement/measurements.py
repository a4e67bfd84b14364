"""The measurements of one hand, in plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Point = tuple[float, float]
_NAN = float("nan")


@dataclass(frozen=True)
class BoneMeasurement:
    """One bone; every length in pixels of the hand frame, ``nan`` where it cannot be measured.

    Attributes
    ----------
    bone:
        Name from `boneage.anatomy.BONES`.
    endpoints:
        Proximal and distal end of the long axis, epiphysis included, ``[x, y]`` in the hand frame.
    length_px:
        Distance of the end points (for radius and ulna only the part that the film shows: not a length to compare).
    shaft_length_px:
        The same without the epiphysis.
    width_px:
        Width across the axis at the middle of the shaft.
    epiphysis_width_px, epiphysis_height_px:
        Extent of the epiphysis across and along the axis.
    metaphysis_width_px:
        Width of the shaft at its growth-plate end.
    gap_px:
        Mean distance between shaft and epiphysis along the axis (0 when they touch).
    plate_contrast:
        Darkness of the growth plate against the bone on both sides: 1 a black line, 0 no line (fused).
    shaft_area_px2, epiphysis_area_px2:
        Areas of the two parts.
    shaft_endpoints:
        Proximal and distal end of the shaft alone, on the same axis.
    cut:
        Whether a part of the bone touches the edge of the hand frame. The lengths and widths that this spoils are
        ``nan`` (radius and ulna keep theirs: they are always cut).
    fusion:
        How far the growth plate has closed: 0 open all across, 1 no line left.
    cortical_thickness_px:
        Mean thickness of the two cortices at mid-shaft (metacarpals 2 to 4, where the film resolves it).
    cortical_width_px:
        Width between the outer edges of the two cortices, found with the thickness.
    cortical_note:
        Why a metacarpal 2 to 4 has no cortical thickness (`boneage.measurement.cortex.Cortex`), empty where it has one.
    """

    bone: str
    endpoints: tuple[Point, Point]
    length_px: float
    shaft_length_px: float
    width_px: float
    epiphysis_width_px: float
    epiphysis_height_px: float
    metaphysis_width_px: float
    gap_px: float
    plate_contrast: float
    shaft_area_px2: float
    epiphysis_area_px2: float
    shaft_endpoints: tuple[Point, Point] = ((_NAN, _NAN), (_NAN, _NAN))
    cut: bool = False
    fusion: float = _NAN
    cortical_thickness_px: float = _NAN
    cortical_width_px: float = _NAN
    cortical_note: str = ""


@dataclass(frozen=True)
class CarpalBone:
    """One carpal: name from `boneage.anatomy.CARPALS`, area, and centre ``[x, y]`` in the hand frame."""

    carpal: str
    area_px2: float
    centre: Point


@dataclass(frozen=True)
class CarpalMeasurement:
    """The carpals, in pixels of the hand frame.

    Attributes
    ----------
    area_px2:
        Total ossified area, 0 when nothing is ossified.
    centres:
        Number of centres that can be told apart.
    region_area_px2:
        Area between the metacarpal bases and the ends of the radius and ulna shafts, ``nan`` when not all are there.
    height_px:
        Distance from the middle of the radius's growth plate to the base of metacarpal 3.
    bones:
        The carpals that have a name, in the order of `boneage.anatomy.CARPALS`.
    """

    area_px2: float
    centres: int
    region_area_px2: float
    height_px: float = _NAN
    bones: tuple[CarpalBone, ...] = ()


@dataclass(frozen=True)
class JointLength:
    """The length of one tubular bone from joint to joint (`boneage.measurement.joint_lengths`).

    Attributes
    ----------
    bone:
        Name from `boneage.anatomy.TUBULAR_BONES`.
    points:
        Proximal and distal point, ``[x, y]`` in the hand frame.
    length_px:
        Their distance in pixels of the hand frame.
    """

    bone: str
    points: tuple[Point, Point]
    length_px: float


@dataclass(frozen=True)
class Measurements:
    """Everything measured on one hand.

    Attributes
    ----------
    bones:
        One entry for each bone that was found.
    carpals:
        The carpal measurements.
    values:
        The scale-free numbers that the reference tables are looked up with: name (for instance
        ``metacarpal_3.length_ratio``) to value; a measurement that could not be taken is left out. Every name is
        listed in `boneage.measurement.definitions`.
    hand_scale_px:
        Size of the hand that lengths are compared with, in pixels of the hand frame (`boneage.measurement.scale`).
    sesamoid_contrast:
        How far a spot stands out where the adductor sesamoid appears (`boneage.measurement.sesamoid`).
    joint_lengths:
        Lengths of the tubular bones from joint to joint, in the order of reports; what could not be taken is left out.
    """

    bones: tuple[BoneMeasurement, ...]
    carpals: CarpalMeasurement
    values: Mapping[str, float] = field(default_factory=dict)
    hand_scale_px: float = _NAN
    sesamoid_contrast: float = _NAN
    joint_lengths: tuple[JointLength, ...] = ()
