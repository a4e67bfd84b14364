"""Labels of bone shafts, grown from joints and drawn epiphyses: no one has drawn shafts on these films.

Each bone is looked at in its own straightened picture (rows along the axis, columns across). Two paths of strongest
edge, found by dynamic programming, are its sides; the strongest changes of grey along the axis are its ends. A bone
whose sides do not stand out from the soft tissue is not labelled: nothing is learned from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import LABEL_VALUES, TUBULAR_BONES, bounding_joints, epiphysis_is_distal, epiphysis_of, ray_of
from boneage.training.named_masks import IGNORE

STEP: Final = 0.5
"""Sampling step of the straightened picture, in frame pixels."""

_METACARPAL_BASE: Final = {2: (0.188, -0.333), 3: (0.055, -0.337), 4: (-0.053, -0.322), 5: (-0.129, -0.286)}
"""Mean carpometacarpal joints in palm units, from the landmarks of 905 hands of the Digital Hand Atlas (SD 0.02)."""

Point = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Straightened:
    """A bone's own picture: ``image`` (rows along, columns across), the axis, and the axial places of its rows."""

    image: NDArray[np.float64]
    origin: Point
    along: Point
    across: Point
    u: NDArray[np.float64]
    v: NDArray[np.float64]


def _centroid(labels: NDArray[np.uint8], name: str) -> Point | None:
    ys, xs = np.nonzero(labels == LABEL_VALUES[name])
    return np.array([xs.mean(), ys.mean()]) if len(ys) >= 4 else None


def bone_axis(bone: str, joints: Mapping[str, Point], labels: NDArray[np.uint8]) -> tuple[Point, Point]:
    """Return the rough proximal and distal ends of a tubular bone in the hand frame."""
    start, stop = bounding_joints(bone)
    own = _centroid(labels, epiphysis_of(bone))
    distal = joints[stop]
    if epiphysis_is_distal(bone) and own is not None:
        distal = own
    ray = ray_of(bone)
    if start is None:
        assert ray is not None  # only metacarpals 2 to 5 have no proximal joint
        base = np.array(_METACARPAL_BASE[ray])
        up = joints["mcp_3"] - joints["wrist"]
        across = np.array([-up[1], up[0]])
        proximal = joints["wrist"] + across * base[0] - up * base[1]
    elif not epiphysis_is_distal(bone) and own is not None:
        proximal = own
    else:
        proximal = joints[start]
    return proximal, distal


def straighten(image: NDArray[np.float32], proximal: Point, distal: Point, *, margin: float = 0.22) -> Straightened:
    """Sample the picture along a bone's axis, ``margin`` of its length beyond both ends and half of it to each side."""
    length = float(np.linalg.norm(distal - proximal))
    along = (distal - proximal) / max(length, 1e-6)
    across = np.array([-along[1], along[0]])
    u = np.arange(-margin * length, (1 + margin) * length, STEP)
    v = np.arange(-0.5 * length, 0.5 * length + STEP / 2, STEP)
    x = proximal[0] + u[:, None] * along[0] + v[None, :] * across[0]
    y = proximal[1] + u[:, None] * along[1] + v[None, :] * across[1]
    sampled = ndimage.map_coordinates(image, [y, x], order=1, mode="nearest")
    return Straightened(ndimage.gaussian_filter(sampled, 1.0), proximal, along, across, u, v)


def edge_path(strength: NDArray[np.float64], *, smoothness: float = 0.15) -> NDArray[np.int64]:
    """Return, for each row, the column of the path of greatest summed strength that moves at most two columns a row."""
    rows, columns = strength.shape
    score = strength[0].copy()
    back = np.zeros((rows, columns), dtype=np.int64)
    moves = np.arange(-2, 3)
    for row in range(1, rows):
        padded = np.pad(score, 2, constant_values=-np.inf)
        options = np.stack([padded[2 + m : 2 + m + columns] - smoothness * m * m for m in moves])
        choice = options.argmax(axis=0)
        back[row] = np.arange(columns) + moves[choice]
        score = options.max(axis=0) + strength[row]
    path = np.zeros(rows, dtype=np.int64)
    path[-1] = int(score.argmax())
    for row in range(rows - 1, 0, -1):
        path[row - 1] = back[row, path[row]]
    return path


