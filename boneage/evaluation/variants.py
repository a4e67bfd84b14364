"""The same film as it might have come another way: turned, scaled, compressed, mirrored, in other grey levels.

Nothing of the hand changes, so whatever changes in the answer is an error of the tool (or what the change took away).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Variant:
    """One way for a film to come.

    Attributes
    ----------
    name:
        As in the report.
    change:
        What is done to the picture (8 bits, grey).
    scale:
        Pixels of the variant per pixel of the film.
    format:
        ``PNG`` or ``JPEG``.
    quality:
        Of the JPEG.
    """

    name: str
    change: Callable[[Image], Image]
    scale: float = 1.0
    format: str = "PNG"
    quality: int = 100

    def encode(self, pixels: Pixels) -> bytes:
        """Return the file of this variant of a film (rows, columns), 0 to 1, bone bright, at 8 bits."""
        from PIL import Image as Images

        picture = Images.fromarray(np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8))
        buffer = io.BytesIO()
        options = {"quality": self.quality} if self.format == "JPEG" else {"compress_level": 1}
        self.change(picture).save(buffer, format=self.format, **options)
        return buffer.getvalue()


def _same(picture: Image) -> Image:
    return picture


def turned(degrees: float, *, black: bool = False) -> Variant:
    """Turn anticlockwise on a canvas enlarged so that nothing is cut off.

    The corners have the median grey of the film's own border, so that nothing but the angle changes; ``black`` leaves
    them black, as collimation or an export does.
    """

    def turn(picture: Image) -> Image:
        from PIL.Image import Resampling

        corners = 0 if black else border_level(np.asarray(picture))
        return picture.rotate(degrees, resample=Resampling.BICUBIC, expand=True, fillcolor=corners)

    return Variant(f"turned by {degrees:g}°{', black corners' if black else ''}", turn)


def border_level(pixels: NDArray[np.uint8]) -> int:
    """Return the median grey of the outermost 2 % at each side: a bright line round a film is thinner than that."""
    band = max(1, round(0.02 * min(pixels.shape)))
    inside = np.zeros(pixels.shape, dtype=bool)
    inside[band:-band, band:-band] = True
    return int(np.median(pixels[~inside]))


def scaled(factor: float, name: str = "") -> Variant:
    """Scale with a bicubic kernel, which averages where it shrinks."""

    def scale(picture: Image) -> Image:
        from PIL.Image import Resampling

        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        return picture.resize(size, resample=Resampling.BICUBIC)

    return Variant(name or f"scaled by {factor:g}", scale, scale=factor)


def compressed(quality: int) -> Variant:
    """Store as a JPEG of this quality."""
    return Variant(f"JPEG quality {quality}", _same, format="JPEG", quality=quality)


def levels(name: str, curve: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Variant:
    """Send every grey level of 0 to 1 through a curve."""
    table = np.round(np.clip(curve(np.arange(256) / 255), 0, 1) * 255).astype(int).tolist()
    return Variant(name, lambda picture: picture.point(table))


def mirrored() -> Variant:
    """Exchange left and right."""

    def mirror(picture: Image) -> Image:
        from PIL import ImageOps

        return ImageOps.mirror(picture)

    return Variant("mirrored", mirror)


ORIGINAL: Final = Variant("as it is", _same)

VARIANTS: Final[tuple[Variant, ...]] = (
    turned(7),
    turned(-11),
    turned(30),
    turned(30, black=True),
    scaled(0.8),
    scaled(1.25),
    scaled(0.5, "half resolution"),
    compressed(50),
    mirrored(),
    levels("inverted", lambda level: 1 - level),
    levels("brighter by 0.1", lambda level: level + 0.1),
    levels("half the contrast", lambda level: 0.25 + 0.5 * level),
    levels("gamma 0.7", lambda level: level**0.7),
    levels("gamma 1.4", lambda level: level**1.4),
)
"""Every variant, in the order of the report."""
