"""The carpal bones: ossified area, number of centres, and the region that they will fill."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError
from skimage.feature import peak_local_max
from skimage.measure import label as connected_components
from skimage.measure import regionprops
from skimage.segmentation import watershed

from boneage.anatomy import CARPALS, FOREARM, LABEL_VALUES, RAYS
from boneage.measurement.axis import Vector
from boneage.measurement.fineness import fineness_of
from boneage.measurement.measurements import BoneMeasurement, CarpalBone, CarpalMeasurement

SMALLEST_CENTRE = 8
"""A carpal centre has at least this many pixels of the coarse frame."""

SADDLE = 0.75
"""Two parts of one component are two bones when the neck between them is narrower than this share of the thinner."""

NAN = float("nan")


Box = tuple[slice, slice]


def measure_carpals(
    labels: NDArray[np.uint8], boxes: Mapping[int, Box], bones: Mapping[str, BoneMeasurement]
) -> CarpalMeasurement:
    """Measure the carpals.

    Parameters
    ----------
    labels:
        Label map.
    boxes:
        Bounding boxes of the labels by value; a label that is missing has none.
    bones:
        The measured bones by name; their ends bound the carpal region.
    """
    region = carpal_region(bones)
    named = _named_carpals(labels, boxes, region)
    area, centres = sum(bone.area_px2 for bone in named), len(named)
    box = boxes.get(LABEL_VALUES["carpals"])
    if box is not None:
        mask = _carpal_mask(labels, box, region, LABEL_VALUES["carpals"])
        area += float(np.count_nonzero(mask))
        separate = _apart_from_named(mask, labels, box, named) if named else mask
        centres += count_centres(separate, fineness=fineness_of(labels.shape))
    return CarpalMeasurement(
        area_px2=area,
        centres=centres,
        region_area_px2=NAN if region is None else float(region.volume),
        height_px=carpal_height(bones),
        bones=named,
    )


def _named_carpals(
    labels: NDArray[np.uint8], boxes: Mapping[int, Box], region: ConvexHull | None
) -> tuple[CarpalBone, ...]:
    """Measure each carpal that has a label of its own: all its pieces in the carpal region, however they touch."""
    found = []
    for name in CARPALS:
        box = boxes.get(LABEL_VALUES[name])
        if box is None:
            continue
        rows, columns = np.nonzero(_carpal_mask(labels, box, region, LABEL_VALUES[name]))
        if rows.size:
            centre = (float(columns.mean()) + box[1].start, float(rows.mean()) + box[0].start)
            found.append(CarpalBone(name, float(rows.size), centre))
    return tuple(found)


def _apart_from_named(
    mask: NDArray[np.bool_], labels: NDArray[np.uint8], box: Box, named: tuple[CarpalBone, ...]
) -> NDArray[np.bool_]:
    """Drop the unnamed pieces that touch a named carpal and are less than half as large as the smallest of these.

    They are taken for the seam of that carpal, not for a bone.
    """
    values = [LABEL_VALUES[bone.carpal] for bone in named]
    rows, columns = box
    wide = (slice(max(0, rows.start - 1), rows.stop + 1), slice(max(0, columns.start - 1), columns.stop + 1))
    beside = ndimage.binary_dilation(np.isin(labels[wide], values), np.ones((3, 3), dtype=bool))
    top, left = rows.start - wide[0].start, columns.start - wide[1].start
    beside = beside[top : top + mask.shape[0], left : left + mask.shape[1]]
    pieces, count = connected_components(mask, connectivity=2, return_num=True)
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)
    touching = np.bincount(pieces[beside], minlength=count + 1) > 0
    seam = touching & (sizes < min(bone.area_px2 for bone in named) / 2)
    return np.asarray(mask & ~seam[pieces])


def carpal_region(bones: Mapping[str, BoneMeasurement]) -> ConvexHull | None:
    """Return the carpal region: the convex hull of the metacarpal bases and the ends of the radius and ulna shafts.

    Each end counts with its two corners: for metacarpals half the mid-shaft width to either side of the axis, for
    radius and ulna half the metaphysis width. The growth plates of radius, ulna and first metacarpal bound it (not
    their epiphyses), so that it does not jump when an epiphysis appears. It exists without any carpal.

    Returns
    -------
    ConvexHull or None
        ``None`` unless radius, ulna and at least three metacarpals, among them the second and the fifth, are there.
    """
    metacarpals = [name for ray in RAYS if (name := f"metacarpal_{ray}") in bones]
    if len(metacarpals) < 3 or any(name not in bones for name in ("metacarpal_2", "metacarpal_5", *FOREARM)):
        return None
    corners: list[Vector] = []
    for name in metacarpals:
        corners.extend(_corners(bones[name], 0, bones[name].width_px))
    for name in FOREARM:
        corners.extend(_corners(bones[name], 1, bones[name].metaphysis_width_px))
    try:
        return ConvexHull(np.array(corners))
    except QhullError:  # all corners on one line: no region
        return None


def carpal_height(bones: Mapping[str, BoneMeasurement]) -> float:
    """Distance in pixels from the middle of the radius's growth plate to the base of the third metacarpal.

    The carpal length of Poznanski AK et al., Radiology 1978;129:661.
    """
    if "radius" not in bones or "metacarpal_3" not in bones:
        return NAN
    start = np.array(bones["radius"].shaft_endpoints[1])
    return float(np.linalg.norm(np.array(bones["metacarpal_3"].endpoints[0]) - start))


def count_centres(mask: NDArray[np.bool_], *, fineness: int = 1) -> int:
    """Count the bones in a mask of all carpals: components, those with a clear neck split by a watershed.

    Components and parts smaller than `SMALLEST_CENTRE` do not count.

    Parameters
    ----------
    mask:
        Carpals, of any shape.
    fineness:
        Pixels of the mask to the unit (`boneage.measurement.fineness`).
    """
    smallest = SMALLEST_CENTRE * fineness**2
    components = connected_components(mask, connectivity=1)
    return sum(
        1 if region.area < 4 * smallest else _parts_of_component(np.pad(region.image, 1), fineness)
        for region in regionprops(components)
        if region.area >= smallest
    )


def _parts_of_component(mask: NDArray[np.bool_], fineness: int) -> int:
    """Count the bones in one component: watershed basins of the distance transform, joined over shallow saddles."""
    # The distance counts from the centre of the first pixel outside: as far beyond the edge as on the coarse frame.
    depth = ndimage.distance_transform_edt(mask) + (fineness - 1) / 2 * mask
    depth = ndimage.gaussian_filter(depth, float(fineness))
    peaks = peak_local_max(depth, min_distance=2 * fineness, labels=mask.astype(int), exclude_border=False)
    if len(peaks) < 2:
        return 1
    markers = np.zeros(mask.shape, dtype=int)
    markers[tuple(peaks.T)] = np.arange(1, len(peaks) + 1)
    basins = watershed(-depth, markers, mask=mask)
    heights = np.concatenate(([0.0], depth[tuple(peaks.T)]))
    parent = list(range(len(peaks) + 1))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for saddle, first, second in _saddles(basins, depth):
        one, two = root(first), root(second)
        if one != two and saddle >= SADDLE * min(heights[one], heights[two]):
            low, high = (one, two) if heights[one] < heights[two] else (two, one)
            parent[low] = high
    areas: dict[int, int] = {}
    for index, area in enumerate(np.bincount(basins.ravel(), minlength=len(parent))[1:], start=1):
        areas[root(index)] = areas.get(root(index), 0) + int(area)
    return max(1, sum(area >= SMALLEST_CENTRE * fineness**2 for area in areas.values()))


def _saddles(basins: NDArray[np.int64], depth: NDArray[np.float64]) -> list[tuple[float, int, int]]:
    """Return (height of the pass, basin, basin) for neighbouring basins, highest pass first."""
    passes: dict[tuple[int, int], float] = {}
    for axis in (0, 1):
        here = np.moveaxis(basins, axis, 0)
        level = np.moveaxis(depth, axis, 0)
        touching = (here[:-1] != here[1:]) & (here[:-1] > 0) & (here[1:] > 0)
        heights = np.minimum(level[:-1], level[1:])[touching]
        for one, two, height in zip(here[:-1][touching], here[1:][touching], heights, strict=True):
            pair = (int(min(one, two)), int(max(one, two)))
            passes[pair] = max(passes.get(pair, 0.0), float(height))
    return sorted(((height, *pair) for pair, height in passes.items()), reverse=True)


def _carpal_mask(labels: NDArray[np.uint8], box: Box, region: ConvexHull | None, value: int) -> NDArray[np.bool_]:
    """Cut out a carpal label without specks and without components outside the carpal region."""
    mask = labels[box] == value
    components, count = connected_components(mask, connectivity=2, return_num=True)
    sizes = np.bincount(components.ravel(), minlength=count + 1)
    keep = sizes >= SMALLEST_CENTRE * fineness_of(labels.shape) ** 2
    keep[0] = False
    if region is not None and count:
        centres = np.asarray(ndimage.center_of_mass(mask, components, range(1, count + 1))).reshape(-1, 2)
        xy = centres[:, ::-1] + (box[1].start, box[0].start)
        outside = (xy @ region.equations[:, :2].T + region.equations[:, 2]).max(axis=1)
        keep[1:] &= outside <= 0.15 * np.sqrt(region.volume)
    return np.asarray(keep[components])


def _corners(bone: BoneMeasurement, end: int, width: float) -> list[Vector]:
    """Return the two corners of a shaft's end (0 proximal, 1 distal); the end itself where the width is unknown."""
    ends = np.array(bone.shaft_endpoints)
    along = ends[1] - ends[0]
    length = float(np.linalg.norm(along))
    if length == 0 or not np.isfinite(width):
        return [ends[end]]
    side = np.array([-along[1], along[0]]) / length * width / 2
    return [ends[end] - side, ends[end] + side]
