"""The RSNA training films, decoded once into one memory-mapped array.

The films are stored stretched to 299 x 299. They are kept so in the cache, together with the affine map that restores
their aspect: whoever samples a film goes through `Films.matrix`, so that no film is resampled twice.
"""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from boneage.data_folder import data_folder
from boneage.errors import UsageError

LOGGER = logging.getLogger(__name__)
STORED: Final = 299
"""Height and width of the stored films."""


def data_root() -> Path:
    """Return the folder of the data (`boneage.data_folder`), once the RSNA films are seen to be there.

    Raises
    ------
    UsageError
        ``no_training_data``.
    """
    root = data_folder()
    if not (root / "rsna" / "labels.csv").is_file():
        msg = "the training data were not found"
        raise UsageError("no_training_data", msg, remedy="set BONEAGE_DATA to the folder that holds rsna/labels.csv")
    return root


@dataclass(frozen=True)
class FilmRecord:
    """One film of `labels.csv`; ``height`` and ``width`` are those of the native film, 0 where they are not known."""

    id: str
    bone_age_months: float
    sex: str
    split: str
    height: int
    width: int


def read_records(root: Path) -> list[FilmRecord]:
    """Read `rsna/labels.csv` in its own order."""
    with (root / "rsna" / "labels.csv").open(newline="") as handle:
        return [
            FilmRecord(
                row["id"],
                float(row["bone_age_months"]),
                row["sex"],
                row["split"],
                int(row["native_height"] or 0),
                int(row["native_width"] or 0),
            )
            for row in csv.DictReader(handle)
        ]


@dataclass(frozen=True, eq=False)
class Films:
    """All films: ``pixels`` is ``uint8`` of shape (n, 299, 299), ``records`` has n entries in the same order."""

    records: list[FilmRecord]
    pixels: NDArray[np.uint8]
    index: dict[str, int]

    def matrix(self, film_id: str) -> NDArray[np.float64]:
        """Return the (2, 3) map from native pixels ``[x, y]`` to stored pixels, pixel centres at whole numbers."""
        record = self.records[self.index[film_id]]
        return stretch_matrix((record.height, record.width), (STORED, STORED))

    def of_split(self, split: str) -> Iterator[FilmRecord]:
        """Yield the films of a split whose native size is known (four are not, and cannot be restored)."""
        return (record for record in self.records if record.split == split and record.height > 0)


def stored_pictures(root: Path, wanted: Container[str]) -> Iterator[tuple[str, Image.Image]]:
    """Yield the id and the stored picture of each wanted film, shard by shard; it is open until the next is asked for.

    Parameters
    ----------
    root:
        The folder of the data.
    wanted:
        Ids; other pictures are not decoded.
    """
    for shard in sorted((root / "rsna" / "images").glob("shard-*.zip")):
        with zipfile.ZipFile(shard) as archive:
            for name in archive.namelist():
                if Path(name).stem in wanted:
                    with Image.open(io.BytesIO(archive.read(name))) as picture:
                        yield Path(name).stem, picture


def stretch_matrix(source: tuple[int, int], target: tuple[int, int]) -> NDArray[np.float64]:
    """Return the (2, 3) map of ``[x, y]`` between two samplings, (rows, columns), of the same picture."""
    sy, sx = target[0] / source[0], target[1] / source[1]
    return np.array([[sx, 0.0, (sx - 1) / 2], [0.0, sy, (sy - 1) / 2]])


def load_films(cache: Path, root: Path | None = None) -> Films:
    """Open the cache of all films in the folder ``cache``, decoding the shards on the first call (about 1.1 GB)."""
    root = root or data_root()
    records = read_records(root)
    index = {record.id: number for number, record in enumerate(records)}
    path = cache / "films.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        LOGGER.info("decoding %d films into the cache", len(records))
        partial = path.with_suffix(".partial.npy")
        array = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint8, shape=(len(records), STORED, STORED))
        for film, picture in stored_pictures(root, index):
            array[index[film]] = np.asarray(picture.convert("L"))
        array.flush()
        partial.replace(path)
    return Films(records, np.load(path, mmap_mode="r"), index)
