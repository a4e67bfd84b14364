"""Contact sheets: what a tile shows, what stands below it, and how tiles make pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_reading import drawn_frame, fake_error, fake_reading, fake_refusal, fake_unknown_sex
from PIL import Image

from boneage.anatomy import BONES, CARPALS, LABELS
from boneage.errors import UsageError
from boneage.report.gallery import GUTTER, SheetLayout, page_files, pages_of, sheets, write_gallery
from boneage.report.overlay import Layers
from boneage.report.tiles import GalleryFilm, TileStyle, caption_lines, draw_tile, hand_box, short_name

STYLE = TileStyle(side=200)
BARE = replace(STYLE, layers=Layers(False, False, False, False))


def words(film: GalleryFilm) -> list[str]:
    return [line.text for line in caption_lines(film)]


def test_the_caption_names_film_sex_label_answer_and_difference() -> None:
    film = GalleryFilm(fake_reading(), "1744", "F", 130.0)
    assert words(film)[0] == "1744, girl, label 10 y 10 mo"
    assert words(film)[1] == "read 10 y 4 mo (−6 mo)"


def test_of_a_grown_hand_the_bound_alone_is_read() -> None:
    reading = fake_reading()
    assert reading.result.bone_age is not None
    grown = replace(reading.result.bone_age, months=190.0, bound="at_or_above", bound_months=186.0)
    film = GalleryFilm(replace(reading, result=replace(reading.result, bone_age=grown)), "1744", "F", 200.0)
    assert words(film)[1] == "read at or above 15 y 6 mo"


def test_a_film_without_a_label_has_its_answer_alone() -> None:
    assert words(GalleryFilm(fake_reading(), ""))[:2] == ["drawn.png, girl", "read 10 y 4 mo"]


def test_the_caption_of_an_unknown_sex_holds_both_answers() -> None:
    assert words(GalleryFilm(fake_unknown_sex(), "7"))[1] == "if boy read 11 y 8 mo; if girl read 10 y 4 mo"


def test_refusals_errors_and_warnings_are_named_by_their_codes() -> None:
    assert words(GalleryFilm(fake_refusal(), "7"))[1:] == ["refused not_a_hand", "flat_grey_levels"]
    assert words(GalleryFilm(fake_error(), "7"))[1:] == ["error truncated_dicom", "no warning"]


def test_the_tile_is_cut_to_the_hand() -> None:
    reading = fake_reading(frame=drawn_frame(scale=2.0))
    box = hand_box(reading)
    points = np.array([joint.xy for joint in reading.result.joints])
    assert (points >= box[:2]).all()
    assert (points <= box[2:]).all()
    assert box[0] > 60  # the drawn hand begins some way into the film
    assert hand_box(replace(reading, result=replace(reading.result, joints=()), bone_map=None)) == (0, 0, 640, 800)


def test_a_hand_that_was_placed_beside_the_film_shows_the_film() -> None:
    reading = fake_reading()
    joints = tuple(replace(joint, xy=(-500.0, -500.0)) for joint in reading.result.joints)
    assert hand_box(replace(reading, result=replace(reading.result, joints=joints), bone_map=None)) == (0, 0, 640, 800)


def test_what_is_drawn_lies_on_the_hand() -> None:
    film = GalleryFilm(fake_reading(), "7")
    marked, bare = (np.asarray(draw_tile(film, style))[:200].astype(int) for style in (STYLE, BARE))
    changed = np.abs(marked - bare).max(axis=2) > 20
    assert 0.05 < changed.mean() < 0.6
    named = np.asarray(draw_tile(film, replace(STYLE, names=True)))[:200].astype(int)
    assert (np.abs(named - marked).max(axis=2) > 20).mean() > 0.005


def test_a_marker_does_not_leave_the_hand_dark() -> None:
    reading = fake_reading()
    assert reading.radiograph is not None
    pixels = reading.radiograph.pixels * np.float32(0.2)
    left, top = (round(edge) for edge in hand_box(reading)[:2])
    pixels[top : top + 30, left : left + 30] = 1.0
    glaring = replace(reading, radiograph=replace(reading.radiograph, pixels=pixels))
    tile = np.asarray(draw_tile(GalleryFilm(glaring, "7"), BARE))[:200]
    assert np.quantile(tile, 0.9) > 200


def test_an_unreadable_film_has_a_tile_too() -> None:
    tile = draw_tile(GalleryFilm(fake_error(), "7"), STYLE)
    assert tile.width == 200
    assert len(np.unique(np.asarray(tile)[:200].reshape(-1, 3), axis=0)) == 1


def test_short_names_are_all_different() -> None:
    named = [short_name(label) for label in LABELS.values()]
    written = [name for name in named if name]
    assert len(written) == len(set(written)) == len(BONES) + len(CARPALS) + 1


def test_pages_hold_the_tiles_in_order() -> None:
    layout = SheetLayout(columns=2, rows=1, tile=BARE)
    films = [GalleryFilm(fake_reading(), "a"), GalleryFilm(fake_error(), "b"), GalleryFilm(fake_reading(), "c")]
    pages = list(sheets(films, layout))
    assert pages_of(3, layout) == len(pages) == 2
    assert [page.width for page in pages] == [2 * 200 + GUTTER, 200]
    first = np.asarray(pages[0])[:200]
    assert first[:, :200].std() > 5
    assert first[:, 200 + GUTTER :].std() < 5


def test_one_page_has_the_name_given_and_several_are_numbered(tmp_path: Path) -> None:
    layout = SheetLayout(columns=1, rows=1, tile=BARE)
    films = [GalleryFilm(fake_error(), "a"), GalleryFilm(fake_error(), "b")]
    assert page_files(tmp_path / "out" / "g.png", 1) == (tmp_path / "out" / "g.png",)
    write_gallery(films[:1], layout, page_files(tmp_path / "out" / "g.png", 1))
    assert (tmp_path / "out" / "g.png").is_file()
    files = page_files(tmp_path / "g", 2)
    assert [path.name for path in files] == ["g_1.png", "g_2.png"]
    write_gallery(films, layout, files)
    with Image.open(tmp_path / "g_2.png") as page:
        assert page.format == "PNG"


@pytest.mark.parametrize("wrong", [{"columns": 0}, {"rows": 0}, {"tile": TileStyle(side=8)}])
def test_a_page_that_shows_nothing_is_wrong_usage(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        SheetLayout(**wrong)  # type: ignore[arg-type]
    assert caught.value.code == "bad_sheet"
