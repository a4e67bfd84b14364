"""All measurements of one bone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import FOREARM, LABEL_VALUES, bounding_joints, epiphysis_is_distal, epiphysis_of
from boneage.measurement.axis import Axis, Vector, expected_direction, long_axis
from boneage.measurement.components import Part, part_of
from boneage.measurement.cortex import CORTEX_BONES, measure_cortex
from boneage.measurement.epiphysis import NAN, Epiphysis, gap_between, measure_epiphysis, plate_edges
from boneage.measurement.fineness import fineness_of, to_pixels, to_units
from boneage.measurement.fusion import fusion
from boneage.measurement.measurements import BoneMeasurement, Point
from boneage.measurement.plate import plate_contrast, soft_tissue_level
from boneage.measurement.shaft import Shaft, measure_shaft
from boneage.measurement.straightened import Grid, Profile, grid_over

MINIMUM_SHAFT_PIXELS = 12
"""A shaft label with fewer pixels of the coarse frame is taken for noise and its bone is left out."""

MINIMUM_EPIPHYSIS_PIXELS = 4
"""An epiphysis label with fewer pixels of the coarse frame is taken for noise."""

FARTHEST_PLATE = 0.75
"""An epiphysis farther from its shaft than this share of the metaphysis width belongs to something else."""

Box = tuple[slice, slice]


@dataclass(frozen=True)
class Plate:
    """A growth plate: its gap in units, its contrast, and how far it has closed."""

    gap: float
    contrast: float
    fusion: float


NO_PLATE = Plate(NAN, NAN, NAN)


@dataclass(frozen=True, eq=False)
class Found:
    """The label map with what is known of every bone before any is measured; joints and middles in units.

    ``film_scale`` is the number of film pixels to a pixel of the hand frame.
    """

    labels: NDArray[np.uint8]
    pixels: NDArray[np.float32]
    boxes: Mapping[int, Box]
    joints: Mapping[str, Vector]
    shafts: Mapping[str, Part]
    centroids: Mapping[str, Vector]
    film_scale: float = 1.0

    @property
    def fineness(self) -> int:
        """Pixels of the hand frame to the unit."""
        return fineness_of(self.labels.shape)


def find_shaft(
    bone: str, labels: NDArray[np.uint8], boxes: Mapping[int, Box], joints: Mapping[str, Vector]
) -> Part | None:
    """Cut out the shaft of a bone; ``None`` where there is none."""
    value = LABEL_VALUES[bone]
    first, last = bounding_joints(bone)
    ends = (joints.get(first or ""), joints.get(last))
    segment = None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
    part = part_of(labels, value, boxes.get(value), segment=segment)
    return part if part is not None and part.area >= MINIMUM_SHAFT_PIXELS * part.fineness**2 else None


def measure_bone(bone: str, found: Found) -> BoneMeasurement | None:
    """Measure one bone; ``None`` where its shaft was not found.

    Parameters
    ----------
    bone:
        Name from `boneage.anatomy.BONES`.
    found:
        The label map and the shafts found on it.
    """
    part = found.shafts.get(bone)
    if part is None:
        return None
    forearm = bone in FOREARM
    points = part.points()
    expected = expected_direction(bone, found.joints, found.centroids, _epiphysis_middle(bone, found))
    axis = long_axis(points, expected, may_be_short=forearm, pixel=1 / part.fineness)
    plateward = axis.distal if epiphysis_is_distal(bone) else -axis.distal
    candidate = _find_epiphysis(bone, found, points, axis, plateward)
    grid = grid_over(axis.origin, plateward, (part,) if candidate is None else (part, candidate))
    mask = grid.sample(part.mask, part.offset)
    shaft = measure_shaft(mask, grid, cut=forearm)
    if not np.isfinite(shaft.length):
        return None
    epiphysis, epiphysis_mask = _accept(candidate, grid, shaft)
    if epiphysis is None:
        candidate = None
    plate = NO_PLATE
    if candidate is not None and epiphysis is not None and epiphysis_mask is not None:
        plate = _plate(found, grid, mask, epiphysis_mask, epiphysis, shaft)
    measured = _assemble(bone, part, candidate, grid, shaft, epiphysis, plate, frame=found.labels.shape)
    return _with_cortex(measured, found, grid, shaft) if bone in CORTEX_BONES else measured


def _epiphysis_middle(bone: str, found: Found) -> Vector | None:
    """Middle of the bounding box of a bone's epiphysis label (only a last resort for the sign of the axis)."""
    box = found.boxes.get(LABEL_VALUES[epiphysis_of(bone)])
    if box is None:
        return None
    middle = np.array([(box[1].start + box[1].stop - 1) / 2, (box[0].start + box[0].stop - 1) / 2])
    return to_units(middle, found.fineness)


def _find_epiphysis(bone: str, found: Found, points: Vector, axis: Axis, plateward: Vector) -> Part | None:
    """Cut out the epiphysis, looked for at the plate end of the shaft."""
    value = LABEL_VALUES[epiphysis_of(bone)]
    along = (points - axis.origin) @ plateward
    sideward = np.array([-plateward[1], plateward[0]])
    half = max(float(np.abs((points - axis.origin) @ sideward).max()), 2.0)
    end = axis.origin + float(along.max()) * plateward
    segment = (end - half * sideward, end + half * sideward)
    part = part_of(found.labels, value, found.boxes.get(value), segment=segment, reach=3.0)
    return part if part is not None and part.area >= MINIMUM_EPIPHYSIS_PIXELS * part.fineness**2 else None


