"""Every change of the stress test, by family: the one list behind the command, the report and the tests.

The effect on a reader is settled by what is done to a film of 25 cm, never by how the answers took it. What a reader
would see and put up with counts as ``same``, and a film that is only said to be of another scale does so too. Where
grey levels are clipped, finger tips in the dark of a film are gone, so that counts as ``loss``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from boneage.errors import UsageError
from boneage.evaluation.variants import Variant, compressed, levels, mirrored, scaled, turned
from boneage.stress import pictures
from boneage.stress.change import Change, Effect
from boneage.stress.pictures import BLACK, WHITE, Alter, Sides, cropped, framed, lettered

Graded = tuple[tuple[str, float, Effect], ...]
"""Name, strength and effect of each grade of one kind of change."""


def _change(name: str, family: str, strength: str, effect: Effect, alter: Alter) -> Change:
    return Change(name, family, strength, effect, Variant(name, alter))


def _geometry() -> Iterator[Change]:
    turns: Graded = (
        ("turned_2", 2, "unseen"),
        ("turned_-5", -5, "unseen"),
        ("turned_10", 10, "same"),
        ("turned_-20", -20, "same"),
        ("turned_45", 45, "same"),
        ("turned_90", 90, "same"),
        ("turned_180", 180, "same"),
        ("turned_-90", -90, "same"),
    )
    for name, degrees, effect in turns:
        words = f"turned by {degrees:g}° anticlockwise, the corners as the film's edge"
        yield Change(name, "rotation", words, effect, turned(degrees))
    yield Change("turned_30_black", "rotation", "turned by 30°, the corners black", "same", turned(30, black=True))
    yield Change("mirrored", "flip", "left and right exchanged", "same", mirrored())
    yield _change("upside_down", "flip", "top and bottom exchanged", "same", pictures.upside_down)


def _brighter(step: float) -> Variant:
    return levels(f"{step:+g}", lambda level: level + step)


def _between(black: float, white: float) -> Variant:
    return levels(f"{black:g} to {white:g}", lambda level: black + (white - black) * level)


def _contrast(factor: float) -> Variant:
    return levels(f"contrast {factor:g}", lambda level: 0.5 + factor * (level - 0.5))


def _gamma(power: float) -> Variant:
    return levels(f"gamma {power:g}", lambda level: level**power)


def _grey_levels() -> Iterator[Change]:
    yield Change("inverted", "inversion", "black and white exchanged", "same", levels("", lambda level: 1 - level))
    yield Change("brighter_5", "brightness", "black lifted to 5 % of the grey range", "unseen", _between(0.05, 1))
    yield Change("darker_5", "brightness", "white lowered to 95 % of the grey range", "unseen", _between(0, 0.95))
    steps: Graded = (("brighter_20", 0.2, "loss"), ("darker_20", -0.2, "loss"))
    for name, step, effect in steps:
        words = f"{abs(step):.0%} of the grey range {'added' if step > 0 else 'taken away'}, clipped"
        yield Change(name, "brightness", words, effect, _brighter(step))
    slopes: Graded = (("uneven_20", 0.2, "unseen"), ("uneven_50", 0.5, "same"))
    for name, amount, effect in slopes:
        words = f"darker to the left, down to {1 - amount:.0%} of every grey level"
        yield _change(name, "brightness", words, effect, pictures.uneven(amount))
    factors: Graded = (
        ("contrast_80", 0.8, "unseen"),
        ("contrast_50", 0.5, "same"),
        ("contrast_25", 0.25, "same"),
        ("contrast_125", 1.25, "loss"),
    )
    for name, factor, effect in factors:
        words = f"{factor:.0%} of the contrast about middle grey{', clipped' if factor > 1 else ''}"
        yield Change(name, "contrast", words, effect, _contrast(factor))
    words = "histogram equalised by regions (CLAHE, limit 0.01)"
    yield _change("equalised", "contrast", words, "same", pictures.equalised(0.01))
    few = levels("32 levels", lambda level: (level * 31).round() / 31)
    yield Change("levels_32", "contrast", "32 grey levels instead of 256", "same", few)
    powers: Graded = (
        ("gamma_0.9", 0.9, "unseen"),
        ("gamma_1.1", 1.1, "unseen"),
        ("gamma_0.6", 0.6, "same"),
        ("gamma_1.6", 1.6, "same"),
    )
    for name, power, effect in powers:
        yield Change(name, "gamma", f"grey levels to the power {power:g}", effect, _gamma(power))


def _sharpness() -> Iterator[Change]:
    blurs: Graded = (("blur_0.5", 0.5, "unseen"), ("blur_1", 1.0, "same"), ("blur_3", 3.0, "loss"))
    for name, thousandths, effect in blurs:
        words = f"Gaussian blur, SD {thousandths:g} ‰ of the longer side"
        yield _change(name, "blur", words, effect, pictures.blurred(thousandths / 1000))
    yield _change("sharpened", "blur", "unsharp mask of 100 % at 3 ‰", "same", pictures.sharpened(0.003, 1.0))
    noises: Graded = (("noise_1", 0.01, "unseen"), ("noise_3", 0.03, "same"), ("noise_8", 0.08, "loss"))
    for name, sd, effect in noises:
        yield _change(name, "noise", f"Gaussian noise, SD {sd:.0%} of the grey range", effect, pictures.noisy(sd))
    yield _change("dust", "noise", "0.1 % of the pixels black or white", "same", pictures.dusty(0.001))
    qualities: Graded = (("jpeg_90", 90, "unseen"), ("jpeg_60", 60, "same"), ("jpeg_20", 20, "loss"))
    for name, quality, effect in qualities:
        yield Change(name, "JPEG", f"JPEG of quality {quality:g}", effect, compressed(int(quality)))
    scales: Graded = (
        ("scaled_90", 0.9, "unseen"),
        ("scaled_125", 1.25, "unseen"),
        ("scaled_200", 2.0, "unseen"),
        ("scaled_75", 0.75, "same"),
        ("scaled_50", 0.5, "loss"),
    )
    for name, factor, effect in scales:
        yield Change(name, "resolution", f"{factor:.0%} of the pixels along each side, bicubic", effect, scaled(factor))


def _all_round(share: float) -> Sides:
    return (share, share, share, share)


def _surroundings() -> Iterator[Change]:
    borders: tuple[tuple[str, str, Alter], ...] = (
        ("frame_black_5", "a black border of 5 % outside the film", framed(_all_round(0.05), BLACK)),
        ("frame_black_20", "a black border of 20 % outside the film", framed(_all_round(0.2), BLACK)),
        ("frame_white_5", "a white border of 5 % outside the film", framed(_all_round(0.05), WHITE)),
        ("frame_grey_20", "20 % more of the edge's grey all round", framed(_all_round(0.2), None)),
        ("frame_lopsided", "25 % black at the left and below only", framed((0.25, 0, 0, 0.25), BLACK)),
        ("square", "filled up with black to a square", pictures.squared),
        ("collimated_black", "the outermost 2 % painted black", pictures.collimated(0.02, BLACK)),
        ("collimated_white", "the outermost 2 % painted white", pictures.collimated(0.02, WHITE)),
        ("black_corners", "corners painted black, legs of 12 %", pictures.without_corners(0.12)),
    )
    for name, words, alter in borders:
        yield _change(name, "borders", words, "same", alter)
    yield _change("crop_1", "crop", "1 % cut off all round", "unseen", cropped(_all_round(0.01)))
    yield _change("crop_5", "crop", "5 % cut off all round", "loss", cropped(_all_round(0.05)))
    yield _change("crop_forearm", "crop", "5 % cut off at the bottom", "same", cropped((0.0, 0.0, 0.0, 0.05)))


def _written() -> Iterator[Change]:
    markers: tuple[tuple[str, str, Alter], ...] = (
        ("letter_top", "a white letter in the top left corner", lettered(0.06, 0.05)),
        ("letter_bottom", "a white letter in the bottom right corner", lettered(0.94, 0.95)),
        ("plate_top", "a white letter of 12 % on a black plate, top right", lettered(1.0, 0.0, side=0.12, plate=True)),
    )
    for name, words, alter in markers:
        yield _change(name, "markers", words, "same", alter)
    words = "a white letter as near to the middle of the hand as it can lie without covering a bone"
    nothing = Variant("", lambda picture: picture)
    yield Change("letter_beside", "markers", words, "same", nothing, beside=pictures.lettered_beside)
    for millimetres in (0.1, 0.2):
        words = f"pixel size stated as {millimetres:g} mm, whatever it is"
        yield Change(f"spacing_{millimetres:g}", "spacing", words, "same", nothing, stated_mm=millimetres)


CHANGES: Final[tuple[Change, ...]] = (*_geometry(), *_grey_levels(), *_sharpness(), *_surroundings(), *_written())
"""Every change, in the order of the report."""

QUICK: Final = (
    *("turned_-5", "turned_90", "mirrored", "inverted", "contrast_80", "gamma_1.1", "blur_0.5", "noise_1", "jpeg_90"),
    *("scaled_90", "frame_black_5", "letter_beside"),
)
"""Names of the changes of a quick look: one of almost every family."""


def find_changes(names: Sequence[str]) -> tuple[Change, ...]:
    """Return the changes of these names or families, in the order of the list; all of them where no name is given.

    Raises
    ------
    UsageError
        If there is no change and no family of a name.
    """
    known = {change.name for change in CHANGES} | {change.family for change in CHANGES}
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"there is no change named {', '.join(unknown)}"
        raise UsageError("unknown_change", msg, remedy="boneage stress --list names them all")
    return tuple(change for change in CHANGES if not names or {change.name, change.family} & set(names))
