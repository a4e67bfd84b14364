"""Which pixels of a label belong to its bone: holes filled, specks and strays dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage.measure import label as connected_components

from boneage.measurement.fineness import fineness_of, to_units

SPECK_SHARE = 0.02
"""Components smaller than this share of the main one are specks and dropped."""

MINIMUM_PIXELS = 4
"""A label with fewer pixels of the coarse frame than this is taken for noise."""

MARGIN = 2
"""Empty pixels kept round every part, so that edges can be interpolated."""


@dataclass(frozen=True, eq=False)
class Part:
    """The cleaned pixels of one label, on a crop of the hand frame.

    Attributes
    ----------
    mask:
        ``bool`` crop with a margin of `MARGIN` empty pixels on every side.
    offset:
        (row, column) of the crop's first pixel in the hand frame (negative where the margin leaves the frame).
    touches_edge:
        Whether the part reaches the first or last row or column of the hand frame.
    fineness:
        Pixels of the hand frame to the unit (`boneage.measurement.fineness`).
    """

    mask: NDArray[np.bool_]
    offset: tuple[int, int]
    touches_edge: bool
    fineness: int = 1

    @property
    def area(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.mask))

    def points(self) -> NDArray[np.float64]:
        """Pixel centres ``[x, y]`` in units, shape (n, 2)."""
        rows, columns = np.nonzero(self.mask)
        pixels = np.column_stack((columns + self.offset[1], rows + self.offset[0])).astype(float)
        return to_units(pixels, self.fineness)

    def centroid(self) -> NDArray[np.float64]:
        """Mean of the pixel centres, ``[x, y]`` in units."""
        return np.asarray(self.points().mean(axis=0))


def part_of(
    labels: NDArray[np.uint8],
    value: int,
    box: tuple[slice, slice] | None,
    *,
    segment: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    reach: float = 4.0,
    fill: bool = True,
) -> Part | None:
    """Cut one label out of the map and keep the pixels that belong together.

    The main component is the largest one, weighted down with its distance from ``segment`` (see `_main_component`);
    other components stay when they are no specks and come within ``reach`` units of what is kept already.

    Parameters
    ----------
    labels:
        Label map of shape (rows, columns).
    value:
        The label to cut out.
    box:
        Its bounding box, from `scipy.ndimage.find_objects`, or ``None`` when the label is empty.
    segment:
        Two points ``[x, y]`` in units between which the bone is expected (its joints), if known.
    reach:
        Largest distance in units of a fragment from its bone.
    fill:
        Whether holes are filled.

    Returns
    -------
    Part or None
        ``None`` when the label is empty or noise.
    """
    if box is None:
        return None
    fineness = fineness_of(labels.shape)
    crop = np.pad(labels[box] == value, MARGIN)
    offset = (box[0].start - MARGIN, box[1].start - MARGIN)
    components, count = connected_components(crop, connectivity=2, return_num=True)
    if count > 1:
        crop = _belonging(components, count, offset, segment=segment, reach=reach, fineness=fineness)
    if int(np.count_nonzero(crop)) < MINIMUM_PIXELS * fineness**2:
        return None
    if fill:
        crop = np.asarray(ndimage.binary_fill_holes(crop), dtype=bool)
    mask, offset = _tight(crop, offset)
    rows, columns = labels.shape
    touches = (
        offset[0] + MARGIN == 0
        or offset[1] + MARGIN == 0
        or offset[0] + mask.shape[0] - MARGIN == rows
        or offset[1] + mask.shape[1] - MARGIN == columns
    )
    return Part(mask=mask, offset=offset, touches_edge=bool(touches), fineness=fineness)


def _belonging(
    components: NDArray[np.int64],
    count: int,
    offset: tuple[int, int],
    *,
    segment: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    reach: float,
    fineness: int,
) -> NDArray[np.bool_]:
    """Keep the main component and those within reach of what is kept."""
    sizes = np.bincount(components.ravel(), minlength=count + 1)
    sizes[0] = 0
    main = _main_component(components, sizes, offset, segment, fineness)
    kept = {main}
    candidates = [i for i in range(1, count + 1) if i != main and sizes[i] >= SPECK_SHARE * sizes[main]]
    clouds = {i: np.argwhere(components == i) for i in (main, *candidates)}
    grown = True
    while grown and candidates:
        grown = False
        tree = cKDTree(np.concatenate([clouds[i] for i in kept]))
        for index in tuple(candidates):
            if tree.query(clouds[index], k=1)[0].min() <= reach * fineness + 1:  # neighbouring pixels are 1 apart
                kept.add(index)
                candidates.remove(index)
                grown = True
    return np.isin(components, tuple(kept))


def _main_component(
    components: NDArray[np.int64],
    sizes: NDArray[np.int64],
    offset: tuple[int, int],
    segment: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    fineness: int,
) -> int:
    """Return the component with the largest area / (1 + (distance from the segment / half its length)^2)."""
    if segment is None:
        return int(sizes.argmax())
    middle = (segment[0] + segment[1]) / 2
    half = max(float(np.linalg.norm(segment[1] - segment[0])) / 2, 1.0)
    centres = np.asarray(ndimage.center_of_mass(components > 0, components, range(1, sizes.size)))
    xy = to_units(centres[:, ::-1] + (offset[1], offset[0]), fineness)
    distance = np.linalg.norm(xy - middle, axis=1) / half
    return int(np.argmax(sizes[1:] / (1 + distance**2))) + 1


def _tight(mask: NDArray[np.bool_], offset: tuple[int, int]) -> tuple[NDArray[np.bool_], tuple[int, int]]:
    """Cut a mask down to its pixels and the margin."""
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    top, left = int(rows[0]) - MARGIN, int(columns[0]) - MARGIN
    inner = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.pad(inner, MARGIN), (offset[0] + top, offset[1] + left)
