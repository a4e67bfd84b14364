"""Drawn films with known hands, in place of the training films."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from boneage.anatomy import JOINTS
from boneage.measurement.phantom import CARPAL_DISCS, bone_map_of, phantom_hand
from boneage.segmentation.bone_map import BoneMap
from boneage.training.annotations import _KEYPOINT_OF_JOINT
from boneage.training.films import STORED, FilmRecord, Films

WRIST = (186.0, 392.0)
"""The wrist of the drawn hand, which the drawing itself does not name."""


def drawn_hand(*, epiphyses: bool = True) -> BoneMap:
    """The drawn hand with all of its 21 joints, on 512 by 384 pixels, at about the scale of the hand frame."""
    found = _drawn(epiphyses)
    joints = {**found.joints, "wrist": WRIST}
    assert set(joints) == set(JOINTS)
    return BoneMap(found.labels.copy(), found.pixels.copy(), joints, dict.fromkeys(joints, 1.0), found.frame)


@lru_cache
def _drawn(epiphyses: bool) -> BoneMap:
    """Drawn once: two dozen files begin with this hand."""
    return bone_map_of(phantom_hand(epiphyses=epiphyses), carpals=CARPAL_DISCS)


def joint_array(joints: dict[str, tuple[float, float]]) -> NDArray[np.float64]:
    """Return joints as (21, 2) in the order of `JOINTS`."""
    return np.array([joints[name] for name in JOINTS])


def record(film_id: str, *, split: str = "train", height: int = 512, width: int = 384, **changes: object) -> FilmRecord:
    """One row of `labels.csv`."""
    values = {"bone_age_months": 100.0, "sex": "F", **changes}
    return FilmRecord(film_id, float(str(values["bone_age_months"])), str(values["sex"]), split, height, width)


def stored(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Stretch a picture (0..1) to the square that films are stored in."""
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.resize((STORED, STORED), Image.Resampling.BILINEAR))


def films_of(pictures: Sequence[NDArray[np.float32]], records: Sequence[FilmRecord]) -> Films:
    """Films in memory."""
    index = {one.id: number for number, one in enumerate(records)}
    return Films(list(records), np.stack([stored(picture) for picture in pictures]), index)


def write_training_data(
    root: Path,
    pictures: Sequence[NDArray[np.float32]],
    records: Sequence[FilmRecord],
    *,
    joints: dict[str, NDArray[np.float64]] | None = None,
    masks: dict[str, NDArray[np.bool_]] | None = None,
    native: dict[str, NDArray[np.float32]] | None = None,
) -> None:
    """Write films, joints, masks and native films as the training data are laid out."""
    images, annotations = root / "rsna" / "images", root / "rsna" / "annotations"
    for folder in (images, annotations):
        folder.mkdir(parents=True)
    with (root / "rsna" / "labels.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "bone_age_months", "sex", "native_height", "native_width", "split"])
        for one in records:
            writer.writerow([one.id, one.bone_age_months, one.sex, one.height or "", one.width or "", one.split])
    for shard in range(2):
        with zipfile.ZipFile(images / f"shard-{shard}.zip", "w") as archive:
            for number in range(shard, len(records), 2):
                archive.writestr(f"{records[number].id}.webp", _encoded(stored(pictures[number]), "WEBP"))
    with zipfile.ZipFile(images / "native.zip", "w") as archive:
        for film_id, picture in (native or {}).items():
            archive.writestr(f"{film_id}.webp", _encoded((picture * 255).astype(np.uint8), "WEBP"))
    with zipfile.ZipFile(annotations / "epiphysis_carpal_masks.zip", "w") as archive:
        for film_id, mask in (masks or {}).items():
            archive.writestr(f"{film_id}.png", _encoded(mask.astype(np.uint8) * 255, "PNG"))
    sizes = {one.id: (one.height, one.width) for one in records}
    with (annotations / "keypoints_21.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "side", "native_height", "native_width", "keypoint", "x", "y", "visible"])
        for film_id, points in (joints or {}).items():
            for name, (x, y) in zip(JOINTS, points, strict=True):
                writer.writerow([film_id, "L", *sizes[film_id], _KEYPOINT_OF_JOINT[name], x, y, 2])


def _encoded(pixels: NDArray[np.uint8], name: str) -> bytes:
    buffer = io.BytesIO()
    options = {"lossless": True} if name == "WEBP" else {}
    Image.fromarray(pixels).save(buffer, name, **options)
    return buffer.getvalue()
