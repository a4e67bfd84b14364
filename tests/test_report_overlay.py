"""The overlay picture: what is drawn where, and which words stand on it."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from fake_reading import (
    drawn_bone_map,
    drawn_frame,
    drawn_radiograph,
    ends_of,
    fake_error,
    fake_reading,
    fake_refusal,
    fake_unknown_sex,
    settled,
)
from PIL import Image

from boneage.anatomy import CARPALS
from boneage.report.bands import Line, draw_band, printable, wrap
from boneage.report.outlines import outlines
from boneage.report.overlay import (
    LARGEST_SIDE,
    MOST_UNUSUAL,
    SMALLEST_SIDE,
    Layers,
    draw_overlay,
    film_picture,
    foot_lines,
    head_lines,
    overlay_png,
    picture_scale,
    unusual_bones,
)
from boneage.report.palette import label_colour
from boneage.result import Calibration, UncalibratedAnswer

FILM_ONLY = Layers(outlines=False, axes=False, joints=False, words=False)


def changed_share(reading: object, layers: Layers, xy: np.ndarray, *, radius: int = 4) -> float:
    """Share of the pixels around a film point that the layers change."""
    plain = np.asarray(draw_overlay(reading, layers=FILM_ONLY), dtype=int)  # type: ignore[arg-type]
    drawn = np.asarray(draw_overlay(reading, layers=layers), dtype=int)  # type: ignore[arg-type]
    scale = plain.shape[0] / reading.radiograph.rows  # type: ignore[attr-defined]
    column, row = np.rint(xy * scale).astype(int)
    window = (slice(max(row - radius, 0), row + radius + 1), slice(max(column - radius, 0), column + radius + 1))
    return float((np.abs(plain - drawn).sum(axis=-1)[window] > 30).mean())


@pytest.mark.parametrize(("degrees", "mirrored"), [(0, False), (40, True)])
def test_axes_and_joints_are_drawn_on_the_bones(degrees: float, mirrored: bool) -> None:
    frame = drawn_frame(scale=2.0, degrees=degrees, mirrored=mirrored)
    reading = fake_reading(frame=frame)
    start, end = frame.to_film(np.array(ends_of("proximal_phalanx_3")))
    assert changed_share(reading, replace(FILM_ONLY, axes=True), start + (end - start) * 0.4) > 0.1
    wrist = np.array(next(joint.xy for joint in reading.result.joints if joint.joint == "wrist"))
    assert changed_share(reading, replace(FILM_ONLY, joints=True), wrist) > 0.3
    assert changed_share(reading, replace(FILM_ONLY, axes=True), wrist) == 0


def test_epiphyses_are_filled_and_shafts_are_not() -> None:
    reading = fake_reading()
    frame = reading.bone_map.frame  # type: ignore[union-attr]
    start, end = frame.to_film(np.array(ends_of("metacarpal_3")))
    only = replace(FILM_ONLY, outlines=True)
    assert changed_share(reading, only, start + (end - start) * 0.905, radius=1) == 1.0
    assert changed_share(reading, only, start + (end - start) * 0.4, radius=1) == 0.0


def test_outlines_follow_the_labels_on_the_film() -> None:
    frame = drawn_frame(scale=2.0, degrees=25)
    bone_map = drawn_bone_map(frame)
    found = {line.label: line.points for line in outlines(bone_map)}
    assert set(found) >= {"metacarpal_3", "metacarpal_3_epiphysis", "radius", "ulna_epiphysis"}
    middle = frame.to_film(np.array(ends_of("metacarpal_3"))).mean(axis=0)
    distance = np.linalg.norm(found["metacarpal_3"] - middle, axis=1)
    assert 10 < distance.min() < 18
    assert np.allclose(found["metacarpal_3"][0], found["metacarpal_3"][-1])


def test_outlines_of_an_empty_map_are_none() -> None:
    bone_map = drawn_bone_map(drawn_frame())
    assert outlines(replace(bone_map, labels=np.zeros_like(bone_map.labels))) == ()


def test_neighbouring_labels_have_different_colours() -> None:
    pairs = [("metacarpal_2", "metacarpal_3"), ("metacarpal_3", "proximal_phalanx_3"), ("radius", "ulna")]
    pairs += [("metacarpal_3", "metacarpal_3_epiphysis"), ("metacarpal_3_epiphysis", "proximal_phalanx_3_epiphysis")]
    pairs += list(combinations((*CARPALS, "adductor_sesamoid", "metacarpal_1_epiphysis"), 2))
    for one, other in pairs:
        assert label_colour(one) != label_colour(other)


def test_head_of_an_answer_holds_age_interval_method_and_reference() -> None:
    words = " ".join(line.text for line in head_lines(fake_reading().result))
    expected = ("Bone age 10 y 4 mo", "95 % interval 9 y 5 mo to 11 y 3 mo", "Girl", "combined", "rsna-train")
    assert [part for part in expected if part not in words] == []


def test_head_of_unknown_sex_holds_both_answers() -> None:
    words = [line.text for line in head_lines(fake_unknown_sex().result)]
    assert "If boy: bone age 11 y 8 mo" in words
    assert "If girl: bone age 10 y 4 mo" in words


def test_head_of_a_refusal_holds_reason_and_remedy() -> None:
    words = [line.text for line in head_lines(fake_refusal().result)]
    assert words[0] == "Refused: no bone age read"
    assert "no hand was found on this film" in words
    assert "check that this is a hand radiograph" in words


def test_foot_holds_the_notice_and_the_file_without_its_folder() -> None:
    reading = fake_reading()
    result = replace(reading.result, input=replace(reading.result.input, path="some/private folder/film.png"))
    words = " ".join(line.text for line in foot_lines(result))
    assert "research use" in words
    assert "film.png" in words
    assert "private" not in words


def test_unusual_bones_are_named_the_furthest_first() -> None:
    result = fake_reading(z=-3.4).result
    worst = replace(result.bones[5], z=4.2)
    result = replace(result, bones=(*result.bones[:5], worst, *result.bones[6:]))
    assert unusual_bones(result)[0] == worst
    words = [line.text for line in foot_lines(result)]
    assert words[0].startswith("Proximal phalanx 1 (thumb): length +4.2 SD")
    assert f"and {19 - MOST_UNUSUAL} more bones of unusual length" in words
    assert unusual_bones(fake_reading(z=2.9).result) == ()


def test_overlay_is_a_png_of_film_and_bands() -> None:
    data = overlay_png(fake_reading())
    assert data is not None
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "PNG"
    film = film_picture(fake_reading().radiograph.pixels, picture_scale((800, 640)))  # type: ignore[union-attr]
    assert picture.width == film.width
    assert picture.height > film.height + 100


def test_refused_film_is_shown_unreadable_one_is_not() -> None:
    assert draw_overlay(fake_refusal()) is not None
    assert draw_overlay(fake_error()) is None
    assert overlay_png(fake_error()) is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (300, 200), (1500, 1100), (4000, 3000)])
def test_picture_size_stays_within_bounds(shape: tuple[int, int]) -> None:
    longer = max(shape) * picture_scale(shape)
    assert SMALLEST_SIDE <= round(longer) <= LARGEST_SIDE


def test_film_of_one_grey_level_is_drawn() -> None:
    assert film_picture(np.full((5, 4), 0.3, np.float32)).size == (4, 5)


def test_flat_films_are_stretched() -> None:
    film = drawn_radiograph(drawn_bone_map(drawn_frame())).pixels
    grey = np.asarray(film_picture(film * np.float32(0.03)))
    assert grey.min() == 0
    assert grey.max() == 255


def test_words_are_wrapped_within_the_band() -> None:
    narrow, wide = (
        draw_band([Line("word " * 40, 1.0, (255, 255, 255))], 200),
        draw_band([Line("word", 1.0, (9,) * 3)], 200),
    )
    assert narrow.width == wide.width == 200
    assert narrow.height > 3 * wide.height
    assert not np.asarray(narrow)[:, -8:].max() > 60


def test_a_word_wider_than_the_band_is_cut_without_loss() -> None:
    from PIL import ImageFont

    parts = wrap("x" * 300, ImageFont.load_default(size=12), 100)
    assert len(parts) > 3
    assert "".join(parts) == "x" * 300


def test_signs_that_the_font_lacks_are_replaced() -> None:
    assert printable("−1.2 – “a” \u65e5") == '-1.2 - "a" ?'


def test_a_calibration_is_written_on_the_picture() -> None:
    reading = fake_reading()
    age = reading.result.bone_age
    assert age is not None
    before = UncalibratedAnswer(replace(age, months=118.0), reading.result.estimates)
    stamp = Calibration("Hospital X", "ab" * 32, "2026-01-31", 50, "offset", before)
    words = [line.text for line in head_lines(replace(reading.result, calibration=stamp))]
    assert "Corrected (site calibration Hospital X, 50 local films of this sex); as it was read: 9 y 10 mo." in words


def test_the_age_of_a_reader_is_the_largest_line_and_the_programs_is_named() -> None:
    lines = head_lines(settled(fake_reading()).result)
    assert lines[0].text.startswith("Bone age settled on by the reader (AB): 15 y 0 mo")
    assert lines[0].size == max(line.size for line in lines)
    assert [line.size for line in lines].count(lines[0].size) == 1
    words = [line.text for line in lines]
    assert "Automatic: Bone age 10 y 4 mo" in words
    assert any(text.startswith("Automatic: Chronological age") and "6 mo ahead" in text for text in words)
    refused = [line.text for line in head_lines(settled(fake_refusal()).result)]
    assert refused[0].startswith("Bone age settled on by the reader")
    assert any(text.startswith("Refused") for text in refused)
