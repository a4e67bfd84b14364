"""Is there more than one hand on the film?

Beside the hand that was found the film is looked at once more where another one would have room; where no hand was
found at all, its halves and quarters are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import JOINTS
from boneage.errors import Refusal
from boneage.segmentation.bone_map import HandCheck
from boneage.segmentation.locator import Located, Locator

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in film pixels, ends not included."""

CHECK: Final = "other_hand"
"""Name of the check."""
SURE: Final = 0.85
"""Mean confidence less misfit of the palm from which another hand is believed."""
ROOM: Final = 0.85
"""Breadth in palm lengths of the free part of a film, from which another hand could lie there."""
REACH: Final = 0.25
"""Share of a palm length by which a hand reaches beyond its joints."""
LEAST_SIZE: Final = 0.5
"""Least size of the other hand, in sizes of the first."""
LEAST_DRAWN: Final = 0.08
"""Contrast of what lies beside the hand, in contrasts of the hand, below which nothing is there to be looked at."""

REMEDY: Final = "give one hand a picture: cut the left one out"
_PALM: Final = (JOINTS.index("wrist"), JOINTS.index("mcp_3"))


@dataclass(frozen=True, eq=False)
class Another:
    """Another hand: how sure it is, and the ``box`` of its joints in film pixels."""

    trust: float
    box: Box


def check_beside(locator: Locator, pixels: NDArray[np.float32], located: Located) -> HandCheck:
    """Check that no other hand lies beside the one that was found.

    Where something is drawn beside it that is no sure hand as a whole, halves and quarters of the film are looked at:
    there may be several.

    Raises
    ------
    Refusal
        With code ``two_hands``.
    """
    parts = drawn_parts(pixels, located.points)
    if not parts:
        return HandCheck(CHECK, True, 0.0, SURE)
    other = hand_beside(locator, pixels, located, parts)
    if other is not None and other.trust > SURE:
        refuse_several((Another(1.0, box_of(located.points)), other))
    refuse_several(hands_in_parts(locator, pixels))
    return HandCheck(CHECK, True, 0.0 if other is None else round(other.trust, 3), SURE)


def refuse_several(found: tuple[Another, ...]) -> None:
    """Refuse a film on which several hands were found; none is no matter.

    Raises
    ------
    Refusal
        With code ``two_hands``.
    """
    if not found:
        return
    places = tuple(_corners(hand.box) for hand in found)
    check = HandCheck(CHECK, False, round(min(hand.trust for hand in found), 3), SURE, places)
    msg = f"there is more than one hand on the film: {len(found)} were found"
    raise Refusal("two_hands", msg, remedy=REMEDY, checks=(check,))


def drawn_parts(pixels: NDArray[np.float32], points: NDArray[np.float64]) -> tuple[Box, ...]:
    """Return the parts of a film beside a hand that have room for another one, and something drawn on them."""
    least = LEAST_DRAWN * _drawn(pixels, box_of(points))
    return tuple(part for part in free_parts(points, *pixels.shape) if _drawn(pixels, part) >= least)


def hand_beside(
    locator: Locator, pixels: NDArray[np.float32], located: Located, parts: tuple[Box, ...]
) -> Another | None:
    """Return the surest other hand in some parts of the film, of a size with the one that was found."""
    palm = palm_length(located.points)
    looks = (locator.glance(pixels, part) for part in parts)
    found = [
        Another(other.trust, box_of(other.points))
        for other in looks
        if LEAST_SIZE <= palm_length(other.points) / palm <= 1 / LEAST_SIZE
    ]
    return max(found, key=lambda other: other.trust, default=None)


def hands_in_parts(locator: Locator, pixels: NDArray[np.float32]) -> tuple[Another, ...]:
    """Return the hands, surely found, in the halves and quarters of a film on which no hand was found as a whole."""
    rows, columns = pixels.shape
    x, y = columns // 2, rows // 2
    divisions: tuple[tuple[Box, ...], ...] = (
        ((0, 0, x, rows), (x, 0, columns, rows)),
        ((0, 0, columns, y), (0, y, columns, rows)),
        ((0, 0, x, y), (x, 0, columns, y), (0, y, x, rows), (x, y, columns, rows)),
    )
    for parts in divisions:
        half = len(parts) // 2
        sure = _sure_hands(locator, pixels, parts[:half])
        if sure:  # nothing in the first half: do not look at the second
            sure += _sure_hands(locator, pixels, parts[half:])
        if any(_apart(one.box, other.box) for one, other in combinations(sure, 2)):
            return sure
    return ()


def _sure_hands(locator: Locator, pixels: NDArray[np.float32], parts: tuple[Box, ...]) -> tuple[Another, ...]:
    looks = (locator.glance(pixels, part) for part in parts if min(part[2] - part[0], part[3] - part[1]) > 1)
    return tuple(Another(one.trust, box_of(one.points)) for one in looks if one.trust >= SURE)


def free_parts(points: NDArray[np.float64], rows: int, columns: int) -> tuple[Box, ...]:
    """Return the parts of a film beside joints (21, 2) that have room for another hand: left, right, above, below."""
    reach = REACH * palm_length(points)
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    left, top = (int(np.clip(value, 0, limit)) for value, limit in zip(low, (columns, rows), strict=True))
    right, bottom = (int(np.clip(value, 0, limit)) for value, limit in zip(high, (columns, rows), strict=True))
    room = ROOM * palm_length(points)
    parts = ((0, 0, left, rows), (right, 0, columns, rows), (0, 0, columns, top), (0, bottom, columns, rows))
    return tuple(part for part in parts if min(part[2] - part[0], part[3] - part[1]) >= room)


def palm_length(points: NDArray[np.float64]) -> float:
    """Return the distance from the wrist to the third knuckle."""
    return float(np.linalg.norm(points[_PALM[1]] - points[_PALM[0]]))


def box_of(points: NDArray[np.float64]) -> Box:
    """Return the box of some points (n, 2), rounded outwards."""
    low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int) + 1
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _corners(box: Box) -> tuple[tuple[float, float], ...]:
    left, top, right, bottom = box
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _apart(one: Box, other: Box) -> bool:
    """Tell whether two boxes share less than a quarter of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(width, 0) * max(height, 0) < 0.25 * smaller


def _drawn(pixels: NDArray[np.float32], box: Box) -> float:
    """Return the spread of grey in a part of the film."""
    left, top, right, bottom = (max(0, value) for value in box)
    part = pixels[top:bottom, left:right]
    if not part.size:
        return 0.0
    part = part[:: max(1, part.shape[0] // 64), :: max(1, part.shape[1] // 64)]
    low, high = np.quantile(part, [0.05, 0.95])
    return float(high - low)
