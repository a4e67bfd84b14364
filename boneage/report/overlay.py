"""The overlay picture: the film, what was found on it, and what was concluded from it, on one PNG.

All words stand in bands above and below the film, so that they are readable on every film and hide none of it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import is_filled
from boneage.report.bands import Line, draw_band
from boneage.report.bone_lines import step_lines
from boneage.report.correction_lines import automatic_prefix, correction_lines
from boneage.report.outlines import outlines
from boneage.report.palette import ALERT, INK, PAPER, QUIET_INK, REFUSED, Colour, label_colour
from boneage.report.wording import (
    METHOD_WORDS,
    RESEARCH_USE,
    SEX_WORDS,
    UNUSUAL_Z,
    age_words,
    answer_words,
    bone_words,
    calibration_words,
    chronological_words,
    interval_words,
    message_words,
    signed,
)
from boneage.result import BoneResult, Reading, Result, SexAnswer

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SMALLEST_SIDE: Final = 1100
"""Small films are enlarged to this many pixels along their longer side, so that thin lines can be seen."""

LARGEST_SIDE: Final = 2000
"""Large films are reduced to this; the label map keeps the input size."""

OVERSAMPLING: Final = 2
"""Lines are drawn this much larger and reduced, which smooths their edges."""

FILL_OPACITY: Final = 64

MOST_UNUSUAL: Final = 4
"""So many unusual bones are named below the film, the furthest first; the table has all."""


@dataclass(frozen=True)
class Layers:
    """What is drawn upon the film."""

    outlines: bool = True
    axes: bool = True
    joints: bool = True
    words: bool = True
    checks: bool = True


EVERYTHING: Final = Layers()
NOTHING: Final = Layers(outlines=False, axes=False, joints=False, words=False, checks=False)


def draw_overlay(reading: Reading, *, layers: Layers = EVERYTHING) -> Image | None:
    """Draw the overlay of one film.

    Parameters
    ----------
    reading:
        The result and the pictures that it was read from; a refused film has its refusal written above it.
    layers:
        What to draw.

    Returns
    -------
    PIL.Image.Image or None
        RGB picture, ``None`` where the film could not be read and there is nothing to draw on.
    """
    from PIL import Image as Images

    if reading.radiograph is None:
        return None
    film = marked_film(reading, picture_scale(reading.radiograph.pixels.shape), layers=layers)
    if not layers.words:
        return film
    head = draw_band(head_lines(reading.result), film.width)
    foot = draw_band(foot_lines(reading.result), film.width)
    canvas = Images.new("RGB", (film.width, head.height + film.height + foot.height), PAPER)
    canvas.paste(head, (0, 0))
    canvas.paste(film, (0, head.height))
    canvas.paste(foot, (0, head.height + film.height))
    return canvas


def marked_film(reading: Reading, scale: float, *, layers: Layers = EVERYTHING) -> Image:
    """Return the film at ``scale`` picture pixels per film pixel with everything drawn on it but words.

    Raises
    ------
    ValueError
        If the film could not be read: there is nothing to draw on.
    """
    from PIL import Image as Images

    if reading.radiograph is None:
        msg = "a film that could not be read has no picture"
        raise ValueError(msg)
    film = film_picture(reading.radiograph.pixels, scale)
    marks = _marks(reading, film.size, scale, layers)
    return Images.alpha_composite(film.convert("RGBA"), marks).convert("RGB")


def overlay_png(reading: Reading, *, layers: Layers = EVERYTHING) -> bytes | None:
    """Return the overlay as the bytes of a PNG, ``None`` where the film could not be read."""
    picture = draw_overlay(reading, layers=layers)
    return None if picture is None else png_bytes(picture)


def png_bytes(picture: Image) -> bytes:
    """Return a picture as the bytes of a PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()


def picture_scale(shape: tuple[int, ...]) -> float:
    """Return picture pixels per film pixel for a film of shape (rows, columns)."""
    longer = max(shape[:2])
    return min(max(SMALLEST_SIDE, longer), LARGEST_SIDE) / longer


