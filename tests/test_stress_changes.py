"""Every change of the stress test on drawn pictures whose changed look is known."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from boneage.errors import UsageError
from boneage.radiograph.radiograph import NO_SPACING, Spacing
from boneage.radiograph.read import read_radiograph_bytes
from boneage.stress.change import EFFECTS, Change
from boneage.stress.pictures import letter
from boneage.stress.registry import CHANGES, QUICK, find_changes

BY_NAME = {change.name: change for change in CHANGES}
Grey = NDArray[np.uint8]
ROWS, COLUMNS = 400, 300


def film() -> Grey:
    """A bright bar left of the middle on a slope of grey; the border is darker and all of one grey."""
    levels = np.full((ROWS, COLUMNS), 40.0)
    levels[8:-8, 8:-8] = np.linspace(60, 100, COLUMNS - 16)
    levels[80:280, 90:130] = 200
    return np.round(levels).astype(np.uint8)


def bones() -> NDArray[np.bool_]:
    """The bar."""
    return film() == 200


def changed(change: Change, levels: Grey, where: NDArray[np.bool_] | None = None) -> Grey:
    content = change.encode(levels.astype(np.float32) / 255, np.zeros(levels.shape, bool) if where is None else where)
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture)


def step(rows: int = 120, columns: int = 1000) -> Grey:
    """Dark left, bright right."""
    levels = np.full((rows, columns), 55, dtype=np.uint8)
    levels[:, columns // 2 :] = 205
    return levels


def curve(function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Callable[[Grey], Grey]:
    return lambda levels: np.round(np.clip(function(levels / 255), 0, 1) * 255).astype(np.uint8)


def padded(left: int, top: int, right: int, bottom: int, grey: int) -> Callable[[Grey], Grey]:
    return lambda levels: np.pad(levels, ((top, bottom), (left, right)), constant_values=grey)


def edged(width: int, grey: int) -> Callable[[Grey], Grey]:
    def paint(levels: Grey) -> Grey:
        inside = levels[width:-width, width:-width]
        return np.pad(inside, width, constant_values=grey)

    return paint


def with_letter(row: int, column: int, side: int, *, plate: bool = False) -> Callable[[Grey], Grey]:
    def mark(levels: Grey) -> Grey:
        drawn = levels.copy()
        window = drawn[row : row + side, column : column + side]
        if plate:
            window[:] = 0
        window[letter(side)] = 255
        return drawn

    return mark


def same(levels: Grey) -> Grey:
    return levels


EXACT: dict[str, Callable[[Grey], Grey]] = {
    "turned_90": lambda levels: np.rot90(levels),
    "turned_180": lambda levels: np.rot90(levels, 2),
    "turned_-90": lambda levels: np.rot90(levels, -1),
    "mirrored": lambda levels: levels[:, ::-1],
    "upside_down": lambda levels: levels[::-1],
    "inverted": lambda levels: 255 - levels,
    "brighter_5": curve(lambda level: 0.05 + 0.95 * level),
    "darker_5": curve(lambda level: 0.95 * level),
    "brighter_20": curve(lambda level: level + 0.2),
    "darker_20": curve(lambda level: level - 0.2),
    "contrast_80": curve(lambda level: 0.1 + 0.8 * level),
    "contrast_50": curve(lambda level: 0.25 + 0.5 * level),
    "contrast_25": curve(lambda level: 0.375 + 0.25 * level),
    "contrast_125": curve(lambda level: 1.25 * level - 0.125),
    "gamma_0.9": curve(lambda level: level**0.9),
    "gamma_1.1": curve(lambda level: level**1.1),
    "gamma_0.6": curve(lambda level: level**0.6),
    "gamma_1.6": curve(lambda level: level**1.6),
    "frame_black_5": padded(20, 20, 20, 20, 0),
    "frame_black_20": padded(80, 80, 80, 80, 0),
    "frame_white_5": padded(20, 20, 20, 20, 255),
    "frame_grey_20": padded(80, 80, 80, 80, 40),
    "frame_lopsided": padded(100, 0, 0, 100, 0),
    "square": padded(50, 0, 50, 0, 0),
    "collimated_black": edged(8, 0),
    "collimated_white": edged(8, 255),
    "crop_1": lambda levels: levels[4:-4, 4:-4],
    "crop_5": lambda levels: levels[20:-20, 20:-20],
    "crop_forearm": lambda levels: levels[:-20],
    "letter_top": with_letter(8, 6, 24),
    "letter_bottom": with_letter(368, 270, 24),
    "plate_top": with_letter(0, 252, 48, plate=True),
    "spacing_0.1": same,
    "spacing_0.2": same,
}
"""Changes whose result is known to the pixel: name to what becomes of the film."""


def turned_by(degrees: float) -> Callable[[Change], None]:
    def check(change: Change) -> None:
        turned = changed(change, film())
        rows, columns = np.nonzero(turned > 150)
        spread = np.cov(columns, rows)
        angle = np.degrees(0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1]))
        assert (angle - (90 - degrees) + 90) % 180 - 90 == pytest.approx(0, abs=0.5)
        assert len(rows) == pytest.approx(200 * 40, rel=0.03)
        assert turned[0, 0] == (0 if "black" in change.name else 40)

    return check


def blurred_by(sd: float) -> Callable[[Change], None]:
    """A blurred edge rises like the integral of the blur, so the rise has its standard deviation."""

    def check(change: Change) -> None:
        rise = np.diff(changed(change, step())[60].astype(float))
        places = np.arange(rise.size)
        middle = (rise * places).sum() / rise.sum()
        assert rise.sum() == 150
        assert np.sqrt((rise * (places - middle) ** 2).sum() / rise.sum()) == pytest.approx(sd, abs=0.1)

    return check


def noise_of(sd: float) -> Callable[[Change], None]:
    def check(change: Change) -> None:
        grey = np.full((ROWS, COLUMNS), 128, dtype=np.uint8)
        noise = changed(change, grey).astype(float) - 128
        assert noise.std() == pytest.approx(255 * sd, rel=0.03)
        assert noise.mean() == pytest.approx(0, abs=0.2)
        assert np.array_equal(changed(change, grey), changed(change, grey))

    return check


def slope_of(amount: float) -> Callable[[Change], None]:
    def check(change: Change) -> None:
        after = changed(change, np.full((ROWS, COLUMNS), 100, dtype=np.uint8))
        assert after[:, 0].tolist() == [round(100 * (1 - amount))] * ROWS
        assert after[:, -1].tolist() == [100] * ROWS
        assert (np.diff(after[0].astype(int)) >= 0).all()

    return check


def size_times(factor: float) -> Callable[[Change], None]:
    def check(change: Change) -> None:
        after = changed(change, film())
        assert after.shape == (round(ROWS * factor), round(COLUMNS * factor))
        assert after.mean() == pytest.approx(film().mean(), rel=0.01)
        assert (after > 137).sum() == pytest.approx(8000 * factor**2, rel=0.03)
        assert change.spacing_mm(Spacing(0.2, "user", True, "")) == pytest.approx(0.2 / factor)

    return check


def step_of_the_mean(step: int) -> Callable[[Change], None]:
    """The JPEG standard's table begins with 16 for the mean of a block; the quality scales it."""

    def check(change: Change) -> None:
        content = change.encode(film().astype(np.float32) / 255, bones())
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.format == "JPEG"
            assert picture.quantization[0][0] == step  # type: ignore[attr-defined]
        assert 0 < np.abs(changed(change, film()).astype(float) - film()).mean() < 3

    return check


