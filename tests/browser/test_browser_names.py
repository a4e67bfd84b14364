"""Every bone on the film says its name: under the mouse, on its outline, closer up and beside the axes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest
from cli_runs import Runner
from film_driver import Drawn, FilmOnScreen, Point
from page_driver import Page, example, texts

from boneage.report.wording import label_words

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FILM = example("rsna_1744.webp")
LAYERS = texts("film")["layer_names"]
WHOLE = texts("film")["stage"]["whole"]
CARPALS = {"capitate", "hamate", "triquetrum", "lunate", "scaphoid", "trapezium", "trapezoid"}


@pytest.fixture
def film(browser: Page) -> FilmOnScreen:
    """The film beside an answer, in the window."""
    shown = FilmOnScreen(browser.show(FILM))
    shown.frame()
    return shown


@pytest.fixture
def bones(capsys: pytest.CaptureFixture[str]) -> Any:
    """The bones of the film as the command line measures them."""
    return Runner(capsys)("predict", FILM, "--json").json["bones"]


def within(points: Iterable[Point], frame: tuple[float, float, float, float]) -> list[Point]:
    """The points that lie well within the frame and left of its buttons."""
    left, top, right, bottom = frame
    return [(x, y) for x, y in points if left + 4 < x < right - 50 and top + 4 < y < bottom - 4]


def not_named(film: FilmOnScreen, drawn: Iterable[Drawn]) -> list[tuple[str, str]]:
    """The parts which, pointed at well inside, do not say their name, and what they say."""
    frame = film.frame()
    pointed = [(one.part, film.point(at)) for one in drawn if one.inside for at in within([one.inside], frame)]
    return [(part, said) for part, said in pointed if said != label_words(part)]


def test_every_shaft_epiphysis_and_carpal_says_its_name(film: FilmOnScreen) -> None:
    drawn = film.drawn()
    assert {one.part for one in drawn} >= CARPALS | {
        "radius",
        "radius_epiphysis",
        "metacarpal_1",
        "middle_phalanx_5_epiphysis",
    }
    assert len(drawn) > 40
    assert not_named(film, drawn) == []


def test_the_outline_itself_and_the_place_just_beside_it_say_a_name(film: FilmOnScreen) -> None:
    frame = film.frame()
    silent = []
    for one in film.drawn():
        says = [film.point(at) for at in within(one.edge[::4], frame)]
        if label_words(one.part) not in says or not all(says):
            silent.append((one.part, says))
    assert silent == []
    tip = min((at for one in film.drawn() if one.part == "distal_phalanx_3" for at in one.edge), key=lambda at: at[1])
    assert film.point((tip[0], tip[1] - 4)) == label_words("distal_phalanx_3")
    assert film.point((tip[0], tip[1] - 30)) == ""


def test_a_bone_is_named_where_it_was_measured(film: FilmOnScreen, bones: Any) -> None:
    for bone in bones:
        (x0, y0), (x1, y1) = bone["endpoints"]
        assert film.point(film.on_screen(((x0 + x1) / 2, (y0 + y1) / 2))) == label_words(bone["bone"])


def test_closer_up_the_names_are_right_and_stay_on_the_film(film: FilmOnScreen) -> None:
    epiphysis = next(one for one in film.drawn() if one.part == "middle_phalanx_4_epiphysis")
    assert epiphysis.inside is not None
    film.wheel(epiphysis.inside, -900)
    film.page.wait(lambda _: film.page.film_view()[0] > 3, "the film is zoomed into")
    frame = film.frame()
    seen = [one for one in film.drawn() if one.inside and within([one.inside], frame)]
    assert "middle_phalanx_4_epiphysis" in {one.part for one in seen}
    assert not_named(film, seen) == []
    for one in seen:
        for at in within(one.edge, frame):
            film.point(at)
            place = film.said_place()
            assert place is not None, one.part
            left, top, right, bottom = place
            assert frame[0] <= left and right <= frame[2] and frame[1] <= top and bottom <= frame[3], one.part
    film.page.press(WHOLE)  # As it was, so that the next test need not have the film read again.
    film.page.wait(lambda _: film.page.film_view()[0] == 1.0, "the whole film")


def test_with_the_axes_on_what_lies_beneath_still_says_its_name(film: FilmOnScreen, bones: Any) -> None:
    film.page.press(LAYERS["axes"])
    film.page.wait(lambda state: "radius.axis" in film.page.drawn() and not state.busy, "the axes are drawn")
    film.frame()
    for one in film.drawn():
        if one.inside and not one.part.endswith(".axis"):
            assert label_words(one.part) in film.point(one.inside), one.part
    (bone,) = (bone for bone in bones if bone["bone"] == "metacarpal_3")
    (x0, y0), (x1, y1) = bone["endpoints"]
    said = film.point(film.on_screen(((x0 + x1) / 2, (y0 + y1) / 2)))
    assert said.startswith(label_words("metacarpal_3"))
    assert f"{math.dist(*bone['endpoints']):.0f} px" in said
    film.page.press(LAYERS["axes"])
    film.page.wait(lambda state: "radius.axis" not in film.page.drawn() and not state.busy, "the axes are hidden")


def test_without_layers_nothing_is_named(film: FilmOnScreen) -> None:
    place = next(one.inside for one in film.drawn() if one.part == "capitate")
    assert place is not None
    assert film.point(place) == label_words("capitate")
    film.page.press(LAYERS["carpals"])
    film.page.wait(lambda state: "capitate" not in film.page.drawn() and not state.busy, "the carpals are hidden")
    assert film.point((place[0] + 1, place[1])) == ""


def test_a_bone_is_named_in_chinese(browser: Page) -> None:
    film = FilmOnScreen(browser.show(FILM, language="zh"))
    film.frame()
    place = {one.part: one.inside for one in film.drawn()}
    for part, name in (("capitate", "头状骨"), ("radius_epiphysis", "桡骨")):
        at = place[part]
        assert at is not None
        assert name in film.point(at)
