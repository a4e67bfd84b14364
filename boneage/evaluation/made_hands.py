"""Pictures made from films of hands that no age may be read from: cut, doubled, incomplete, spoiled.

Each maker takes whole hands with their joints and a generator of random numbers, and returns a picture (rows, columns),
``float32``, 0 to 1, bone bright. They are drawn with seeds, so that equal films give equal pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import JOINTS, RAYS

Pixels = NDArray[np.float32]
HEIGHT: Final = 600
"""Rows that every film of a collage is brought to."""
_METAL: Final = (((0.80, 0.86), 0.13), ((0.35, 0.85), 0.02), ((0.25, 0.95), 0.07))
"""Ring, pin and plate: where it lies from wrist to finger joint, and half its breadth in palm lengths."""


@dataclass(frozen=True, eq=False)
class WholeHand:
    """A film of one whole hand: ``pixels`` (rows, columns), ``joints`` (21, 2), ``[x, y]`` in the order of `JOINTS`."""

    pixels: Pixels
    joints: NDArray[np.float64]

    def at(self, joint: str) -> NDArray[np.float64]:
        """Return one joint's place."""
        place: NDArray[np.float64] = self.joints[JOINTS.index(joint)]
        return place

    @property
    def palm(self) -> float:
        """Distance from the wrist to the third knuckle in film pixels."""
        return float(np.linalg.norm(self.at("mcp_3") - self.at("wrist")))


def two_hands(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """Both hands on one film, side by side: a hand and another, mirrored."""
    first, second = _of_height(hands[0].pixels), np.fliplr(_of_height(hands[1].pixels))
    return np.hstack([first, second] if random.random() < 0.5 else [second, first])


def mosaic(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """Four films on one picture."""
    width = int(np.median([_of_height(hand.pixels).shape[1] for hand in hands[:4]]))
    tiles = [_resized(hand.pixels, (HEIGHT, width)) for hand in hands[:4]]
    return np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])])


