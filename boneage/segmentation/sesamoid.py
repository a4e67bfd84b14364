"""The adductor sesamoid outlined by grey levels: nobody has drawn one, so no network knows it.

On the ulnar side of the head of metacarpal 1 a spot is looked for that is brighter than what is wider than itself: the
picture less its opening by a square that no sesamoid fills (a top-hat) keeps small bright spots and loses the slopes of
soft tissue and the blurred edges of bones. Its outline is where half of its height is reached. What is not as large, as
round and as compact as a sesamoid gets no label, and neither does a hand that does not show all seven carpals yet: they
are there years before. A false outline is worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.morphology import reconstruction

from boneage.anatomy import CARPALS, LABEL_VALUES, SESAMOID
from boneage.segmentation.forearm import largest_piece
from boneage.segmentation.sites import Point

ALONG: Final = (-24.0, 0.0)
"""Where its top may lie along the thumb, from the end of metacarpal 1 on, in pixels of the fine grid (a palm has 300);
negative: towards the wrist."""

ASIDE: Final = (22.0, 41.0)
"""Where its top may lie to the ulnar side of the axis of metacarpal 1, in pixels."""

HEIGHT: Final = 0.16
"""How far its top must stand above the pass to any higher one, in steps from soft tissue to bone (metacarpal 1)."""

WIDER: Final = 21
"""Side of the square of the opening, in pixels."""

AREA: Final = (14, 140)
"""Fewest and most pixels of its outline."""

LONGEST: Final = 1.8
"""Largest ratio of its two axes."""

COMPACT: Final = 0.9
"""Its area must be so much of the ellipse with the same second moments."""

_BONE: Final = LABEL_VALUES["metacarpal_1"]
_EARLIER: Final = tuple(LABEL_VALUES[name] for name in CARPALS)
_BLUR: Final = 1.5
_FEWEST: Final = 200
"""Pixels of metacarpal 1 below which its axis is not known."""

_FLATTEST: Final = 0.02
"""Step from soft tissue to bone below which nothing can be told apart."""

_TOUCHING: Final = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True, eq=False)
class _Place:
    """The surroundings of the head of metacarpal 1.

    Attributes
    ----------
    box:
        Rows and columns of the label map that are looked at.
    free:
        Where a top may lie: beside the head, neither on a bone nor next to one.
    bone:
        Bones and one pixel round them.
    """

    box: tuple[slice, slice]
    free: NDArray[np.bool_]
    bone: NDArray[np.bool_]


def outline_sesamoid(labels: NDArray[np.uint8], picture: NDArray[np.float32], joints: Mapping[str, Point]) -> None:
    """Give the adductor sesamoid its label where it stands out enough, in place.

    Only background gets the label, and at least one pixel away from every bone.

    Parameters
    ----------
    labels, picture:
        (rows, columns) on the fine grid; the picture normalised, bone bright.
    joints:
        ``cmc_1`` and ``mcp_1``, ``[x, y]`` on the fine grid: they say which end of metacarpal 1 is its head.
    """
    boxes = ndimage.find_objects(labels[::2, ::2], max_label=max(_EARLIER))
    half = boxes[_BONE - 1]
    if half is None or any(boxes[value - 1] is None for value in _EARLIER):
        return
    box = tuple(slice(max(0, 2 * side.start - 1), 2 * side.stop) for side in half)
    shaft = largest_piece(labels[box] == _BONE)
    place = _place(labels, shaft, box, joints) if shaft.sum() >= _FEWEST else None
    if place is None or not place.free.any():
        return
    smooth = ndimage.gaussian_filter(picture[place.box], _BLUR)
    step = float(np.median(picture[box][shaft]) - np.median(smooth[place.free]))
    if step < _FLATTEST:
        return
    above = (smooth - ndimage.grey_opening(smooth, size=(WIDER, WIDER))).astype(np.float64) / step
    hills = np.where(place.bone, 0.0, above)
    spots = [(hills[top], _outline(hills, top)) for top in _tops(hills, place.free)]
    found = [spot for spot in spots if _like_a_sesamoid(spot[1])]
    if found:
        labels[place.box][max(found, key=lambda spot: spot[0])[1] & ~place.bone] = LABEL_VALUES[SESAMOID]


def _place(
    labels: NDArray[np.uint8], shaft: NDArray[np.bool_], box: tuple[slice, ...], joints: Mapping[str, Point]
) -> _Place | None:
    """Return the place beside the head of metacarpal 1, ``None`` where it leaves the frame."""
    ys, xs = np.nonzero(shaft)
    points = np.column_stack([xs + box[1].start, ys + box[0].start]).astype(float)
    middle = points.mean(axis=0)
    distal = np.linalg.eigh(np.cov((points - middle).T))[1][:, 1]
    if distal @ (np.asarray(joints["mcp_1"], dtype=float) - np.asarray(joints["cmc_1"], dtype=float)) < 0:
        distal = -distal
    ulnar = np.array([distal[1], -distal[0]])
    end = middle + distal * np.quantile((points - middle) @ distal, 0.995)
    corners = np.array([end + along * distal + aside * ulnar for along in ALONG for aside in ASIDE])
    left, top = np.floor(corners.min(axis=0)).astype(int) - WIDER
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + WIDER + 1
    if left < 0 or top < 0 or bottom > labels.shape[0] or right > labels.shape[1]:
        return None
    there = (slice(top, bottom), slice(left, right))
    rows, columns = np.mgrid[there]
    offsets = np.stack([columns, rows], axis=-1) - end
    beside = _between(offsets @ distal, ALONG) & _between(offsets @ ulnar, ASIDE)
    bone = ndimage.binary_dilation(labels[there] > 0, structure=_TOUCHING)
    return _Place(there, beside & ~bone, bone)


def _between(values: NDArray[np.float64], limits: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((values >= limits[0]) & (values <= limits[1]))


def _tops(hills: NDArray[np.float64], free: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the tops in the free place that stand at least `HEIGHT` above the pass to any higher one."""
    flooded = reconstruction(np.maximum(hills - HEIGHT, 0.0), hills, method="dilation")
    pieces, count = ndimage.label((hills - flooded > 0.999 * HEIGHT) & free)
    found = ndimage.maximum_position(hills, pieces, range(1, count + 1)) if count else []
    return [(int(row), int(column)) for row, column in found]


def _outline(hills: NDArray[np.float64], top: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the piece round a top that is above half of its height and above the pass to any higher one.

    The border of what is looked at counts as higher: an outline that is not closed inside it is none.
    """
    higher = hills > hills[top]
    higher[[0, -1]] = higher[:, [0, -1]] = True
    passes = reconstruction(np.where(higher, hills, 0.0), hills, method="dilation")
    pieces, _ = ndimage.label(hills > max(passes[top], hills[top] / 2))
    return np.asarray(ndimage.binary_fill_holes((pieces == pieces[top]) & (pieces > 0)))


def _like_a_sesamoid(outline: NDArray[np.bool_]) -> bool:
    """Tell whether an outline is as large, as round and as compact as that of a sesamoid."""
    area = int(outline.sum())
    if not AREA[0] <= area <= AREA[1]:
        return False
    # A pixel is a square: its own second moment keeps the axes of small outlines from being too short.
    moments = np.linalg.eigvalsh(np.cov(np.stack(np.nonzero(outline)), bias=True) + np.eye(2) / 12)
    return bool(moments[1] <= LONGEST**2 * moments[0] and area >= COMPACT * 4 * np.pi * np.sqrt(moments.prod()))