def overshoots(change: Change) -> None:
    row = changed(change, step())[60].astype(int)
    assert (row[0], row[-1]) == (55, 205)
    assert row[499] < 55 - 30
    assert row[500] > 205 + 30


def spreads_grey(change: Change) -> None:
    faint = (100 + film() / 20).astype(np.uint8)
    assert changed(change, faint).std() > 3 * faint.std()


def few_levels(change: Change) -> None:
    levels = np.arange(256, dtype=np.uint8).repeat(100).reshape(256, 100)
    after = changed(change, levels)
    assert len(np.unique(after)) == 32
    assert np.abs(after.astype(int) - levels).max() <= 5


def specks(change: Change) -> None:
    grey = np.full((1000, 1000), 128, dtype=np.uint8)
    after = changed(change, grey)
    assert set(np.unique(after)) == {0, 128, 255}
    assert (after == 0).sum() == pytest.approx(500, abs=70)
    assert (after == 255).sum() == pytest.approx(500, abs=70)


def loses_corners(change: Change) -> None:
    after = changed(change, film())
    leg = round(0.12 * ROWS)
    lost = after != film()
    assert lost.sum() == 4 * leg * (leg + 1) / 2
    assert not after[lost].any()
    assert not lost[:, leg:-leg].any()
    assert lost[0, : leg // 2].all()


def letter_next_to_the_bar(change: Change) -> None:
    after = changed(change, film(), bones())
    drawn = np.argwhere(after != film())
    assert len(drawn) == letter(24).sum()
    assert not bones()[tuple(drawn.T)].any()
    top, left = drawn.min(axis=0)
    assert top + 12 == pytest.approx(180, abs=2)
    nearest = min(abs(left + 24 - 90), abs(left - 130))
    assert 2 <= nearest <= 10
    everywhere = changed(change, film(), np.ones((ROWS, COLUMNS), dtype=bool))
    assert np.array_equal(everywhere, with_letter(0, 0, 24)(film()))


PROPERTIES: dict[str, Callable[[Change], None]] = {
    "turned_2": turned_by(2),
    "turned_-5": turned_by(-5),
    "turned_10": turned_by(10),
    "turned_-20": turned_by(-20),
    "turned_45": turned_by(45),
    "turned_30_black": turned_by(30),
    "uneven_20": slope_of(0.2),
    "uneven_50": slope_of(0.5),
    "equalised": spreads_grey,
    "levels_32": few_levels,
    "blur_0.5": blurred_by(0.5),
    "blur_1": blurred_by(1.0),
    "blur_3": blurred_by(3.0),
    "sharpened": overshoots,
    "noise_1": noise_of(0.01),
    "noise_3": noise_of(0.03),
    "noise_8": noise_of(0.08),
    "dust": specks,
    "jpeg_90": step_of_the_mean(3),
    "jpeg_60": step_of_the_mean(13),
    "jpeg_20": step_of_the_mean(40),
    "scaled_90": size_times(0.9),
    "scaled_125": size_times(1.25),
    "scaled_200": size_times(2),
    "scaled_75": size_times(0.75),
    "scaled_50": size_times(0.5),
    "black_corners": loses_corners,
    "letter_beside": letter_next_to_the_bar,
}
"""Changes whose result is known by a property: name to its check."""


def test_every_change_is_tested_and_named_once() -> None:
    assert len(CHANGES) >= 33
    assert len(BY_NAME) == len(CHANGES)
    assert {*EXACT, *PROPERTIES} == set(BY_NAME)
    assert {change.effect for change in CHANGES} == set(EFFECTS)
    assert all(change.strength and change.family for change in CHANGES)


@pytest.mark.parametrize("name", EXACT)
def test_the_changed_film_is_known_to_the_pixel(name: str) -> None:
    found, known = changed(BY_NAME[name], film()), EXACT[name](film())
    assert found.shape == known.shape
    assert np.abs(found.astype(int) - known).max() <= (
        1 if BY_NAME[name].family in {"brightness", "contrast", "gamma"} else 0
    )


@pytest.mark.parametrize("name", PROPERTIES)
def test_the_change_is_as_strong_as_it_says(name: str) -> None:
    PROPERTIES[name](BY_NAME[name])


@pytest.mark.parametrize("name", ["turned_180", "mirrored", "upside_down", "inverted"])
def test_twice_is_nothing(name: str) -> None:
    once = changed(BY_NAME[name], film())
    assert not np.array_equal(once, film())
    assert np.array_equal(changed(BY_NAME[name], once), film())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_the_reader_takes_the_changed_film(change: Change) -> None:
    content = change.encode(film().astype(np.float32) / 255, bones())
    assert read_radiograph_bytes(content, pixel_spacing_mm=change.spacing_mm(NO_SPACING)).pixels.size > 0


def test_the_pixel_size_travels_only_where_it_can_be_relied_on() -> None:
    plain, stated = BY_NAME["inverted"], BY_NAME["spacing_0.1"]
    assert plain.spacing_mm(Spacing(0.2, "fiducial", True, "")) == 0.2
    assert plain.spacing_mm(Spacing(0.2, "detector", False, "")) is None
    assert plain.spacing_mm(NO_SPACING) is None
    assert stated.spacing_mm(Spacing(0.2, "fiducial", True, "")) == 0.1


def test_changes_are_found_by_name_and_by_family() -> None:
    assert find_changes([]) == CHANGES
    assert [change.name for change in find_changes(["flip", "inverted"])] == ["mirrored", "upside_down", "inverted"]
    assert {change.name for change in find_changes(QUICK)} == set(QUICK)
    with pytest.raises(UsageError) as caught:
        find_changes(["inverted", "melted"])
    assert caught.value.code == "unknown_change"
    assert "melted" in caught.value.message
    assert "inverted" not in caught.value.message