def _steepest(
    profile: NDArray[np.float64], u: NDArray[np.float64], low: float, high: float, sign: float
) -> float | None:
    """Return the place between ``low`` and ``high`` where the profile falls (sign -1) or rises (+1) fastest."""
    inside = (u >= low) & (u <= high)
    if inside.sum() < 3:
        return None
    slope = sign * np.gradient(ndimage.gaussian_filter1d(profile, 1.5))
    return float(u[np.flatnonzero(inside)[int(slope[inside].argmax())]])


def _widest_half(labels: NDArray[np.uint8], bone: str, picture: Straightened) -> float | None:
    """Return half the width of the bone's drawn epiphysis across the axis."""
    ys, xs = np.nonzero(labels == LABEL_VALUES[epiphysis_of(bone)])
    if len(ys) < 8:
        return None
    across = (np.column_stack([xs, ys]) - picture.origin) @ picture.across
    return float(np.ptp(across) / 2 + 0.5)


def grow_shaft(
    bone: str, image: NDArray[np.float32], joints: Mapping[str, Point], labels: NDArray[np.uint8]
) -> tuple[NDArray[np.bool_], bool]:
    """Return the shaft of a tubular bone as a mask in the hand frame, and whether it convinces."""
    proximal, distal = bone_axis(bone, joints, labels)
    picture = straighten(image, proximal, distal)
    length = float(np.linalg.norm(distal - proximal))
    half = _widest_half(labels, bone, picture)
    known = half is not None
    half = half if half is not None else (0.105 if bone.startswith("metacarpal") else 0.17) * length
    ends = _axial_ends(bone, picture, labels, length, half)
    rows = (picture.u >= ends[0]) & (picture.u <= ends[1])
    if rows.sum() < 6:
        return np.zeros(labels.shape, dtype=bool), False
    gradient = np.gradient(ndimage.gaussian_filter(picture.image, (2.0, 0.6)), axis=1)[rows]
    least, most = (0.32 * half, 1.12 * half + 0.5) if known else (0.45 * half, 1.7 * half)
    scale = np.abs(gradient).max(axis=1, keepdims=True).clip(min=1e-3)
    left_zone, right_zone = (picture.v <= -least) & (picture.v >= -most), (picture.v >= least) & (picture.v <= most)
    if left_zone.sum() < 2 or right_zone.sum() < 2:
        return np.zeros(labels.shape, dtype=bool), False
    left = picture.v[np.flatnonzero(left_zone)[edge_path((gradient / scale)[:, left_zone])]]
    right = picture.v[np.flatnonzero(right_zone)[edge_path((-gradient / scale)[:, right_zone])]]
    left, right = ndimage.gaussian_filter1d(left, 2.0), ndimage.gaussian_filter1d(right, 2.0)
    mask = _paint(picture, picture.u[rows], left, right, bone, labels.shape)
    return mask, _convinces(picture, rows, left, right, length, float(ends[1] - ends[0]))


def _axial_ends(
    bone: str, picture: Straightened, labels: NDArray[np.uint8], length: float, half: float
) -> tuple[float, float]:
    """Return the axial places where the shaft begins and ends."""
    core = np.abs(picture.v) <= max(1.0, 0.45 * half)
    profile = picture.image[:, core].mean(axis=1)
    ys, xs = np.nonzero((labels > 0) & (labels != IGNORE))
    relative = np.column_stack([xs, ys]) - picture.origin
    u, v = relative @ picture.along, relative @ picture.across
    near = np.abs(v) <= max(2.0, 0.6 * half)
    middle = 0.5 * length
    before, after = u[near & (u < middle)], u[near & (u > middle)]
    low_stop = float(before.max()) + 0.5 if len(before) else -0.2 * length
    high_stop = float(after.min()) - 0.5 if len(after) else 1.2 * length
    own_low = not epiphysis_is_distal(bone) and _has(labels, bone)
    own_high = epiphysis_is_distal(bone) and _has(labels, bone)
    reach = 0.07 * length + 3.0
    low = _plate_end(profile, picture.u, low_stop, reach, +1.0) if own_low else None
    high = _plate_end(profile, picture.u, high_stop, reach, -1.0) if own_high else None
    if low is None:
        low = _steepest(profile, picture.u, max(low_stop, -0.14 * length), max(low_stop, 0.0) + 0.16 * length, +1.0)
    if high is None:
        high = _steepest(
            profile, picture.u, min(high_stop, length) - 0.18 * length, min(high_stop, 1.14 * length), -1.0
        )
    return (low if low is not None else low_stop), (high if high is not None else high_stop)


