"""What exists of the RSNA films at native resolution: a few whole films, and the joint regions of about a thousand."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

_EDGE: Final = 5
"""Pixels at the border of a native joint region that are not used."""


def feathered(known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return weights (0 to 1) that fall off softly inside what is wholly known; ``known`` is 0 to 1."""
    mask = (known > 0.99).astype(np.float32)
    return np.asarray(ndimage.gaussian_filter(mask, 1.0) * (mask > 0))


class SharpFilms:
    """What exists of the films at native resolution."""

    def __init__(self, root: Path) -> None:
        self._regions = zipfile.ZipFile(root / "rsna" / "annotations" / "joint_regions_native.zip")
        self._native = zipfile.ZipFile(root / "rsna" / "images" / "native.zip")
        self._names = {Path(name).stem: name for name in self._native.namelist()}

    @property
    def ids(self) -> frozenset[str]:
        """The films of which anything exists."""
        return frozenset(self._names) | {Path(name).stem for name in self._regions.namelist()}

    def __enter__(self) -> SharpFilms:
        return self

    def __exit__(self, *_: object) -> None:
        self._regions.close()
        self._native.close()

    def read(self, film_id: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the film's pixels (0 to 1) and, as 1 and 0, where they are known."""
        if film_id in self._names:
            pixels = self._open(self._native, self._names[film_id])
            return pixels, np.ones_like(pixels)
        pixels = self._open(self._regions, f"{film_id}.webp")
        lit = ndimage.binary_closing(pixels > 3 / 255, iterations=2)
        return pixels, ndimage.binary_erosion(lit, iterations=_EDGE).astype(np.float32)

    @staticmethod
    def _open(archive: zipfile.ZipFile, name: str) -> NDArray[np.float32]:
        with Image.open(io.BytesIO(archive.read(name))) as image:
            return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
