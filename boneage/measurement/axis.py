"""The long axis of a bone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import FOREARM, bounding_joints, epiphysis_is_distal, ray_of

Vector = NDArray[np.float64]

TRUSTED_ELONGATION = 1.6
"""From this ratio of the principal standard deviations on, the shape alone gives the axis."""

DOUBTED_ELONGATION = 1.25
"""Below this ratio the expected direction alone gives the axis; in between the two are mixed."""

UP: Vector = np.array([0.0, -1.0])
"""Fingers point up in the hand frame."""


@dataclass(frozen=True, eq=False)
class Axis:
    """A line through a bone.

    Attributes
    ----------
    origin:
        A point on the axis, ``[x, y]`` in the hand frame.
    distal:
        Unit vector from proximal to distal.
    """

    origin: Vector
    distal: Vector


FIRM_ELONGATION = 3.0
"""Below this ratio a principal axis more than `WIDEST_TURN` from the expected direction is not believed."""

WIDEST_TURN = float(np.cos(np.radians(60)))


def long_axis(points: Vector, expected: Vector, *, may_be_short: bool = False, pixel: float = 1.0) -> Axis:
    """Find the long axis of a shaft.

    The direction is that of the principal axis (largest second moment) of the pixels, then of the line through the
    middles of the slices across it, which unlike the principal axis does not lean when an end is oblique. Where the
    shape is too round to have a direction, the expected one is used.

    Parameters
    ----------
    points:
        Pixel centres ``[x, y]`` in units (`boneage.measurement.fineness`), shape (n, 2), n >= 1.
    expected:
        Unit vector towards the distal end, as the joints or the neighbouring bones have it; it settles the sign.
    may_be_short:
        The visible shaft may be wider than long (radius and ulna at the film's edge): the principal axis is then
        never believed when it lies across the expected direction.
    pixel:
        Side of a pixel in units.
    """
    centre = points.mean(axis=0)
    moments = (points - centre).T @ (points - centre) / len(points) + np.eye(2) * (pixel**2 / 12)
    eigenvalues, eigenvectors = np.linalg.eigh(moments)
    elongation = float(np.sqrt(eigenvalues[1] / eigenvalues[0]))
    principal = eigenvectors[:, 1] * (1.0 if eigenvectors[:, 1] @ expected >= 0 else -1.0)
    trust = float(np.clip((elongation - DOUBTED_ELONGATION) / (TRUSTED_ELONGATION - DOUBTED_ELONGATION), 0, 1))
    across = abs(float(principal @ expected)) < WIDEST_TURN
    if across and (may_be_short or elongation < FIRM_ELONGATION):
        trust = 0.0
    direction = _unit(trust * principal + (1 - trust) * expected)
    origin = centre
    if trust == 1.0:
        for _ in range(2):
            origin, direction = _through_slice_middles(points, centre, direction)
    return Axis(origin=origin, distal=direction)


def _through_slice_middles(points: Vector, centre: Vector, direction: Vector) -> tuple[Vector, Vector]:
    """Fit a line through the middles of slices across ``direction``, the outer 15 % at each end left out."""
    normal = np.array([-direction[1], direction[0]])
    along = (points - centre) @ direction
    across = (points - centre) @ normal
    low, high = along.min(), along.max()
    slices = int(np.clip((high - low) / 1.5, 6, 60))
    index = np.minimum(((along - low) / max(high - low, 1e-9) * slices).astype(int), slices - 1)
    counts = np.bincount(index, minlength=slices)
    inner = (np.arange(slices) + 0.5) / slices
    use = (inner > 0.15) & (inner < 0.85) & (counts > 0)
    if np.count_nonzero(use) < 3:
        return centre, direction
    weights = counts[use].astype(float)
    t = np.bincount(index, weights=along, minlength=slices)[use] / weights
    s = np.bincount(index, weights=across, minlength=slices)[use] / weights
    total = weights.sum()
    t_mean, s_mean = float(weights @ t / total), float(weights @ s / total)
    slope = float(weights @ ((t - t_mean) * (s - s_mean)) / max(float(weights @ (t - t_mean) ** 2), 1e-9))
    return centre + direction * t_mean + normal * s_mean, _unit(direction + slope * normal)


def expected_direction(
    bone: str,
    joints: Mapping[str, Vector],
    centroids: Mapping[str, Vector],
    epiphysis_centroid: Vector | None = None,
) -> Vector:
    """Return the unit vector in which the distal end of a bone is expected.

    In this order: from the joint before the bone to the joint after it; between one of them and the bone's middle;
    between the middles of this bone and its neighbours on the ray; along the hand (wrist to third knuckle); from the
    shaft to its own epiphysis; up.

    Parameters
    ----------
    bone:
        Name from `boneage.anatomy.BONES`.
    joints:
        Joint name to ``[x, y]``; joints may be missing.
    centroids:
        Bone name to the middle of its shaft, of all bones found, this one included.
    epiphysis_centroid:
        Middle of this bone's epiphysis, if it has one.
    """
    own = centroids[bone]
    first, last = bounding_joints(bone)
    start, end = joints.get(first or ""), joints.get(last)
    if bone not in FOREARM:
        for tail, head in ((start, end), (own, end), (start, own), *_neighbours(bone, centroids)):
            if tail is not None and head is not None and np.linalg.norm(head - tail) > 1:
                return _unit(head - tail)
    if "wrist" in joints and "mcp_3" in joints and np.linalg.norm(joints["mcp_3"] - joints["wrist"]) > 1:
        return _unit(joints["mcp_3"] - joints["wrist"])
    if epiphysis_centroid is not None and np.linalg.norm(epiphysis_centroid - own) > 1:
        return _unit((epiphysis_centroid - own) * (1.0 if epiphysis_is_distal(bone) else -1.0))
    return UP


def _neighbours(bone: str, centroids: Mapping[str, Vector]) -> list[tuple[Vector | None, Vector | None]]:
    """Return pairs (tail, head) from the middles of this bone and of its neighbours on the same ray."""
    ray = ray_of(bone)
    names = [f"{kind}_{ray}" for kind in ("metacarpal", "proximal_phalanx", "middle_phalanx", "distal_phalanx")]
    names = [name for name in names if name in centroids]
    place = names.index(bone)
    own = centroids[bone]
    pairs: list[tuple[Vector | None, Vector | None]] = []
    if place > 0:
        pairs.append((centroids[names[place - 1]], own))
    if place + 1 < len(names):
        pairs.append((own, centroids[names[place + 1]]))
    return pairs


def _unit(vector: Vector) -> Vector:
    """Return the vector at length one."""
    return np.asarray(vector / max(float(np.hypot(vector[0], vector[1])), 1e-12))
