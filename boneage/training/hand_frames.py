"""The hand frame of every film, found once by the shipped locator and kept beside the film cache."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from boneage.segmentation.bone_map import HandFrame
from boneage.segmentation.hand_frame import FRAME_SHAPE, frame_of_joints
from boneage.segmentation.joints import heat_map_points
from boneage.segmentation.locator import LOCATOR_SIZE, Locator, joints_of, letterbox_matrix
from boneage.segmentation.resample import normalise, sample
from boneage.software import manifest_entries
from boneage.training.films import STORED, Films, stretch_matrix

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class HandFrames:
    """For each film of `Films`, in its order: joints (n, 21, 2) in native pixels, confidence (n, 21), misfit (n,).

    Films of unknown native size have ``nan``.
    """

    points: NDArray[np.float64]
    confidence: NDArray[np.float64]
    misfit: NDArray[np.float64]

    def frame(self, number: int) -> HandFrame:
        """Return the hand frame of a film in native pixels."""
        return frame_of_joints(joints_of(self.points[number]))[0]


def square(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Complete a (2, 3) affine map to (3, 3)."""
    return np.vstack([matrix, [0.0, 0.0, 1.0]])


def frame_to_stored(films: Films, frames: HandFrames, number: int) -> NDArray[np.float64]:
    """Return the (3, 3) map from hand-frame pixels to pixels of the stored film."""
    return square(films.matrix(films.records[number].id)) @ square(frames.frame(number).matrix)


def sample_stored(
    films: Films, numbers: list[int], matrices: list[NDArray[np.float64]], shape: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """Sample stored films through (3, 3) maps; returns normalised pictures (n, 1, rows, columns) and their inside."""
    stored = torch.from_numpy(np.stack([films.pixels[number] for number in numbers])).float()[:, None] / 255
    images, inside = sample(stored, torch.from_numpy(np.stack(matrices)[:, :2]), shape)
    return normalise(images, inside), inside


def load_hand_frames(films: Films, cache: Path, batch: int = 64) -> HandFrames:
    """Open the hand frames of all films, locating every hand on the first call (about three minutes on two cores)."""
    digest = next(entry["sha256"] for entry in manifest_entries() if entry["name"] == "locator")
    path = cache / f"hand_frames-{digest[:12]}.npz"
    if not path.is_file():
        locator = Locator()
        count = len(films.records)
        points = np.full((count, 21, 2), np.nan)
        confidence = np.full((count, 21), np.nan)
        misfit = np.full(count, np.nan)
        known = [number for number, record in enumerate(films.records) if record.height > 0]
        for start in range(0, len(known), batch):
            numbers = known[start : start + batch]
            matrices, to_native = [], []
            for number in numbers:
                record = films.records[number]
                to_native.append(letterbox_matrix(record.height, record.width))
                stretch = stretch_matrix((record.height, record.width), (STORED, STORED))
                matrices.append(square(stretch) @ to_native[-1])
            images, _ = sample_stored(films, numbers, matrices, (LOCATOR_SIZE, LOCATOR_SIZE))
            found, certain = heat_map_points(locator.heat_maps(images))
            for place, number in enumerate(numbers):
                matrix = to_native[place]
                points[number] = found[place].double().numpy() @ matrix[:2, :2].T + matrix[:2, 2]
                confidence[number] = certain[place].numpy()
                misfit[number] = frame_of_joints(joints_of(points[number]))[1]
            if start % (20 * batch) == 0:
                LOGGER.info("located %d of %d hands", start + len(numbers), len(known))
        np.savez(path, points=points, confidence=confidence, misfit=misfit)
    with np.load(path) as data:
        return HandFrames(data["points"], data["confidence"], data["misfit"])


def film_frame_picture(
    films: Films, frames: HandFrames, number: int, shape: tuple[int, int] = FRAME_SHAPE
) -> NDArray[np.float32]:
    """Return the normalised picture of one stored film in its hand frame."""
    picture, _ = sample_stored(films, [number], [frame_to_stored(films, frames, number)], shape)
    return picture[0, 0].numpy()