def _accept(part: Part | None, grid: Grid, shaft: Shaft) -> tuple[Epiphysis | None, Profile | None]:
    """Measure an epiphysis if it lies at the plate end of the shaft, next to it; else nothing."""
    if part is None:
        return None, None
    middle = part.centroid() - grid.origin
    along, across = float(middle @ grid.plateward), float(middle @ grid.sideward)
    near = float(((part.points() - grid.origin) @ grid.plateward).min()) - 0.5 / part.fineness
    room = max(5.0, FARTHEST_PLATE * shaft.metaphysis_width)
    beyond_middle = along > shaft.plate_end - min(shaft.length, shaft.metaphysis_width) / 2
    if not (beyond_middle and near - shaft.plate_end <= room and abs(across) <= shaft.metaphysis_width):
        return None, None
    mask = grid.sample(part.mask, part.offset)
    found = measure_epiphysis(mask, grid)
    usable = np.isfinite(found.end) and np.isfinite(found.width) and found.width > 0
    return (found, mask) if usable else (None, None)


def _plate(
    found: Found, grid: Grid, shaft_mask: Profile, epiphysis_mask: Profile, epiphysis: Epiphysis, shaft: Shaft
) -> Plate:
    """Measure the growth plate."""
    columns, below, above = plate_edges(shaft_mask, epiphysis_mask, epiphysis, grid)
    gap = gap_between(below, above)
    if columns.size == 0:
        return NO_PLATE
    centre = grid.point(float((below + above).mean() / 2))
    levels = grid.sample(found.pixels, (0, 0))
    reach = gap / 2 + max(2.0, min(epiphysis.height, 0.4 * shaft.metaphysis_width))
    tissue = soft_tissue_level(found.labels, found.pixels, centre, 0.75 * shaft.metaphysis_width)
    contrast = plate_contrast(
        levels, grid, columns=columns, shaft_edge=below, epiphysis_edge=above, reach=reach, soft_tissue=tissue
    )
    closed = fusion(
        levels,
        grid,
        columns=columns,
        shaft_edge=below,
        epiphysis_edge=above,
        soft_tissue=tissue,
        metaphysis_width=shaft.metaphysis_width,
    )
    return Plate(gap, contrast, closed)


def _assemble(
    bone: str,
    part: Part,
    epiphysis_part: Part | None,
    grid: Grid,
    shaft: Shaft,
    epiphysis: Epiphysis | None,
    plate: Plate,
    *,
    frame: tuple[int, int],
) -> BoneMeasurement:
    """Put the numbers of one bone together, in pixels; what the edge of the frame cuts becomes ``nan``."""
    px = grid.fineness
    end = max(shaft.plate_end, epiphysis.end) if epiphysis is not None else shaft.plate_end
    distal = epiphysis_is_distal(bone)
    epiphysis_cut = epiphysis_part is not None and epiphysis_part.touches_edge
    shaft_cut = part.touches_edge
    whole = bone in FOREARM or not shaft_cut
    return BoneMeasurement(
        bone=bone,
        endpoints=_ends(grid, shaft.far_end, end, distal=distal),
        length_px=px * (end - shaft.far_end) if whole and not epiphysis_cut else NAN,
        shaft_length_px=px * shaft.length if whole else NAN,
        width_px=px * shaft.width if whole else NAN,
        epiphysis_width_px=NAN if epiphysis is None or epiphysis_cut else px * epiphysis.width,
        epiphysis_height_px=NAN if epiphysis is None or epiphysis_cut else px * epiphysis.height,
        metaphysis_width_px=px * shaft.metaphysis_width if whole or _plate_inside(grid, shaft, frame) else NAN,
        gap_px=NAN if epiphysis_cut else px * plate.gap,
        plate_contrast=NAN if epiphysis_cut else plate.contrast,
        shaft_area_px2=float(part.area),
        epiphysis_area_px2=NAN if epiphysis_part is None or epiphysis_cut else float(epiphysis_part.area),
        shaft_endpoints=_ends(grid, shaft.far_end, shaft.plate_end, distal=distal),
        cut=shaft_cut or epiphysis_cut,
        fusion=NAN if epiphysis_cut else plate.fusion,
    )


def _with_cortex(bone: BoneMeasurement, found: Found, grid: Grid, shaft: Shaft) -> BoneMeasurement:
    """Add the cortical thickness where the middle of the shaft is known."""
    if not np.isfinite(bone.width_px):
        return bone
    cortex = measure_cortex(found.pixels, grid, shaft, film_scale=found.film_scale)
    return dataclasses.replace(
        bone,
        cortical_thickness_px=grid.fineness * cortex.thickness,
        cortical_width_px=grid.fineness * cortex.width,
        cortical_note=cortex.note,
    )


def _plate_inside(grid: Grid, shaft: Shaft, frame: tuple[int, int]) -> bool:
    """Whether both corners of the shaft's plate end lie well inside the frame of (rows, columns)."""
    half = shaft.metaphysis_width / 2
    corners = np.array([grid.point(shaft.plate_end, side) for side in (-half, half)])
    corners = to_pixels(corners, grid.fineness)
    return bool(np.all(corners > 1) and np.all(corners < np.array([frame[1], frame[0]]) - 2))


def _ends(grid: Grid, far: float, plate: float, *, distal: bool) -> tuple[Point, Point]:
    """Return the proximal and distal end on the axis, in pixels (``distal``: the plate is the distal end)."""
    ends = (_point(to_pixels(grid.point(far), grid.fineness)), _point(to_pixels(grid.point(plate), grid.fineness)))
    return ends if distal else (ends[1], ends[0])


def _point(vector: Vector) -> Point:
    """Return a vector as two floats."""
    return float(vector[0]), float(vector[1])
