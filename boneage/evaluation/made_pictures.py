"""Every kind of picture that is made to see what is refused, and the files of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from boneage.evaluation import made_hands
from boneage.evaluation.made_hands import Pixels, WholeHand

Expected = Literal["refused", "refused or warned"]
SIDES: Final = (480, 400)
"""Rows and columns of the pictures that show no film."""


@dataclass(frozen=True)
class PictureKind:
    """One kind of picture: its name, what should become of it, and how one is made from four whole hands."""

    name: str
    expected: Expected
    make: Callable[[Sequence[WholeHand], np.random.Generator], Pixels]

    def file_name(self, turn: int) -> str:
        """Return the name of its picture of that number, without the ending."""
        return f"{self.name.replace(' ', '_')}_{turn:03d}"


def noise(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """Noise, from white to clouds."""
    from scipy.ndimage import gaussian_filter

    cloudy = np.asarray(gaussian_filter(random.standard_normal(SIDES), random.choice([0.0, 2.0, 8.0, 30.0])))
    return _stretched(cloudy)


def text_page(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A page of words, black on white or white on black."""
    from PIL import Image as Images
    from PIL import ImageDraw, ImageFont

    page = Images.new("L", SIDES[::-1], 0)
    draw = ImageDraw.Draw(page)
    size = int(random.integers(11, 26))
    font = ImageFont.load_default(size=size)
    for y in range(10, SIDES[0] - size, round(1.4 * size)):
        words = " ".join("".join(random.choice(list("abcdefghilmnoprstu"), random.integers(2, 9))) for _ in range(9))
        draw.text((12, y), words, font=font, fill=255)
    white_on_black = np.asarray(page, dtype=np.float32) / 255
    pixels = white_on_black if random.random() < 0.5 else 1 - white_on_black
    return pixels.astype(np.float32)


def shapes(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """Rods and discs laid at random, as bright and as soft as bones are."""
    from scipy.ndimage import gaussian_filter
    from skimage.draw import disk, line

    pixels = np.full(SIDES, 0.15)
    for _ in range(int(random.integers(8, 22))):
        (y0, x0), (y1, x1) = random.uniform((20, 20), (SIDES[0] - 20, SIDES[1] - 20), (2, 2))
        drawn = (
            line(round(y0), round(x0), round(y1), round(x1))
            if random.random() < 0.7
            else disk((y0, x0), 18, shape=SIDES)
        )
        layer = np.zeros(SIDES)
        layer[drawn] = 1.0
        pixels = np.maximum(pixels, np.minimum(12 * gaussian_filter(layer, 4.0), random.uniform(0.5, 0.9)))
    return pixels.astype(np.float32)


def glove(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """The outline of a hand filled with one grey, as a photograph or a glove: a hand without bones."""
    from scipy.ndimage import gaussian_filter

    hand = hands[0]
    layer = np.zeros(hand.pixels.shape, dtype=bool)
    for ray in (1, 2, 3, 4, 5):
        chain = ["wrist", f"mcp_{ray}", *(["ip_1"] if ray == 1 else [f"pip_{ray}", f"dip_{ray}"]), f"tip_{ray}"]
        made_hands.draw_chain(layer, [hand.at(joint) for joint in chain])
    soft = np.asarray(gaussian_filter(layer.astype(float), hand.palm * 0.09))
    filled = np.clip(soft / np.quantile(soft[layer], 0.3), 0, 1)
    return (0.1 + 0.5 * filled + 0.01 * random.standard_normal(filled.shape)).clip(0, 1).astype(np.float32)


KINDS: Final[tuple[PictureKind, ...]] = (
    PictureKind("noise", "refused", noise),
    PictureKind("page of text", "refused", text_page),
    PictureKind("rods and discs", "refused", shapes),
    PictureKind("outline of a hand", "refused", glove),
    PictureKind("two hands", "refused", made_hands.two_hands),
    PictureKind("four films", "refused", made_hands.mosaic),
    PictureKind("half a hand", "refused", made_hands.half_hand),
    PictureKind("part of a hand", "refused", made_hands.crop),
    PictureKind("fingers missing", "refused", made_hands.fingers_missing),
    PictureKind("blurred", "refused", made_hands.blurred),
    PictureKind("flat contrast", "refused", made_hands.flat),
    PictureKind("on its edge", "refused", made_hands.squeezed),
    PictureKind("metal", "refused or warned", made_hands.metal),
    PictureKind("plaster cast", "refused or warned", made_hands.cast),
)
"""Every kind, in the order of the report."""


def make_pictures(hands: Sequence[WholeHand], count: int, folder: Path, *, seed: int = 0) -> Iterator[tuple[str, Path]]:
    """Write ``count`` pictures of every kind as PNG into ``folder`` and yield each one's kind and path.

    Pictures that are already there stay as they are.
    """
    from PIL import Image as Images

    for number, kind in enumerate(KINDS):
        for turn in range(count):
            path = folder / f"{kind.file_name(turn)}.png"
            if not path.is_file():
                random = np.random.default_rng([seed, number, turn])
                chosen = [hands[place] for place in random.choice(len(hands), size=4, replace=len(hands) < 4)]
                grey = np.round(kind.make(chosen, random).clip(0, 1) * 255).astype(np.uint8)
                temporary = folder / f".{path.stem}.partial"
                Images.fromarray(grey).save(temporary, format="PNG", compress_level=1)
                temporary.replace(path)
            yield kind.name, path


def _stretched(values: NDArray[np.float64]) -> Pixels:
    low, high = np.quantile(values, [0.01, 0.99])
    return ((values - low) / max(high - low, 1e-9)).clip(0, 1).astype(np.float32)
