"""The hand as the checks see it: bones and the flesh beside them, on the grid of the hand frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import LABEL_VALUES, LABELS, TUBULAR_BONES
from boneage.segmentation.bone_map import BoneMap, HandFrame
from boneage.segmentation.hand_frame import FINENESS

Floats = NDArray[np.float32]

BESIDE: Final = (1.5, 6.0)
"""Distance from a bone, in pixels of the hand frame, at which its flesh is looked at (a palm has 150)."""

LEAST_PIXELS: Final = 20
"""Fewest pixels of a bone, and of flesh beside it, that give it a contrast."""

_COUNT: Final = max(LABELS) + 1


@dataclass(frozen=True, eq=False)
class HandView:
    """Bones and flesh of one hand, on the grid of the hand frame (not the fine one).

    Attributes
    ----------
    pixels:
        (rows, columns), the normalised picture.
    labels:
        (rows, columns), label values.
    distance:
        (rows, columns), pixels to the nearest bone, 0 inside one.
    nearest:
        (rows, columns), label value of the nearest bone.
    inside:
        (rows, columns), whether the film covers the pixel.
    frame:
        The way from this grid to the film.
    """

    pixels: Floats
    labels: NDArray[np.uint8]
    distance: Floats
    nearest: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    frame: HandFrame

    @property
    def bone(self) -> NDArray[np.bool_]:
        """Where there is bone."""
        return self.labels > 0

    @property
    def flesh(self) -> NDArray[np.bool_]:
        """Where there is flesh beside a bone, as far as the film goes."""
        return (self.distance > BESIDE[0]) & (self.distance < BESIDE[1]) & self.inside

    def levels(self, pixels: Floats) -> tuple[Floats, Floats]:
        """Return the mean grey of every bone and of the flesh nearest to it, by label value, of a picture on the grid.

        ``nan`` where there are too few pixels.
        """
        return (
            _means(pixels, self.labels, self.bone & self.inside),
            _means(pixels, self.nearest, self.flesh),
        )


TUBULAR: Final = np.array([LABEL_VALUES[bone] for bone in TUBULAR_BONES])
"""Label values of the short tubular bones' shafts."""

IS_TUBULAR: Final = np.isin(np.arange(256), TUBULAR)
"""Whether a label value is one of them, shape (256,)."""


def view_hand(bone_map: BoneMap, shape: tuple[int, int]) -> HandView:
    """Return the view of a bone map; ``shape`` is (rows, columns) of its film.

    The learned labels are taken at every second pixel of the fine grid, grey levels as means of two by two.
    """
    from scipy.ndimage import distance_transform_edt

    step = FINENESS
    fine = bone_map.pixels
    rows, columns = fine.shape[0] // step * step, fine.shape[1] // step * step
    pixels = fine[:rows, :columns].reshape(rows // step, step, columns // step, step).mean(axis=(1, 3))
    labels = np.ascontiguousarray(bone_map.learned_labels[:rows:step, :columns:step])
    found, places = distance_transform_edt(labels == 0, return_indices=True)
    shift = np.array([[step, 0.0, (step - 1) / 2], [0.0, step, (step - 1) / 2], [0.0, 0.0, 1.0]])
    frame = HandFrame((np.vstack([bone_map.frame.matrix, [0, 0, 1]]) @ shift)[:2], labels.shape)
    return HandView(
        pixels.astype(np.float32),
        labels,
        found.astype(np.float32),
        labels[places[0], places[1]],
        _inside(frame, shape),
        frame,
    )


def film_levels(view: HandView, film: Floats) -> Floats:
    """Return the film's own grey at every pixel of the view (nearest film pixel; 0 outside)."""
    x, y = _places(view.frame)
    columns = np.clip(np.rint(x), 0, film.shape[1] - 1).astype(np.intp)
    rows = np.clip(np.rint(y), 0, film.shape[0] - 1).astype(np.intp)
    return np.asarray(film[rows, columns] * view.inside, dtype=np.float32)


def _places(frame: HandFrame) -> tuple[Floats, Floats]:
    rows, columns = frame.shape
    (a, b, c), (d, e, f) = frame.matrix.astype(np.float32)
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[:, None]
    return a * x + b * y + c, d * x + e * y + f


def _inside(frame: HandFrame, shape: tuple[int, int]) -> NDArray[np.bool_]:
    x, y = _places(frame)
    return np.asarray((x > -0.5) & (x < shape[1] - 0.5) & (y > -0.5) & (y < shape[0] - 0.5))


def _means(pixels: Floats, labels: NDArray[np.uint8], chosen: NDArray[np.bool_]) -> Floats:
    values, names = pixels[chosen], labels[chosen]
    counts = np.bincount(names, minlength=_COUNT)[:_COUNT]
    sums = np.bincount(names, weights=values, minlength=_COUNT)[:_COUNT]
    return np.where(counts >= LEAST_PIXELS, sums / np.maximum(counts, 1), np.nan).astype(np.float32)
