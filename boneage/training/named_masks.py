"""Names for the components of the drawn masks: which epiphysis is which, and what is carpal.

The masks are binary. A component is named from its place in the hand frame, relative to the joints. A component that
spans two names (fused or touching) is not split: it is left out (`IGNORE`), and the network is not taught on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import LABEL_VALUES, epiphysis_of
from boneage.segmentation.bone_map import HandFrame
from boneage.segmentation.hand_frame import PALM_PIXELS
from boneage.segmentation.sites import JOINT_SITES, Point, bones_at, direction_at, unit

IGNORE: Final = 255
"""Value of pixels that nothing is learned from."""


def _finger_sites(joints: Mapping[str, Point]) -> dict[str, tuple[Point, Point, Point]]:
    """Joint name to (place, direction towards the tip, direction across) for every finger joint with a plate."""
    sites = {}
    for site in JOINT_SITES:
        along = direction_at(site.joint, joints)
        sites[site.joint] = (joints[site.joint], along, np.array([-along[1], along[0]]))
    return sites


def components_in_frame(mask: NDArray[np.bool_], frame: HandFrame) -> NDArray[np.int32]:
    """Number the components of a native mask and carry them to the hand frame by nearest neighbour.

    Numbering happens at native size, where bones that touch in the frame are still apart.
    """
    components, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    rows, columns = frame.shape
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    film = np.rint(frame.to_film(np.column_stack([x.ravel(), y.ravel()]).astype(float))).astype(int)
    inside = (film >= 0).all(axis=1) & (film[:, 0] < mask.shape[1]) & (film[:, 1] < mask.shape[0])
    result = np.zeros(rows * columns, dtype=np.int32)
    result[inside] = components[film[inside, 1], film[inside, 0]]
    return result.reshape(rows, columns)


def name_components(
    components: NDArray[np.int32],
    joints: Mapping[str, tuple[float, float]],
    *,
    smallest: float = 3.0,
    palm: float = PALM_PIXELS,
) -> NDArray[np.uint8]:
    """Name numbered components in the hand frame.

    Parameters
    ----------
    components:
        (rows, columns) component numbers in the hand frame, 0 is background.
    joints:
        The 21 joints in the hand frame.
    smallest:
        Components below this area (pixels) are ignored.
    palm:
        Distance from the wrist to the third knuckle in this frame, in pixels.

    Returns
    -------
    array of uint8
        `LABELS` values of epiphyses and carpals, `IGNORE` where no name convinces, 0 elsewhere.
    """
    places = {name: np.asarray(place, dtype=float) for name, place in joints.items()}
    named = np.zeros(components.shape, dtype=np.uint8)
    up = unit(places["mcp_3"] - places["wrist"])
    at_joint: dict[str, list[tuple[float, int, NDArray[np.float64]]]] = {}
    at_wrist: list[tuple[int, NDArray[np.float64]]] = []
    sites = _finger_sites(places)
    for number in np.unique(components[components > 0]):
        ys, xs = np.nonzero(components == number)
        if len(ys) < smallest:
            named[components == number] = IGNORE
            continue
        points = np.column_stack([xs, ys]).astype(float)
        centre = points.mean(axis=0)
        height = float((centre - places["wrist"]) @ up) / palm
        reach = {joint: float(np.linalg.norm(centre - site[0])) for joint, site in sites.items() if joint != "cmc_1"}
        joint = min(reach, key=lambda name: reach[name])
        if reach[joint] < 0.17 * palm and (height > 0.45 or joint in {"mcp_1", "ip_1"}):
            place, along, _ = sites[joint]
            t = (points - place) @ along
            at_joint.setdefault(joint, []).append((float(t.mean()), int(number), t))
        elif height < 0.55:
            at_wrist.append((int(number), points))
        else:
            named[components == number] = IGNORE
    palm_width = float(np.linalg.norm(places["mcp_2"] - places["mcp_5"]))
    for joint, found in at_joint.items():
        _name_at_joint(named, components, joint, sorted(found, key=lambda item: item[0]), palm_width)
    names = _name_at_wrist(at_wrist, places, sites["cmc_1"], palm)
    for number, points in at_wrist:
        named[components == number] = names[number]
        height = (points - places["wrist"]) @ up / palm
        if names[number] == LABEL_VALUES["carpals"] and height.min() < 0.0 and np.ptp(height) > 0.15:
            named[components == number] = np.where(height < 0.12, IGNORE, names[number])  # grown onto the radius
    return named


_HEAD_LENGTH: Final = {"2": 0.21, "3": 0.21, "4": 0.19, "5": 0.17}
"""Longest extent along the ray of one epiphysis at a knuckle, in palm widths; what is longer is two that touch."""


def _name_at_joint(
    named: NDArray[np.uint8],
    components: NDArray[np.int32],
    joint: str,
    found: list[tuple[float, int, NDArray[np.float64]]],
    palm_width: float,
) -> None:
    """Name what lies at one finger joint.

    ``found`` holds (mean place along the ray, component number, place of each of its pixels), most proximal first.
    """
    base = LABEL_VALUES[epiphysis_of(bones_at(joint)[1])]
    kind, ray = joint.rsplit("_", 1)
    if kind != "mcp" or ray == "1":
        largest = max(found, key=lambda item: len(item[2]))
        for item in found:
            named[components == item[1]] = base if item is largest else IGNORE
        return
    head = LABEL_VALUES[epiphysis_of(f"metacarpal_{ray}")]
    longest = _HEAD_LENGTH[ray] * palm_width
    if len(found) == 1:
        mean, number, t = found[0]
        if np.ptp(t) > longest:
            named[components == number] = np.where(t > _neck(t), base, head)
        else:
            named[components == number] = head if mean < -0.055 * palm_width else base
        return
    for place, (_, number, t) in enumerate(found):
        unsure = len(found) > 2 or np.ptp(t) > longest
        named[components == number] = IGNORE if unsure else (head, base)[place]


def _neck(t: NDArray[np.float64]) -> float:
    """Return the place along the ray where two touching epiphyses are narrowest together."""
    edges = np.arange(t.min(), t.max() + 1.0, 1.0)
    width = ndimage.gaussian_filter1d(np.histogram(t, bins=edges)[0].astype(float), 1.0)
    first, last = round(0.35 * len(width)), round(0.8 * len(width))
    return float(edges[first + int(np.argmin(width[first : last + 1]))] + 0.5)


def _name_at_wrist(
    found: list[tuple[int, NDArray[np.float64]]],
    places: Mapping[str, Point],
    thumb_base: tuple[Point, Point, Point],
    palm: float,
) -> dict[int, int]:
    """Name the components of the wrist region: carpals, and the epiphyses of metacarpal 1, radius and ulna."""
    place, along, across = thumb_base
    up = unit(places["mcp_3"] - places["wrist"])
    thumbward = np.array([-up[1], up[0]])
    names: dict[int, int] = {}
    lowest: dict[str, tuple[float, int]] = {}
    for number, points in found:
        t, s = (points - place) @ along / palm, (points - place) @ across / palm
        height = (points - places["wrist"]) @ up / palm
        sideways = (points - places["wrist"]) @ thumbward / palm
        mean, side, extent = float(height.mean()), float(sideways.mean()), float(np.ptp(height))
        if 0.0 < t.mean() < 0.15 and abs(s.mean()) < 0.11 and np.ptp(t) < 0.16:
            names[number] = LABEL_VALUES["metacarpal_1_epiphysis"]
            continue
        names[number] = LABEL_VALUES["carpals"]
        wide = float(np.ptp(sideways)) > (0.13 if side < -0.10 else 0.20) and np.ptp(sideways) > 1.25 * extent
        bone = "ulna" if side < -0.10 else "radius"
        limit = 0.12 if wide else 0.0
        if mean < limit and (bone not in lowest or mean < lowest[bone][0]):
            lowest[bone] = (mean, number)
    for bone, (_, number) in lowest.items():
        points = next(points for key, points in found if key == number)
        height = (points - places["wrist"]) @ up / palm
        merged = np.ptp(height) > 0.27 or np.ptp((points - places["wrist"]) @ thumbward) > 0.42 * palm
        names[number] = IGNORE if merged else LABEL_VALUES[epiphysis_of(bone)]
    return names
