"""Names for what is drawn at the wrist: which component is the capitate, the hamate, the epiphysis of the radius.

A component is named after the bone whose usual place it lies at, in the hand frame. One that covers the places of
several bones (they overlap on the film, or were drawn as one) is shared out among them by a watershed of the film's
grey levels that starts from those places: bones are parted at the dark line between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import watershed

from boneage.anatomy import CARPALS, LABEL_VALUES
from boneage.training.named_masks import IGNORE

Point = NDArray[np.float64]

_PLACES: Final[dict[str, tuple[tuple[float, float], tuple[float, float]]]] = {
    "capitate": ((321.1, 547.5), (7.4, 8.4)),
    "hamate": ((282.5, 542.0), (6.4, 6.8)),
    "triquetrum": ((268.1, 578.8), (5.8, 7.3)),
    "lunate": ((304.4, 599.9), (5.1, 6.8)),
    "scaphoid": ((359.5, 578.7), (5.9, 6.7)),
    "trapezium": ((373.6, 537.1), (8.5, 5.4)),
    "trapezoid": ((356.9, 529.2), (5.9, 5.7)),
    "metacarpal_1_epiphysis": ((410.2, 526.5), (5.5, 5.6)),
    "radius_epiphysis": ((342.1, 621.2), (6.8, 6.8)),
    "ulna_epiphysis": ((260.2, 633.1), (8.6, 10.6)),
}
"""Mean and SD of the centre, ``[x, y]`` on the fine grid: carpals by a Gaussian mixture fitted to the 1,903 components
of fewer than 1,400 pixels on the training films, epiphyses from 843 clear ones on those of 8 years and over."""

_EXTENTS: Final[dict[str, tuple[tuple[float, float], tuple[float, float]]]] = {
    "metacarpal_1_epiphysis": ((74.0, 35.3), (35.3, 57.9)),
    "radius_epiphysis": ((545.7, -51.2), (-51.2, 73.1)),
    "ulna_epiphysis": ((168.5, 26.6), (26.6, 39.4)),
}
"""Mean second moments of the same epiphyses in square pixels; carpals are taken for discs."""

_DISC: Final = ((64.0, 0.0), (0.0, 64.0))

_FARTHEST: Final = 4.0
"""Standard deviations beyond which a component keeps no name."""

_COVERED: Final = 0.55
"""A component covers a bone's place when it holds this share of the bone's core."""

_NAMELESS: Final = LABEL_VALUES["carpals"]


def name_wrist(
    labels: NDArray[np.uint8], components: NDArray[np.integer], picture: NDArray[np.floating]
) -> NDArray[np.uint8]:
    """Name the carpals and the epiphyses by the wrist of a label map on the fine grid.

    Parameters
    ----------
    labels:
        (rows, columns) from `boneage.training.named_masks.name_components`: carpals are all ``carpals``, merged bones
        are not known.
    components:
        (rows, columns): number of each component of the drawn mask.
    picture:
        (rows, columns): the film, bone bright.

    Returns
    -------
    array of uint8
        The label map with carpals and epiphyses named where that is certain.
    """
    named = labels.copy()
    pieces = _pieces_at_wrist(labels, components)
    shift = _shift(ndimage.center_of_mass(piece) for piece in pieces.values())
    covered = {number: _covered(piece, shift) for number, piece in pieces.items()}
    taken: set[str] = set()
    smooth = ndimage.gaussian_filter(picture.astype(np.float32), 1.2)
    for number, names in covered.items():
        if len(names) > 1:
            named[pieces[number]] = _shared(pieces[number], names, shift, smooth)
            taken.update(names)
    distances = {
        number: _distances(np.array(ndimage.center_of_mass(pieces[number]))[::-1] - shift)
        for number, names in covered.items()
        if len(names) <= 1
    }
    for number in sorted(distances, key=lambda key: min(distances[key].values())):
        known = _epiphysis_named(labels[pieces[number]])
        name = known if known is not None else _free_name(distances[number], taken)
        if name is None:
            named[pieces[number]] = np.where(labels[pieces[number]] == IGNORE, IGNORE, _NAMELESS)
            continue
        named[pieces[number]] = IGNORE if name in taken else LABEL_VALUES[name]
        taken.add(name)
    return named


def _pieces_at_wrist(labels: NDArray[np.uint8], components: NDArray[np.integer]) -> dict[int, NDArray[np.bool_]]:
    """Return the components that are carpal, or one of the epiphyses of `_PLACES`, or not known and at the wrist."""
    values = [_NAMELESS, *(LABEL_VALUES[name] for name in _EXTENTS)]
    rows = np.arange(labels.shape[0])[:, None]
    at_wrist = np.isin(labels, values) | ((labels == IGNORE) & (rows > 500))
    return {int(number): components == number for number in np.unique(components[at_wrist]) if number > 0}


def _epiphysis_named(labels: NDArray[np.uint8]) -> str | None:
    """Return the epiphysis that all pixels of a component are named after already, if any."""
    for name in _EXTENTS:
        if (labels == LABEL_VALUES[name]).all():
            return name
    return None


def _distances(centre: Point) -> dict[str, float]:
    """Return the distance of a centre from every usual place, in standard deviations."""
    return {
        name: float(np.linalg.norm((centre - np.array(mean)) / np.array(sd))) for name, (mean, sd) in _PLACES.items()
    }


def _shift(centres: Iterable[tuple[float, ...]]) -> Point:
    """Return how far this hand's carpals lie from their usual places: the mean of the clear ones, drawn to zero."""
    offsets = []
    for row, column in centres:
        centre = np.array([column, row])
        distance = _distances(centre)
        name = min(distance, key=lambda key: distance[key])
        if distance[name] < 2.5 and name in CARPALS:
            offsets.append(centre - np.array(_PLACES[name][0]))
    return np.asarray(np.sum(offsets, axis=0) / (len(offsets) + 1.0)) if offsets else np.zeros(2)


def _core(name: str, shape: tuple[int, ...], shift: Point) -> NDArray[np.bool_]:
    """Return the ellipse of one standard deviation round a bone's usual place."""
    ys, xs = np.ogrid[: shape[0], : shape[1]]
    x, y = np.array(_PLACES[name][0]) + shift
    a = np.linalg.inv(np.array(_EXTENTS.get(name, _DISC)))
    dx, dy = xs - x, ys - y
    return np.asarray(a[0, 0] * dx**2 + 2 * a[0, 1] * dx * dy + a[1, 1] * dy**2 <= 1.0)


def _covered(piece: NDArray[np.bool_], shift: Point) -> list[str]:
    """Return the bones whose core lies mostly inside a component."""
    cores = {name: _core(name, piece.shape, shift) for name in _PLACES}
    return [name for name, core in cores.items() if core.any() and piece[core].mean() >= _COVERED]


def _shared(piece: NDArray[np.bool_], names: list[str], shift: Point, smooth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the label of each pixel of a component that several bones share."""
    markers = np.zeros(piece.shape, dtype=np.int32)
    for number, name in enumerate(names, start=1):
        markers[_core(name, piece.shape, shift) & piece & (markers == 0)] = number
    basins = watershed(-smooth, markers, mask=piece)
    values = np.array([IGNORE, *(LABEL_VALUES[name] for name in names)], dtype=np.uint8)
    return np.asarray(values[basins[piece]])


def _free_name(distances: Mapping[str, float], taken: set[str]) -> str | None:
    """Return the nearest name that is not taken, ``None`` where it is too far."""
    for name in sorted(distances, key=lambda key: distances[key]):
        if distances[name] > _FARTHEST:
            return None
        if name not in taken:
            return name
    return None
