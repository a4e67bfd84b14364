"""What is done to the grey picture of a film: blur, noise, borders, cuts and markers.

Each maker returns a function from an 8-bit grey picture to another. Lengths are shares of the film's longer side, so
that a change is as strong on a small film as on a large one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.evaluation.variants import border_level

if TYPE_CHECKING:
    from PIL.Image import Image

Alter = Callable[["Image"], "Image"]
Sides = tuple[float, float, float, float]
"""Shares of the longer side at the left, the top, the right and the bottom."""

BLACK: Final = 0
WHITE: Final = 255
SEED: Final = 0
"""Of the noise: the same film is always changed in the same way."""
LETTER_SIDE: Final = 0.06
"""Height of a marker's letter; about 15 mm on a film of 25 cm."""


def _picture(levels: NDArray[np.floating]) -> Image:
    """Return grey levels 0 to 255 as a picture."""
    from PIL import Image as Images

    return Images.fromarray(np.clip(np.round(levels), BLACK, WHITE).astype(np.uint8))


def _levels(picture: Image) -> NDArray[np.float64]:
    return np.asarray(picture, dtype=np.float64)


def _lengths(picture: Image, sides: Sides) -> tuple[int, int, int, int]:
    longer = max(picture.size)
    left, top, right, bottom = (round(share * longer) for share in sides)
    return left, top, right, bottom


def blurred(share: float) -> Alter:
    """Blur by a Gaussian whose standard deviation is this share of the longer side."""

    def blur(picture: Image) -> Image:
        from scipy.ndimage import gaussian_filter

        return _picture(gaussian_filter(_levels(picture), share * max(picture.size), mode="nearest"))

    return blur


def sharpened(share: float, amount: float) -> Alter:
    """Add so much of what a blur by this share would take away (an unsharp mask, as consoles apply it)."""

    def sharpen(picture: Image) -> Image:
        from scipy.ndimage import gaussian_filter

        levels = _levels(picture)
        return _picture(levels + amount * (levels - gaussian_filter(levels, share * max(picture.size), mode="nearest")))

    return sharpen


def noisy(sd: float) -> Alter:
    """Add Gaussian noise of this standard deviation, as a share of the grey range."""

    def add(picture: Image) -> Image:
        levels = _levels(picture)
        return _picture(levels + np.random.default_rng(SEED).normal(0, sd * WHITE, levels.shape))

    return add


def dusty(share: float) -> Alter:
    """Set this share of the pixels to black or white, half each."""

    def dust(picture: Image) -> Image:
        levels = _levels(picture)
        drawn = np.random.default_rng(SEED).random(levels.shape)
        levels[drawn < share] = BLACK
        levels[drawn < share / 2] = WHITE
        return _picture(levels)

    return dust


def uneven(amount: float) -> Alter:
    """Multiply by a slope from ``1 - amount`` at the left to 1 at the right, as the tube's heel does."""

    def slope(picture: Image) -> Image:
        return _picture(_levels(picture) * np.linspace(1 - amount, 1, picture.width))

    return slope


def equalised(limit: float) -> Alter:
    """Equalise the histogram region by region (CLAHE with this clip limit)."""

    def equalise(picture: Image) -> Image:
        from skimage.exposure import equalize_adapthist

        return _picture(WHITE * equalize_adapthist(np.asarray(picture), clip_limit=limit))

    return equalise


def framed(sides: Sides, grey: int | None) -> Alter:
    """Add a border outside the film; ``None`` takes the median grey of the film's own edge."""

    def frame(picture: Image) -> Image:
        from PIL import ImageOps

        fill = border_level(np.asarray(picture)) if grey is None else grey
        return ImageOps.expand(picture, border=_lengths(picture, sides), fill=fill)

    return frame


def squared(picture: Image) -> Image:
    """Add black beside (or above and below) the film until it is a square, the film in the middle."""
    from PIL import ImageOps

    longer = max(picture.size)
    left, top = (longer - picture.width) // 2, (longer - picture.height) // 2
    border = (left, top, longer - picture.width - left, longer - picture.height - top)
    return ImageOps.expand(picture, border=border, fill=BLACK)