def film_window(pixels: NDArray[np.float32]) -> tuple[float, float]:
    """Return the grey levels that are shown as black and white: the 0.5th and 99.8th percentile of the film."""
    sample = pixels[:: max(1, pixels.shape[0] // 512), :: max(1, pixels.shape[1] // 512)]
    low, high = np.quantile(sample, [0.005, 0.998])
    return float(low), float(high)


def film_picture(
    pixels: NDArray[np.float32], scale: float = 1.0, *, window: tuple[float, float] | None = None
) -> Image:
    """Return the film as a grey picture.

    Parameters
    ----------
    pixels:
        (rows, columns), bone bright.
    scale:
        Picture pixels per film pixel.
    window:
        Grey levels that become black and white; those of `film_window` by default.
    """
    from PIL import Image as Images

    low, high = window or film_window(pixels)
    span = max(high - low, 1e-6)
    step = max(1, int(0.5 / scale))  # A picture much smaller than its film needs but every so many pixels of it.
    grey = (np.clip((pixels[::step, ::step] - low) / span, 0, 1) * 255).astype(np.uint8)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    picture = Images.fromarray(grey)
    return picture if size == picture.size else picture.resize(size, Images.Resampling.BICUBIC)


def head_lines(result: Result) -> list[Line]:
    """Return what stands above the film: the answer first, then how it came about."""
    if not result.answers():
        lines = _reader_lines(result)
        title = "Refused: no bone age read" if result.status == "refused" else "No bone age"
        lines.append(Line(title, 1.5, REFUSED))
        for problem in result.problems:
            lines.append(Line(message_words(problem.message), 1.0, INK))
            if problem.remedy:
                lines.append(Line(problem.remedy, 0.85, QUIET_INK))
        return lines
    lines = []
    for sex, answer in result.answers().items():
        if lines:
            lines.append(Line("", 1.0, INK))
        lines += _answer_lines(SEX_WORDS[sex], answer, result)
    return [*_reader_lines(result), *lines]


def foot_lines(result: Result) -> list[Line]:
    """Return what stands below the film: warnings, unusual bones, provenance, the research-use notice."""
    unusual = unusual_bones(result)
    lines = [
        Line(f"{bone_words(bone.bone)}: length {signed(bone.z or 0.0)} SD from what this age expects", 0.85, ALERT)
        for bone in unusual[:MOST_UNUSUAL]
    ]
    if len(unusual) > MOST_UNUSUAL:
        lines.append(Line(f"and {len(unusual) - MOST_UNUSUAL} more bones of unusual length", 0.85, ALERT))
    for sex, answer in result.answers().items():
        assumed = f"If {SEX_WORDS[sex]}: " if result.by_sex is not None else ""
        lines += [Line(assumed + words, 0.85, ALERT) for words in step_lines(answer)]
    notes = [message_words(warning.message) for warning in result.warnings if warning.severity != "info"]
    lines += [Line(f"Note: {note}", 0.85, ALERT) for note in notes]
    digest = f", sha256 {result.input.sha256[:12]}" if result.input.sha256 else ""
    lines.append(
        Line(f"{PurePath(result.input.path).name}{digest}. boneage {result.software.version}", 0.75, QUIET_INK)
    )
    lines.append(Line(RESEARCH_USE, 0.75, QUIET_INK))
    return lines


def unusual_bones(result: Result) -> tuple[BoneResult, ...]:
    """Return the bones whose length lies `UNUSUAL_Z` or more standard deviations off, the furthest first."""
    found = [bone for bone in result.bones if bone.z is not None and abs(bone.z) >= UNUSUAL_Z]
    return tuple(sorted(found, key=lambda bone: -abs(bone.z or 0.0)))


def _reader_lines(result: Result) -> list[Line]:
    """Return what a reader changed; the age that the reader settled on is the largest line."""
    lines = correction_lines(result)
    first = 1.5 if result.settled else 1.0
    return [Line(text, 1.0 if number else first, ALERT) for number, text in enumerate(lines)]


def _answer_lines(sex: str, answer: SexAnswer, result: Result) -> list[Line]:
    age, assumed, automatic = answer.bone_age, result.by_sex is not None, automatic_prefix(result)
    if age is None:
        return [Line(f"If {sex}: no bone age", 1.3, REFUSED)]
    title = f"{automatic}{'If ' + sex + ': b' if assumed else 'B'}one age {answer_words(age)}"
    routes = []
    if (lookup := answer.estimates.measurement) is not None:
        routes.append(f"measured bones {age_words(lookup.months)} (reference {lookup.reference})")
    if answer.estimates.regression is not None:
        routes.append(f"direct regression {age_words(answer.estimates.regression.months)}")
    lines = [
        Line(title, 1.2 if automatic else 1.5, INK),
        Line(
            f"95 % interval {interval_words(age.interval_95)}" + ("" if assumed else f". {sex.capitalize()}."), 1.0, INK
        ),
        Line(f"By {METHOD_WORDS[age.method]}: {'; '.join(routes)}", 0.85, QUIET_INK),
    ]
    if said := calibration_words(answer):
        lines.append(Line(said, 0.85, QUIET_INK))
    if (own := answer.chronological) is not None:
        lines.append(Line(f"{automatic}{chronological_words(own)}", 0.85, QUIET_INK))
    return lines


def _marks(reading: Reading, size: tuple[int, int], scale: float, layers: Layers) -> Image:
    """Return the transparent layer of outlines, axes and joints, of the size of the film's picture."""
    from PIL import Image as Images
    from PIL import ImageDraw

    large = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
    layer = Images.new("RGBA", large, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer, "RGBA")
    zoom = scale * OVERSAMPLING
    pen = max(2, round(max(large) / 900))
    if layers.outlines and reading.bone_map is not None:
        _draw_outlines(draw, reading, zoom, pen)
    if layers.axes:
        unusual = {bone.bone for bone in unusual_bones(reading.result)}
        for bone in reading.result.bones:
            _draw_axis(draw, bone, zoom, pen, unusual=bone.bone in unusual)
    if layers.joints:
        for joint in reading.result.joints:
            _draw_joint(draw, _picture_points(np.array([joint.xy]), zoom)[0], pen)
    if layers.checks:
        for check in reading.result.quality.checks:
            for place in check.places:
                _draw_place(draw, _picture_points(np.array(place), zoom), pen)
    return layer.resize(size, Images.Resampling.BOX)


def _draw_outlines(draw: ImageDraw, reading: Reading, zoom: float, pen: int) -> None:
    found = outlines(reading.bone_map) if reading.bone_map is not None else ()
    shapes = [(label_colour(line.label), line.label, _picture_points(line.points, zoom)) for line in found]
    for colour, label, points in shapes:
        if is_filled(label):
            draw.polygon(points, fill=(*colour, FILL_OPACITY))
    for _, _, points in shapes:
        draw.line(points, fill=(0, 0, 0, 150), width=2 * pen + 1, joint="curve")
    for colour, _, points in shapes:
        draw.line(points, fill=(*colour, 255), width=pen + 1, joint="curve")


def _draw_axis(draw: ImageDraw, bone: BoneResult, zoom: float, pen: int, *, unusual: bool) -> None:
    start, end = _picture_points(np.array(bone.endpoints), zoom)
    colour: Colour = ALERT if unusual else INK
    width = 2 * pen if unusual else pen
    draw.line([start, end], fill=(0, 0, 0, 130), width=width + 2 * pen)
    draw.line([start, end], fill=(*colour, 255), width=width)


def _draw_place(draw: ImageDraw, points: list[tuple[float, float]], pen: int) -> None:
    """Draw a closed line round the place where a quality check failed."""
    ring = [*points, *points[:2]]
    draw.line(ring, fill=(0, 0, 0, 170), width=4 * pen, joint="curve")
    draw.line(ring, fill=(*REFUSED, 255), width=2 * pen, joint="curve")


def _draw_joint(draw: ImageDraw, centre: tuple[float, float], pen: int) -> None:
    for radius, colour in ((3.6 * pen, (0, 0, 0, 190)), (2.4 * pen, (255, 255, 255, 255))):
        x, y = centre
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)


def _picture_points(points: NDArray[np.float64], zoom: float) -> list[tuple[float, float]]:
    """Carry film pixels (centre of the top left one at 0, 0) to the enlarged picture."""
    return [(float(x), float(y)) for x, y in (np.asarray(points, dtype=float) + 0.5) * zoom - 0.5]