def _has(labels: NDArray[np.uint8], bone: str) -> bool:
    return int((labels == LABEL_VALUES[epiphysis_of(bone)]).sum()) >= 4


def _plate_end(profile: NDArray[np.float64], u: NDArray[np.float64], stop: float, reach: float, sign: float) -> float:
    """Return where the metaphysis begins beyond an epiphysis that ends at ``stop``: after the dark plate, if any."""
    order = np.argsort(sign * u)
    places, values = sign * u[order], profile[order]
    window = (places >= sign * stop) & (places <= sign * stop + reach)
    if window.sum() < 4:
        return stop
    places, values = places[window], values[window]
    darkest = int(values.argmin())
    bright = float(values[darkest:].max())
    if darkest in (0, len(values) - 1) or bright - values[darkest] < 0.02:
        return stop
    rise = values[darkest] + 0.5 * (bright - values[darkest])
    return sign * float(places[darkest + int(np.argmax(values[darkest:] >= rise))])


def _paint(
    picture: Straightened,
    u: NDArray[np.float64],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    bone: str,
    shape: tuple[int, ...],
) -> NDArray[np.bool_]:
    """Return the mask of the region between two sides, its corners rounded."""
    ys, xs = np.nonzero(np.ones(shape, dtype=bool))
    relative = np.column_stack([xs, ys]) - picture.origin
    pu, pv = relative @ picture.along, relative @ picture.across
    inside = (pu >= u[0] - 0.25) & (pu <= u[-1] + 0.25)
    lo, hi = np.interp(pu, u, left), np.interp(pu, u, right)
    middle, half = (lo + hi) / 2, (hi - lo) / 2
    to_end = np.minimum(pu - u[0], u[-1] - pu)
    radius = np.maximum(0.45 * half, 1e-6) if not bone.startswith("distal") else np.maximum(0.8 * half, 1e-6)
    corner = np.clip((radius - to_end) / radius, 0, 1)
    limit = half - radius * (1 - np.sqrt(1 - corner**2))
    return (inside & (np.abs(pv - middle) <= limit)).reshape(shape)


def _convinces(
    picture: Straightened,
    rows: NDArray[np.bool_],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    length: float,
    found: float,
) -> bool:
    """Tell whether the sides stand out from the soft tissue along most of the shaft, and the length is plausible."""
    columns = picture.v[None, :]
    image = picture.image[rows]
    width = (right - left)[:, None]
    inner = (columns > left[:, None]) & (columns < right[:, None])
    outer = ((columns < left[:, None] - 0.5) & (columns > left[:, None] - 0.5 - 0.3 * width)) | (
        (columns > right[:, None] + 0.5) & (columns < right[:, None] + 0.5 + 0.3 * width)
    )
    mean_in = (image * inner).sum(axis=1) / inner.sum(axis=1).clip(min=1)
    mean_out = (image * outer).sum(axis=1) / outer.sum(axis=1).clip(min=1)
    contrast = mean_in - mean_out
    return bool((contrast > 0.02).mean() > 0.85 and 0.45 * length < found < 1.25 * length)


def grow_shafts(
    image: NDArray[np.float32], joints: Mapping[str, tuple[float, float]], named: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Add the shafts of the 19 tubular bones to a map of named epiphyses and carpals.

    Where a shaft does not convince, a capsule round its axis becomes `IGNORE`.
    """
    places = {name: np.asarray(place, dtype=float) for name, place in joints.items()}
    result = named.copy()
    for bone in TUBULAR_BONES:
        mask, convinces = grow_shaft(bone, image, places, named)
        if not convinces:
            proximal, distal = bone_axis(bone, places, named)
            mask |= _capsule(proximal, distal, 0.16 * float(np.linalg.norm(distal - proximal)), named.shape)
        free = (named == 0) & mask & ((result == 0) | (result == IGNORE))
        result[free] = LABEL_VALUES[bone] if convinces else IGNORE
    return result


def _capsule(proximal: Point, distal: Point, radius: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    ys, xs = np.mgrid[: shape[0], : shape[1]]
    points = np.stack([xs, ys], axis=-1) - proximal
    axis = distal - proximal
    t = np.clip(points @ axis / max(float(axis @ axis), 1e-6), 0, 1)
    return np.linalg.norm(points - t[..., None] * axis, axis=-1) <= radius
