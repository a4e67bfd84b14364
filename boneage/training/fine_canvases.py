"""What the fine stage learns from: the annotated films and their labels on the fine grid, made once.

Each film is there twice: as stored (299 pixels a side, so blurred on this grid), and sharp, with the joint regions that
exist at native resolution (or, where there is one, the whole native film) in their places. Epiphyses and carpals are
drawn; shafts are what the shipped first network sees, for nobody has drawn them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from boneage.segmentation.bone_map import HandFrame
from boneage.segmentation.channels import bone_of, label_of, split_channels
from boneage.segmentation.hand_frame import FINE_SHAPE, FINENESS, finer
from boneage.segmentation.locator import joints_of
from boneage.segmentation.metacarpals import complete_metacarpals
from boneage.segmentation.resample import normalise, overview, sample, warp
from boneage.segmentation.segmenter import BoneNetwork
from boneage.segmentation.sites import FINE_PALM
from boneage.training.annotations import MaskArchive, read_joints
from boneage.training.carpal_names import name_wrist
from boneage.training.films import Films
from boneage.training.forearm_edges import trim_forearm
from boneage.training.hand_frames import HandFrames, square
from boneage.training.loop import autocast
from boneage.training.named_masks import components_in_frame, name_components
from boneage.training.sharp_films import SharpFilms, feathered

LOGGER = logging.getLogger(__name__)

WORST_MISFIT: Final = 0.12
"""Films whose palm fits the template worse are left out."""


@dataclass(frozen=True, eq=False)
class FineCanvases:
    """The films with drawn masks, all splits.

    Attributes
    ----------
    numbers:
        (n,) place of each film in `Films`.
    joints:
        (n, 21, 2) joints on the fine grid: drawn where there are any, else as located.
    stored, sharp:
        (n, *FINE_SHAPE) ``uint8``: the normalised picture, 0 to 1 as 20 to 220 (see `picture_of`).
    labels:
        (n, *FINE_SHAPE) ``uint8``: label values, 255 where it is not known.
    drawn:
        (n, *FINE_SHAPE) bool: the drawn mask.
    """

    numbers: NDArray[np.int64]
    joints: NDArray[np.float64]
    stored: NDArray[np.uint8]
    sharp: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    drawn: NDArray[np.bool_]

    def of_split(self, films: Films, split: str) -> list[int]:
        """Return the places of the films of a split."""
        return [place for place, number in enumerate(self.numbers) if films.records[int(number)].split == split]


def picture_of(stored: NDArray[np.uint8]) -> Tensor:
    """Return a kept picture (rows, columns) as a normalised one (1, 1, rows, columns)."""
    return (torch.from_numpy(np.array(stored)).float()[None, None] - 20) / 200


def keep(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return a normalised picture as it is kept, in whole numbers."""
    return np.clip(np.rint(picture * 200 + 20), 0, 255).astype(np.uint8)


def load_fine_canvases(films: Films, frames: HandFrames, root: Path, cache: Path) -> FineCanvases:
    """Open the canvases in ``cache`` (about 2 GB), making them on the first call (about ten minutes)."""
    folder = cache / "fine"
    if not (folder / "numbers.npy").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _make(films, frames, root, folder)
    return FineCanvases(**{f.name: np.load(folder / f"{f.name}.npy", mmap_mode="r") for f in fields(FineCanvases)})


def _make(films: Films, frames: HandFrames, root: Path, folder: Path) -> None:
    annotations = read_joints(root)
    with MaskArchive(root) as archive, SharpFilms(root) as sharp_films:
        masked = set(archive.ids)
        numbers = [
            number
            for number, record in enumerate(films.records)
            if record.height > 0 and record.id in masked and frames.misfit[number] < WORST_MISFIT
        ]
        joints = np.empty((len(numbers), 21, 2))
        shape = (len(numbers), *FINE_SHAPE)
        arrays = {
            name: np.lib.format.open_memmap(folder / f"{name}.npy", mode="w+", dtype=dtype, shape=shape)
            for name, dtype in (("stored", np.uint8), ("sharp", np.uint8), ("labels", np.uint8), ("drawn", np.bool_))
        }
        network = BoneNetwork()
        for place, number in enumerate(numbers):
            record = films.records[number]
            frame = finer(frames.frame(number))
            points = annotations[record.id].points if record.id in annotations else frames.points[number]
            joints[place] = frame.from_film(points)
            components = components_in_frame(archive.read(record.id), frame)
            named = name_components(components, joints_of(joints[place]), smallest=12, palm=FINE_PALM)
            stored, sharp = _pictures(films, number, frame, sharp_films)
            named = name_wrist(named, components, sharp)
            shafts = _shafts(network, stored)
            arrays["stored"][place], arrays["sharp"][place] = keep(stored), keep(sharp)
            labels = trim_forearm(np.where(named > 0, named, shafts), stored)
            complete_metacarpals(labels, stored)
            arrays["labels"][place] = labels
            arrays["drawn"][place] = components > 0
            if place % 100 == 0:
                LOGGER.info("canvases of %d of %d films", place, len(numbers))
        for array in arrays.values():
            array.flush()
    np.save(folder / "joints.npy", joints)
    np.save(folder / "numbers.npy", np.array(numbers))


def _pictures(
    films: Films, number: int, frame: HandFrame, sharp_films: SharpFilms
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the normalised picture of a film as stored, and with its native parts in their places."""
    record = films.records[number]
    to_stored = torch.from_numpy((square(films.matrix(record.id)) @ square(frame.matrix))[None, :2])
    whole = torch.from_numpy(np.array(films.pixels[number])).float()[None, None] / 255
    stored, inside = sample(whole, to_stored, FINE_SHAPE)
    pixels, known = sharp_films.read(record.id)
    native, _ = warp(pixels, frame.matrix, FINE_SHAPE)
    share, _ = warp(known, frame.matrix, FINE_SHAPE)
    mask = feathered(share[0, 0].numpy())
    mixed = stored * (1 - torch.from_numpy(mask)) + native * torch.from_numpy(mask)
    both = normalise(torch.cat([stored, mixed]), inside.expand(2, -1, -1, -1))
    return both[0, 0].numpy(), both[1, 0].numpy()


def _shafts(network: BoneNetwork, stored: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the shafts that the first network sees, on the fine grid; nothing else is believed of it."""
    picture = overview(torch.from_numpy(stored)[None, None])
    with autocast(torch.device("cpu")):
        tissue, owner = split_channels(network.answer(picture))
    tissue = functional.interpolate(tissue, scale_factor=FINENESS, mode="bilinear", align_corners=False)
    shaft = tissue[:, 1] > tissue[:, 0]  # whatever is carpal or epiphysis has been drawn, so its claims do not count
    return np.asarray(label_of(shaft.long(), bone_of(owner, finer=FINENESS))[0].numpy())


def batches(places: list[int], size: int) -> Iterator[list[int]]:
    """Yield places in runs of ``size``."""
    for start in range(0, len(places), size):
        yield places[start : start + size]
