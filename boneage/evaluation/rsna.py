"""Films of the RSNA training set as a user would have them: unpacked, and their aspect restored.

They are stored stretched to a square. Restoring stretches the longer side of the native film back and leaves the other
side alone, so that nothing that is stored is lost.
"""

from __future__ import annotations

import csv
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boneage.errors import UsageError
from boneage.evaluation.manifest import write_manifest
from boneage.outputs import make_folder
from boneage.training.films import stored_pictures

if TYPE_CHECKING:
    from PIL.Image import Image

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredFilm:
    """A film of the set: id, sex, and the size of the native film."""

    id: str
    sex: str
    height: int
    width: int


def restored_size(stored: int, height: int, width: int) -> tuple[int, int]:
    """Return (width, height) of the restored film: the native aspect, the shorter side as stored.

    Examples
    --------
    >>> restored_size(300, 2000, 1500)
    (300, 400)
    """
    if height >= width:
        return stored, round(stored * height / width)
    return round(stored * width / height), stored


def restore(picture: Image, film: StoredFilm) -> Image:
    """Return a stored film in its native aspect."""
    from PIL import Image as Images

    size = restored_size(picture.width, film.height, film.width)
    return picture.convert("L").resize(size, Images.Resampling.BICUBIC)


def read_split(root: Path, split: str) -> tuple[StoredFilm, ...]:
    """Return the films of a split whose native size is known.

    Raises
    ------
    UsageError
        If the set is not at ``root`` or has no such split.
    """
    labels = root / "rsna" / "labels.csv"
    if not labels.is_file():
        msg = "the RSNA films were not found"
        raise UsageError("no_rsna_films", msg, remedy="set BONEAGE_DATA to the folder that holds rsna/labels.csv")
    with labels.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    films = tuple(
        StoredFilm(row["id"], row["sex"], int(row["native_height"]), int(row["native_width"]))
        for row in rows
        if row["native_height"] and row["native_width"]
    )
    if not films:
        msg = f"there is no film in the split {split!r}"
        raise UsageError("no_such_split", msg, remedy="use train, tune or devtest")
    if len(films) < len(rows):
        LOGGER.warning("%d films have no native size and are left out", len(rows) - len(films))
    return films


def write_films(root: Path, films: tuple[StoredFilm, ...], folder: Path) -> Path:
    """Unpack and restore films into a folder and return the manifest that names them, with sex and id.

    Films that are already there stay as they are.
    """
    make_folder(folder)
    wanted = {film.id: film for film in films if not (folder / f"{film.id}.png").is_file()}
    for film, picture in stored_pictures(root, wanted):
        temporary = folder / f".{film}.partial"
        restore(picture, wanted[film]).save(temporary, format="PNG")
        temporary.replace(folder / f"{film}.png")
    return _write_manifest(films, folder)


def write_sharp_films(root: Path, films: tuple[StoredFilm, ...], folder: Path) -> Path:
    """Write films at native size, with their native joint regions in the stored picture; otherwise as `write_films`.

    Films of which nothing exists at native resolution are left out; a film that exists as a whole is taken whole.
    """
    import numpy as np
    from PIL import Image as Images

    from boneage.training.sharp_films import SharpFilms, feathered

    make_folder(folder)
    with SharpFilms(root) as sharp:
        kept = tuple(film for film in films if film.id in sharp.ids)
        wanted = {film.id: film for film in kept if not (folder / f"{film.id}.png").is_file()}
        for film, picture in stored_pictures(root, wanted):
            native, known = sharp.read(film)
            share = feathered(known)
            size = (native.shape[1], native.shape[0])
            whole = np.asarray(picture.convert("L").resize(size, Images.Resampling.BICUBIC), dtype=np.float32)
            mixed = np.rint(whole * (1 - share) + 255 * native * share).clip(0, 255).astype(np.uint8)
            temporary = folder / f".{film}.partial"
            Images.fromarray(mixed).save(temporary, format="PNG", compress_level=1)
            temporary.replace(folder / f"{film}.png")
    return _write_manifest(kept, folder)


def _write_manifest(films: tuple[StoredFilm, ...], folder: Path) -> Path:
    return write_manifest(((f"{film.id}.png", film.sex, film.id) for film in films), folder / "manifest.csv")
