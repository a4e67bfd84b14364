"""The picture of what the direct regression rests on: each region, coloured by how far it moves the age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from boneage.report.bands import Line, draw_band, printable
from boneage.report.because import because
from boneage.report.overlay import NOTHING, marked_film, picture_scale, png_bytes
from boneage.report.palette import INK, PAPER, QUIET_INK, Colour
from boneage.report.wording import SEX_WORDS, age_words, signed
from boneage.result import AgeByRegression, Reading, RegionOfRegression

if TYPE_CHECKING:
    from PIL.Image import Image

OLDER: Final[Colour] = (214, 96, 47)
"""Colour of a region that makes the answer older."""

YOUNGER: Final[Colour] = (66, 133, 214)
"""Colour of a region that makes the answer younger."""

FULL_MONTHS: Final = 12.0
"""A region that moves the answer by so much, or more, has the full colour."""

_OPACITY: Final = 150


def explanation_png(reading: Reading) -> bytes | None:
    """Return the picture as the bytes of a PNG, ``None`` where the regression was not asked what it rests on."""
    picture = draw_explanation(reading)
    return None if picture is None else png_bytes(picture)


def draw_explanation(reading: Reading, *, worded: bool = True) -> Image | None:
    """Draw the film once for every answer (two where the sex is unknown) with its regions.

    Warm regions speak for an older hand, cold ones for a younger one; the number is in months. ``worded`` adds the
    English lines above and below; a page that says them itself leaves them out.
    """
    from PIL import Image as Images

    answers = reading.result.answers()
    panels = [
        (sex, answer, answer.estimates.regression)
        for sex, answer in answers.items()
        if answer.estimates.regression is not None and answer.estimates.regression.regions
    ]
    if reading.radiograph is None or not panels:
        return None
    films = []
    for sex, answer, direct in panels:
        assert direct is not None
        film = _panel(reading, direct)
        if not worded:
            films.append(film)
            continue
        head = draw_band(
            [Line(f"Direct regression ({SEX_WORDS[sex]}): {age_words(direct.months)}", 1.2, INK)], film.width
        )
        foot = draw_band(
            [
                Line(because(answer), 0.8, INK),
                Line("Months by which the age is older with a region than with it hidden.", 0.75, QUIET_INK),
            ],
            film.width,
        )
        whole = Images.new("RGB", (film.width, head.height + film.height + foot.height), PAPER)
        for part, top in ((head, 0), (film, head.height), (foot, head.height + film.height)):
            whole.paste(part, (0, top))
        films.append(whole)
    canvas = Images.new("RGB", (sum(film.width for film in films), max(film.height for film in films)), PAPER)
    left = 0
    for film in films:
        canvas.paste(film, (left, 0))
        left += film.width
    return canvas


def colour_of(months: float) -> tuple[int, int, int, int]:
    """Return the colour of an effect, with its opacity: none at 0, full at `FULL_MONTHS`."""
    strength = min(abs(months) / FULL_MONTHS, 1.0)
    return (*(OLDER if months > 0 else YOUNGER), round(_OPACITY * strength))


def _panel(reading: Reading, direct: AgeByRegression) -> Image:
    from PIL import Image as Images
    from PIL import ImageDraw, ImageFont

    assert reading.radiograph is not None
    assert direct.regions is not None
    scale = picture_scale(reading.radiograph.pixels.shape)
    film = marked_film(reading, scale, layers=NOTHING).convert("RGBA")
    marks = Images.new("RGBA", film.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(marks)
    font = ImageFont.load_default(size=max(14, film.width // 55))

    def placed(effect: RegionOfRegression) -> list[tuple[float, float]]:
        return [((x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5) for x, y in effect.corners]

    for effect in sorted(direct.regions, key=lambda one: abs(one.months)):
        corners = placed(effect)
        red, green, blue, alpha = colour_of(effect.months)
        draw.polygon(corners, fill=(red, green, blue, alpha), outline=(red, green, blue, 255), width=2)
    for effect in direct.regions:
        corners = placed(effect)
        x, y = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
        draw.text(
            (x, y),
            printable(signed(effect.months, 0)),
            fill=(255, 255, 255, 255),
            font=font,
            anchor="mm",
            stroke_width=2,
            stroke_fill=(0, 0, 0, 255),
        )
    return Images.alpha_composite(film, marks).convert("RGB")