def half_hand(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A film whose edge runs through the palm: without the fingers, without the wrist or without one side."""
    hand = hands[0]
    kind = random.integers(3)
    if kind == 0:
        return _without_side(hand, away=hand.at("wrist"), through=_between(hand, "mcp_3", "pip_3", 0.4))
    if kind == 1:
        return _without_side(hand, away=hand.at("tip_3"), through=_between(hand, "wrist", "mcp_3", 0.6))
    return _without_side(hand, away=hand.at("mcp_5"), through=_between(hand, "mcp_3", "mcp_4", 0.5))


def crop(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A small part of a hand: a joint or two, or the wrist alone."""
    hand = hands[0]
    middle = hand.at(str(random.choice(["wrist", "pip_3", "dip_2", "mcp_2", "mcp_5", "ip_1", "pip_4"])))
    reach = hand.palm * random.uniform(0.35, 0.6)
    low = np.maximum(np.floor(middle - reach), 0).astype(int)
    high = np.minimum(np.ceil(middle + reach), hand.pixels.shape[::-1]).astype(int)
    return _at_least(hand.pixels[low[1] : high[1], low[0] : high[0]])


def fingers_missing(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A hand of which two or three fingers are painted over from the knuckle on."""
    from skimage.morphology import dilation, disk

    hand = hands[0]
    mask = np.zeros(hand.pixels.shape, dtype=bool)
    for ray in random.choice(RAYS[1:], size=int(random.integers(2, 4)), replace=False):
        chain = [
            _between(hand, f"mcp_{ray}", f"pip_{ray}", 0.35),
            *(hand.at(f"{name}_{ray}") for name in ("pip", "dip")),
        ]
        chain.append(chain[-1] + 1.5 * (hand.at(f"tip_{ray}") - chain[-1]))
        draw_chain(mask, chain)
    wide = dilation(mask, disk(max(2, round(0.14 * hand.palm)), decomposition="sequence"))
    pixels = hand.pixels.copy()
    pixels[wide] = _background(hand.pixels) + 0.01 * random.standard_normal(int(wide.sum())).astype(np.float32)
    return pixels


def blurred(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A film so unsharp that no growth plate can be seen: a blur of a sixtieth to an eighth of the palm."""
    from scipy.ndimage import gaussian_filter

    hand = hands[0]
    return np.asarray(
        gaussian_filter(hand.pixels, hand.palm / np.exp(random.uniform(np.log(8), np.log(60)))), dtype=np.float32
    )


def flat(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A film whose bones are but two or three of 256 grey levels brighter than the flesh."""
    pixels = hands[0].pixels
    levels = random.integers(4, 8)
    return np.asarray(np.round(100 + levels * (pixels - pixels.mean())) / 255, dtype=np.float32)


def metal(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A hand with a ring, a pin or a plate of metal upon its bones, brighter than all else."""
    from skimage.draw import polygon

    hand = hands[0]
    pixels = hand.pixels.copy()
    ray = int(random.choice(RAYS[1:]))
    start, end = hand.at("wrist"), hand.at(f"pip_{ray}")
    (low, high), half = _METAL[int(random.integers(len(_METAL)))]
    along = (end - start) / np.linalg.norm(end - start)
    across = np.array([-along[1], along[0]]) * hand.palm * half
    a, b = start + low * (end - start), start + high * (end - start)
    rows, columns = polygon(*np.array([a - across, a + across, b + across, b - across])[:, ::-1].T, pixels.shape)
    pixels[rows, columns] = 1.0
    return pixels


def cast(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A hand and wrist in plaster, thin or thick: a bright, mottled veil from the forearm to beyond the knuckles."""
    from scipy.ndimage import gaussian_filter
    from skimage.draw import polygon

    hand = hands[0]
    along = hand.at("mcp_3") - hand.at("wrist")
    across = np.array([-along[1], along[0]]) * 0.62
    start, end = hand.at("wrist") - 1.2 * along, hand.at("mcp_3") + 0.35 * along
    corners = np.array([start - 0.8 * across, start + 0.8 * across, end + across, end - across])
    rows, columns = polygon(corners[:, 1], corners[:, 0], hand.pixels.shape)
    veil = np.zeros(hand.pixels.shape)
    veil[rows, columns] = 1.0
    veil = np.asarray(gaussian_filter(veil, hand.palm * 0.03))
    mottle = gaussian_filter(random.standard_normal(veil.shape), max(1.0, hand.palm * 0.02))
    span = float(np.quantile(hand.pixels, 0.99) - np.quantile(hand.pixels, 0.02))
    depth = random.uniform(0.35, 0.75)
    shown = hand.pixels * (1 - 0.75 * depth * veil) + span * veil * depth * (1 + 0.1 * mottle / mottle.std())
    return (shown / max(1.0, float(shown.max()))).astype(np.float32)


def squeezed(hands: Sequence[WholeHand], random: np.random.Generator) -> Pixels:
    """A hand turned half onto its edge, which shortens its breadth and not its length."""
    hand = hands[0]
    along = hand.at("mcp_3") - hand.at("wrist")
    rows, columns = hand.pixels.shape
    share = random.uniform(0.45, 0.6)
    upright = abs(along[1]) > abs(along[0])
    return _resized(hand.pixels, (rows, round(columns * share)) if upright else (round(rows * share), columns))


def draw_chain(mask: NDArray[np.bool_], points: Sequence[NDArray[np.float64]]) -> None:
    """Draw straight lines from point to point, ``[x, y]``, into a mask (rows, columns), in place."""
    from skimage.draw import line

    for first, second in pairwise(points):
        rows, columns = line(*(round(float(value)) for value in (first[1], first[0], second[1], second[0])))
        inside = (rows >= 0) & (rows < mask.shape[0]) & (columns >= 0) & (columns < mask.shape[1])
        mask[rows[inside], columns[inside]] = True


def _without_side(hand: WholeHand, *, away: NDArray[np.float64], through: NDArray[np.float64]) -> Pixels:
    """Cut the film straight through a point; the side on which ``away`` lies stays."""
    direction = away - through
    rows, columns = hand.pixels.shape
    x, y = (int(np.clip(value, 1, limit - 1)) for value, limit in zip(through, (columns, rows), strict=True))
    if abs(direction[0]) > abs(direction[1]):
        return _at_least(hand.pixels[:, x:] if direction[0] > 0 else hand.pixels[:, :x])
    return _at_least(hand.pixels[y:] if direction[1] > 0 else hand.pixels[:y])


def _between(hand: WholeHand, first: str, second: str, share: float) -> NDArray[np.float64]:
    return (1 - share) * hand.at(first) + share * hand.at(second)


def _background(pixels: Pixels) -> float:
    """Return the median of the darker third, which is air and thin flesh."""
    return float(np.median(pixels[pixels <= np.quantile(pixels, 1 / 3)]))


def _at_least(pixels: Pixels, side: int = 200) -> Pixels:
    """Enlarge a picture until its shorter side has so many pixels."""
    factor = side / min(pixels.shape)
    if factor <= 1:
        return pixels
    return _resized(pixels, (round(pixels.shape[0] * factor), round(pixels.shape[1] * factor)))


def _of_height(pixels: Pixels) -> Pixels:
    return _resized(pixels, (HEIGHT, max(1, round(pixels.shape[1] * HEIGHT / pixels.shape[0]))))


def _resized(pixels: Pixels, shape: tuple[int, int]) -> Pixels:
    from PIL import Image as Images

    picture = Images.fromarray(np.ascontiguousarray(pixels, dtype=np.float32))
    return np.asarray(picture.resize((shape[1], shape[0]), Images.Resampling.BICUBIC)).clip(0, 1)
