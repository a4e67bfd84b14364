"""Fingers on the film: two zoom, one moves it or scrolls past it, a tap names a bone; full screen and back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from film_driver import FilmOnScreen, Point
from page_driver import PHONE, Page, example, texts
from selenium.webdriver.common.keys import Keys

from boneage.report.wording import label_words

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FILM = example("rsna_1744.webp")
STAGE = texts("film")["stage"]


@pytest.fixture
def film(new_browser: Callable[[], Page]) -> FilmOnScreen:
    """The film beside an answer on a phone, in a browser that no finger has touched."""
    page = new_browser().open(size=PHONE)
    page.upload(FILM)
    page.wait(lambda state: state.metrics and page.film_view()[0] and not state.busy, "the answer and the film")
    shown = FilmOnScreen(page)
    shown.frame()
    return shown


def middle(film: FilmOnScreen) -> Point:
    """The middle of the film on the screen."""
    left, top, right, bottom = film.frame()
    return (left + right) / 2, (top + bottom) / 2


def pinch(film: FilmOnScreen, apart: float, further: float) -> None:
    """Put two fingers so far apart round the middle of the film, and pull them so far apart."""
    x, y = middle(film)
    film.fingers(*(((x + side * apart / 2, y), (x + side * further / 2, y)) for side in (-1, 1)))


def place_of(film: FilmOnScreen, part: str) -> Point:
    """Where on the screen a bone lies."""
    place = next(one.inside for one in film.drawn() if one.part == part)
    assert place is not None
    return place


def scrolled(page: Page) -> float:
    """How far down the page has been scrolled."""
    return float(page.driver.execute_script("return document.querySelector('[data-testid=stMain]').scrollTop"))


def wait_for_rest(page: Page) -> None:
    """Wait until the page, which glides on after a finger, no longer scrolls."""
    before = [-1.0]

    def rests() -> bool:
        last, before[0] = before[0], scrolled(page)
        time.sleep(0.2)
        return scrolled(page) == before[0] == last

    page.wait(lambda _: rests(), "the page no longer scrolls")


def test_two_fingers_zoom_in_and_out_about_what_lies_between_them(film: FilmOnScreen) -> None:
    x, y = middle(film)
    of = film.page.driver.execute_script
    under = "const s = document.querySelector('.boneage-stage svg.film').getScreenCTM().inverse();"
    under += "const p = new DOMPoint(...arguments).matrixTransform(s); return [p.x, p.y]"
    before, scroll = of(under, x, y), scrolled(film.page)
    pinch(film, 80, 240)
    assert film.page.film_view()[0] == pytest.approx(3, rel=0.05)
    after = of(under, x, y)
    assert after == pytest.approx(before, abs=5)
    assert scrolled(film.page) == scroll
    assert film.said() == ""
    assert of("return visualViewport.scale") == 1
    pinch(film, 240, 60)
    assert film.page.film_view()[0] == 1.0


def test_one_finger_moves_the_film_once_it_is_zoomed_into_and_scrolls_the_page_before(film: FilmOnScreen) -> None:
    x, y = middle(film)
    first, scroll = film.page.film_view(), scrolled(film.page)
    film.fingers(((x, y), (x, y - 120)))
    film.page.wait(lambda _: scrolled(film.page) > scroll + 40, "the page is scrolled")
    assert film.page.film_view() == first
    wait_for_rest(film.page)
    pinch(film, 80, 240)
    x, y = middle(film)
    wait_for_rest(film.page)
    bone, scroll = place_of(film, "metacarpal_3"), scrolled(film.page)
    film.fingers(((x, y), (x + 60, y + 90)))
    wait_for_rest(film.page)
    moved = place_of(film, "metacarpal_3")
    assert (moved[0] - bone[0], moved[1] - bone[1]) == pytest.approx((60, 90), abs=2)
    assert scrolled(film.page) == scroll


def test_two_fingers_that_wander_take_the_film_with_them(film: FilmOnScreen) -> None:
    pinch(film, 80, 240)
    bone = place_of(film, "metacarpal_3")
    x, y = middle(film)
    film.fingers(((x - 60, y), (x - 20, y + 50)), ((x + 60, y), (x + 100, y + 50)))
    moved = place_of(film, "metacarpal_3")
    assert (moved[0] - bone[0], moved[1] - bone[1]) == pytest.approx((40, 50), abs=8)


def test_a_tap_names_a_bone_until_the_next_one(film: FilmOnScreen) -> None:
    for part in ("metacarpal_3", "radius_epiphysis", "capitate", "distal_phalanx_5"):
        assert film.tap(place_of(film, part)) == label_words(part)
    left, top, *_ = film.frame()
    assert film.tap((left + 10, top + 10)) == ""
    pinch(film, 80, 240)
    assert film.tap(place_of(film, "proximal_phalanx_3")) == label_words("proximal_phalanx_3")


def test_full_screen_is_entered_and_left(page: Page) -> None:
    page.upload(FILM)
    page.wait(lambda state: state.metrics and page.film_view()[0] and not state.busy, "the answer and the film")
    film = FilmOnScreen(page)
    before = film.frame()
    for leave in (lambda: page.type_keys(Keys.ESCAPE), lambda: page.press(STAGE["leave"])):
        page.press(STAGE["full"])
        page.wait(lambda _: film.is_full(), "the film fills the screen")
        size = page.driver.execute_script("return [innerWidth, innerHeight]")
        assert film.frame() == (0, 0, *size)
        assert film.point(place_of(film, "capitate")) == label_words("capitate")
        leave()
        page.wait(lambda _: not film.is_full(), "the page is back")
        assert film.frame() == pytest.approx(before, abs=2)
