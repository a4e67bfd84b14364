"""One film as a tile of a contact sheet: cut to its hand, with its outlines and joints, and captioned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import numpy as np

from boneage.anatomy import CARPALS, SESAMOID, ray_of
from boneage.report.bands import Line, draw_band
from boneage.report.outlines import outlines
from boneage.report.overlay import EVERYTHING, Layers, marked_film
from boneage.report.palette import ALERT, INK, PAPER, QUIET_INK, REFUSED
from boneage.report.wording import SEX_WORDS, age_words, answer_words, signed
from boneage.result import Reading

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN: Final = 0.05
"""What stays around the hand, as a share of its longer side."""

BRIGHTEST: Final = 0.99
"""Grey levels of the part shown are cut at this quantile, so that a marker does not leave the bones dark."""

SMALLEST_PART: Final = 6.0
"""Parts of a label smaller than this on the tile, in pixels, are not written at."""

_SHORT: Final = {"metacarpal": "M", "proximal_phalanx": "P", "middle_phalanx": "I", "distal_phalanx": "D"}
_TWO_LETTERS: Final = {
    **dict(zip(CARPALS, ("Ca", "Ha", "Tq", "Lu", "Sc", "Tm", "Td"), strict=True)),
    SESAMOID: "Se",
}


@dataclass(frozen=True)
class GalleryFilm:
    """A film of the gallery: its reading, its name, and its labelled sex and age in months where they are known."""

    reading: Reading
    id: str
    sex: str | None = None
    label_months: float | None = None


@dataclass(frozen=True)
class TileStyle:
    """How a tile is drawn.

    Attributes
    ----------
    side:
        Height and width of its picture in pixels; the caption comes below.
    layers:
        What is drawn on the film (words never are).
    names:
        Whether the short names of bones are written on them.
    whole:
        Whether the whole film is shown and not only the hand.
    """

    side: int = 480
    layers: Layers = EVERYTHING
    names: bool = False
    whole: bool = False


def draw_tile(film: GalleryFilm, style: TileStyle) -> Image:
    """Draw one film and its caption; one that could not be read is an empty tile that says so."""
    from PIL import Image as Images

    picture = Images.new("RGB", (style.side, style.side), PAPER)
    if film.reading.radiograph is not None:
        part = _film_part(film.reading, style)
        picture.paste(part, ((style.side - part.width) // 2, (style.side - part.height) // 2))
    caption = draw_band(caption_lines(film), style.side)
    tile = Images.new("RGB", (style.side, style.side + caption.height), PAPER)
    tile.paste(picture, (0, 0))
    tile.paste(caption, (0, style.side))
    return tile


def caption_lines(film: GalleryFilm) -> list[Line]:
    """Return what stands below a tile: name, sex and labelled age; then the answer or why there is none."""
    result = film.reading.result
    sex = film.sex or result.input.sex.value
    about = [film.id or PurePath(result.input.path).name, SEX_WORDS.get(sex, SEX_WORDS[None])]
    if film.label_months is not None:
        about.append(f"label {age_words(film.label_months)}")
    answers = result.answers()
    if not answers:
        code = result.problems[0].code if result.problems else ""
        said = Line(f"{result.status} {code}".strip(), 1.0, REFUSED)
    else:
        said = Line("; ".join(_answer_words(film, name) for name in answers), 1.0, INK)
    warnings = " ".join(reason.code for reason in result.warnings if reason.severity == "warning")
    return [
        Line(", ".join(about), 1.0, INK),
        said,
        Line(warnings or "no warning", 0.8, ALERT if warnings else QUIET_INK),
    ]


def _answer_words(film: GalleryFilm, sex: str | None) -> str:
    answer = film.reading.result.answers()[sex]
    if answer.bone_age is None:
        return f"{SEX_WORDS[sex]}: none"
    words = f"read {answer_words(answer.bone_age)}"
    if film.reading.result.by_sex is not None:
        words = f"if {SEX_WORDS[sex]} {words}"
    label = film.label_months if film.sex is None or sex in {None, film.sex} else None
    if label is not None and answer.bone_age.bound is None:
        words += f" ({signed(answer.bone_age.months - label, 0)} mo)"
    return words


def _film_part(reading: Reading, style: TileStyle) -> Image:
    """Return the marked film, cut to the hand unless the whole is wanted, within the side of the tile."""
    assert reading.radiograph is not None
    rows, columns = reading.radiograph.pixels.shape
    left, top, right, bottom = (0.0, 0.0, float(columns), float(rows)) if style.whole else hand_box(reading)
    scale = style.side / max(right - left, bottom - top)
    film = marked_film(_unglared(reading, (left, top, right, bottom)), scale, layers=style.layers)
    if style.names:
        _write_names(film, reading, scale)
    box = [round(edge * scale) for edge in (left, top, right, bottom)]
    return film.crop((box[0], box[1], min(box[2], film.width), min(box[3], film.height)))


def _unglared(reading: Reading, box: tuple[float, float, float, float]) -> Reading:
    """Return the reading with its film's grey levels cut at those of the part shown."""
    assert reading.radiograph is not None
    left, top, right, bottom = (round(edge) for edge in box)
    pixels = reading.radiograph.pixels
    brightest = np.float32(np.quantile(pixels[top:bottom, left:right], BRIGHTEST))
    return replace(reading, radiograph=replace(reading.radiograph, pixels=np.minimum(pixels, brightest)))


def hand_box(reading: Reading) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the hand on the film in pixels, with a margin; the film where none is."""
    assert reading.radiograph is not None
    rows, columns = reading.radiograph.pixels.shape
    points = [np.array([joint.xy]) for joint in reading.result.joints]
    if reading.bone_map is not None:
        points += [line.points for line in outlines(reading.bone_map)]
    if not points:
        return 0.0, 0.0, float(columns), float(rows)
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    margin = MARGIN * float((high - low).max())
    left, top = np.maximum(low - margin, 0)
    right, bottom = np.minimum(high + margin, (columns, rows))
    if right - left < 1 or bottom - top < 1:  # everything that was found lies beside the film
        return 0.0, 0.0, float(columns), float(rows)
    return float(left), float(top), float(right), float(bottom)


def short_name(label: str) -> str:
    """Return what is written on a bone: ``M3`` for metacarpal 3, ``I`` for a middle phalanx; none for epiphyses.

    Examples
    --------
    >>> short_name("metacarpal_3"), short_name("middle_phalanx_2"), short_name("radius"), short_name("ulna_epiphysis")
    ('M3', 'I2', 'R', '')
    """
    if label.endswith("_epiphysis") or label == "carpals":
        return ""
    if label in _TWO_LETTERS:
        return _TWO_LETTERS[label]
    ray = ray_of(label)
    return label[0].upper() if ray is None else f"{_SHORT[label.rsplit('_', 1)[0]]}{ray}"


def _write_names(picture: Image, reading: Reading, scale: float) -> None:
    """Write the short name of each labelled part at its middle."""
    from PIL import ImageDraw, ImageFont

    if reading.bone_map is None:
        return
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=11)
    for line in outlines(reading.bone_map):
        size = float(np.ptp(line.points, axis=0).max()) * scale
        if (name := short_name(line.label)) and size >= SMALLEST_PART:
            x, y = (line.points.min(axis=0) + line.points.max(axis=0)) / 2 * scale
            draw.text((x, y), name, font=font, fill=INK, anchor="mm", stroke_width=2, stroke_fill=(0, 0, 0))
