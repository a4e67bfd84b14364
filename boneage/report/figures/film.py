"""The film with what was found on it, to zoom into, to move about and to point at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from boneage.anatomy import is_filled
from boneage.report.figures.scene import Box, Scene, Shape, css, film_data_uri, jpeg_uri
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.report.outlines import Outline, outlines
from boneage.report.overlay import Layers, marked_film
from boneage.report.palette import ALERT, INK, REFUSED, label_colour
from boneage.report.wording import UNUSUAL_Z
from boneage.result import BoneResult, Reading
from boneage.segmentation.bone_map import BoneMap

LAYERS: Final = ("shafts", "epiphyses", "carpals", "axes", "joints")
_MOST_POINTS: Final = 90
"""An outline, which is smooth, is drawn with no more points than this."""


@dataclass(frozen=True)
class FilmView:
    """How the film is shown: its layers (of `LAYERS`), and the grey levels (0 to 1) that become black and white.

    ``window`` of ``None`` is the film's own (see `boneage.report.overlay.film_window`).
    """

    layers: frozenset[str] = frozenset(LAYERS)
    window: tuple[float, float] | None = None


EVERYTHING: Final = FilmView()


def film_scene(reading: Reading, view: FilmView = EVERYTHING, *, words: FigureWords = ENGLISH) -> Scene | None:
    """Return the film as a scene; ``None`` where the file could not be read.

    The outlines, the axes with their lengths and the joints say what they are when pointed at.
    """
    film = reading.radiograph
    if film is None:
        return None
    rows, columns = film.pixels.shape
    place = Box(-0.5, -0.5, columns, rows)
    return Scene(film_data_uri(film.pixels, view.window), place, place, tuple(_shapes(reading, view.layers, words)))


def small_pictures(reading: Reading, sides: Sequence[int]) -> tuple[str, ...]:
    """Return the film with its outlines as ``data:`` addresses of JPEGs, one for each length of the longer side.

    Drawn once for the longest and reduced; ``""`` for each where there is no film.
    """
    if reading.radiograph is None:
        return ("",) * len(sides)
    scale = min(1.0, max(sides) / max(reading.radiograph.pixels.shape))
    drawn = marked_film(reading, scale, layers=Layers(axes=False, joints=False))
    addresses = []
    for side in sides:
        picture = drawn.copy()
        picture.thumbnail((side, side))
        addresses.append(jpeg_uri(picture))
    return tuple(addresses)


def layer_of(label: str) -> str:
    """Return the layer that a label belongs to: ``shafts``, ``epiphyses`` or ``carpals`` (with the sesamoid)."""
    if not is_filled(label):
        return "shafts"
    return "epiphyses" if label.endswith("_epiphysis") else "carpals"


def _shapes(reading: Reading, layers: frozenset[str], words: FigureWords) -> Iterator[Shape]:
    if reading.bone_map is not None:
        yield from _outlines(reading.bone_map, layers, words)
    if layers:
        yield from _doubts(reading)
    if "axes" in layers:
        yield from (_axis(bone, words) for bone in reading.result.bones)
    if "joints" in layers:
        for joint in reading.result.joints:
            part, points, text = f"{joint.joint}.joint", (joint.xy,), words.joint(joint.joint)
            yield Shape(part, points, "#000000", 11)
            yield Shape(part, points, "#ffffff", 8, text=text)


def _outlines(bone_map: BoneMap, layers: frozenset[str], words: FigureWords) -> Iterator[Shape]:
    return (_outline(outline, words) for outline in outlines(bone_map) if layer_of(outline.label) in layers)


def _outline(outline: Outline, words: FigureWords) -> Shape:
    kept = np.linspace(0, len(outline.points) - 1, min(_MOST_POINTS, len(outline.points))).round().astype(int)
    points = tuple((float(x), float(y)) for x, y in np.round(outline.points[kept], 1))
    colour = label_colour(outline.label)
    fill = css(colour, 0.25 if is_filled(outline.label) else 0.06)
    return Shape(outline.label, points, css(colour), 1.6, fill, words.label(outline.label))


def _doubts(reading: Reading) -> Iterator[Shape]:
    """Draw a line round the places where a quality check failed."""
    for check in reading.result.quality.checks:
        for place in check.places:
            yield Shape(f"{check.name}.place", (*place, *place[:1]), css(REFUSED), 3)


def _axis(bone: BoneResult, words: FigureWords) -> Shape:
    unusual = bone.z is not None and abs(bone.z) >= UNUSUAL_Z
    text = words.bone(bone.bone)
    if bone.length_px is not None and not bone.partial:
        size = f"{bone.length_px:.0f} px" if bone.length_mm is None else f"{bone.length_mm:.1f} mm"
        text = f"{text}\n{words.length} {size}"
    colour = css(ALERT if unusual else INK)
    return Shape(f"{bone.bone}.axis", tuple(bone.endpoints), colour, 3 if unusual else 1.6, text=text)
