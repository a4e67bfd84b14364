"""The label maps that the segmentation network learns from, made once from masks, joints and grown shafts."""

from __future__ import annotations

import io
import logging
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from boneage.segmentation.hand_frame import FRAME_SHAPE
from boneage.segmentation.locator import joints_of
from boneage.segmentation.resample import normalise, warp
from boneage.training.annotations import MaskArchive, read_joints
from boneage.training.films import Films
from boneage.training.forearm import grow_forearm
from boneage.training.hand_frames import HandFrames, film_frame_picture
from boneage.training.named_masks import components_in_frame, name_components
from boneage.training.shafts import grow_shafts

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class SegmentationLabels:
    """What is known of the annotated films.

    Attributes
    ----------
    numbers:
        (n,) place of each film in `Films`.
    labels:
        (n, rows, columns) ``uint8`` in the hand frame: `LABELS` values, 0 background, 255 not known.
    masks:
        (n, rows, columns) bool: the drawn mask of epiphyses and carpals, for checking.
    has_mask:
        (n,) bool: whether a mask was drawn (else ``labels`` are 255 throughout).
    joints:
        (n, 21, 2) annotated joints in the hand frame, ``nan`` where none were drawn.
    sharp:
        (n, rows, columns) ``uint8``: the native film in the hand frame, 0 throughout where there is none.
    """

    numbers: NDArray[np.int64]
    labels: NDArray[np.uint8]
    masks: NDArray[np.bool_]
    has_mask: NDArray[np.bool_]
    joints: NDArray[np.float64]
    sharp: NDArray[np.uint8]


def _native_pictures(root: Path, films: Films, frames: HandFrames) -> dict[int, NDArray[np.float32]]:
    """Return the normalised hand-frame pictures of the films that exist at native resolution."""
    pictures = {}
    with zipfile.ZipFile(root / "rsna" / "images" / "native.zip") as archive:
        for name in archive.namelist():
            number = films.index[Path(name).stem]
            if films.records[number].height == 0 or films.records[number].split == "devtest":
                continue
            with Image.open(io.BytesIO(archive.read(name))) as image:
                pixels = np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
            picture, inside = warp(pixels, frames.frame(number).matrix, FRAME_SHAPE)
            pictures[number] = normalise(picture, inside)[0, 0].numpy()
    return pictures


def load_segmentation_labels(films: Films, frames: HandFrames, root: Path, cache: Path) -> SegmentationLabels:
    """Open the label maps of the ``train`` and ``tune`` films, growing them on the first call (about six minutes)."""
    path = cache / "segmentation_labels.npz"
    if not path.is_file():
        native = _native_pictures(root, films, frames)
        annotations = read_joints(root)
        with MaskArchive(root) as archive:
            masked = set(archive.ids)
            known = [
                number
                for number, record in enumerate(films.records)
                if record.height > 0 and record.split != "devtest" and (record.id in masked or record.id in annotations)
            ]
            shape = (len(known), *FRAME_SHAPE)
            labels = np.full(shape, 255, dtype=np.uint8)
            masks, sharp = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.uint8)
            joints = np.full((len(known), 21, 2), np.nan)
            for place, number in enumerate(known):
                film_id = films.records[number].id
                frame = frames.frame(number)
                points = annotations[film_id].points if film_id in annotations else frames.points[number]
                in_frame = frame.from_film(points)
                if film_id in annotations:
                    joints[place] = in_frame
                picture = native.get(number)
                if picture is not None:
                    sharp[place] = np.clip(picture * 200 + 20, 0, 255).astype(np.uint8)
                if film_id not in masked:
                    continue
                picture = picture if picture is not None else film_frame_picture(films, frames, number)
                components = components_in_frame(archive.read(film_id), frame)
                named = name_components(components, joints_of(in_frame))
                named = grow_shafts(picture, joints_of(in_frame), named)
                labels[place] = grow_forearm(picture, joints_of(in_frame), named)
                masks[place] = components > 0
                if place % 100 == 0:
                    LOGGER.info("labels of %d of %d films", place, len(known))
        has_mask = np.array([films.records[number].id in masked for number in known])
        np.savez(
            path, numbers=np.array(known), labels=labels, masks=masks, has_mask=has_mask, joints=joints, sharp=sharp
        )
    with np.load(path) as data:
        return SegmentationLabels(**{name: data[name] for name in data.files})