def collimated(share: float, grey: int) -> Alter:
    """Paint over the outermost part of the film, as a collimator leaves it."""

    def paint(picture: Image) -> Image:
        levels = _levels(picture)
        width, _, _, _ = _lengths(picture, (share, 0, 0, 0))
        inside = np.zeros(levels.shape, dtype=bool)
        inside[width : picture.height - width, width : picture.width - width] = True
        return _picture(np.where(inside, levels, grey))

    return paint


def without_corners(share: float) -> Alter:
    """Paint the four corners black, each a triangle with legs of this share, as an oblique collimator does."""

    def paint(picture: Image) -> Image:
        levels = _levels(picture)
        leg, _, _, _ = _lengths(picture, (share, 0, 0, 0))
        across = np.minimum(np.arange(picture.width), np.arange(picture.width)[::-1])
        down = np.minimum(np.arange(picture.height), np.arange(picture.height)[::-1])
        levels[across[None, :] + down[:, None] < leg] = BLACK
        return _picture(levels)

    return paint


def cropped(sides: Sides) -> Alter:
    """Cut off so much of the film at each side."""

    def crop(picture: Image) -> Image:
        left, top, right, bottom = _lengths(picture, sides)
        return picture.crop((left, top, picture.width - right, picture.height - bottom))

    return crop


def upside_down(picture: Image) -> Image:
    """Exchange top and bottom, which mirrors the hand as well."""
    from PIL import ImageOps

    return ImageOps.flip(picture)


def letter(side: int) -> NDArray[np.bool_]:
    """Return the strokes of a letter L in a square of this side, as lead markers have it."""
    strokes = np.zeros((side, side), dtype=bool)
    stroke = max(1, side // 4)
    strokes[:, :stroke] = True
    strokes[-stroke:, : 3 * side // 4] = True
    return strokes


def _with_letter(picture: Image, row: int, column: int, side: int, *, plate: bool = False) -> Image:
    """Draw a white letter whose square begins at this row and column, on a black plate where wanted."""
    levels = _levels(picture)
    strokes = letter(side)
    window = levels[row : row + side, column : column + side]
    if plate:
        window[:] = BLACK
    window[strokes[: window.shape[0], : window.shape[1]]] = WHITE
    return _picture(levels)


def lettered(across: float, down: float, *, side: float = LETTER_SIDE, plate: bool = False) -> Alter:
    """Draw a white letter with its middle at these shares of the film's width and height, wholly on the film.

    ``plate`` puts it on a black plate, as annotations burned into a picture have it.
    """

    def mark(picture: Image) -> Image:
        length = max(1, round(side * max(picture.size)))
        row = round(np.clip(down * picture.height - length / 2, 0, max(picture.height - length, 0)))
        column = round(np.clip(across * picture.width - length / 2, 0, max(picture.width - length, 0)))
        return _with_letter(picture, row, column, length, plate=plate)

    return mark


def lettered_beside(picture: Image, bones: NDArray[np.bool_]) -> Image:
    """Draw a white letter as near to the middle of the hand as it can lie without covering a bone.

    Where there is no such place it goes to the top left corner.
    """
    from scipy.ndimage import distance_transform_edt

    length = max(1, round(LETTER_SIDE * max(picture.size)))
    half = length // 2
    free = np.zeros(bones.shape, dtype=bool)
    if bones.any():
        free = distance_transform_edt(~bones) > 0.75 * length  # Half the diagonal of its square, and a little air.
    inside = np.zeros(bones.shape, dtype=bool)
    inside[half : bones.shape[0] - length + half + 1, half : bones.shape[1] - length + half + 1] = True
    places = np.argwhere(free & inside)
    if not len(places):
        return _with_letter(picture, 0, 0, length)
    middle = np.argwhere(bones).mean(axis=0)
    row, column = places[np.argmin(((places - middle) ** 2).sum(axis=1))]
    return _with_letter(picture, int(row) - half, int(column) - half, length)
