"""The film in a real browser: zoom and place stay while layers and grey levels change; ends of bones are dragged."""

from __future__ import annotations

import pytest
from page_driver import Page, example, texts
from selenium.webdriver.common.keys import Keys

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FILM = texts("film")
CORRECTION = texts("correction")


@pytest.fixture
def film(browser: Page) -> Page:
    """The page with a film that was read."""
    return browser.show(example("rsna_1744.webp"))


def test_the_original_film_has_nothing_drawn_on_it_and_keeps_zoom_and_place(film: Page) -> None:
    film.zoom_film()
    film.wait(lambda _: film.film_view()[0] > 2, "the film is zoomed into")
    film.press(FILM["layer_names"]["axes"])
    film.wait(lambda state: "metacarpal_3.axis" in film.drawn() and not state.busy, "the axes are drawn")
    seen, drawn = film.film_view(), film.drawn()
    assert "metacarpal_3" in drawn
    film.switch(FILM["original"])
    film.wait(lambda state: film.shapes() == 0 and not state.busy, "nothing is drawn")
    assert film.film_view() == seen
    film.switch(FILM["original"])
    film.wait(lambda state: film.drawn() == drawn and not state.busy, "all is drawn again")
    assert film.film_view() == seen
    film.press(FILM["layer_names"]["axes"])  # As it was, so that the next test need not have the film read again.
    film.press(FILM["stage"]["whole"])
    film.wait(lambda state: "metacarpal_3.axis" not in film.drawn() and not state.busy, "the axes are hidden")
    film.wait(lambda _: film.film_view()[0] == 1.0, "the whole film")


def test_layers_grey_levels_and_the_original_leave_zoom_and_place_as_they_were(film: Page) -> None:
    assert film.film_view()[0] == 1.0
    film.zoom_film()
    film.wait(lambda _: film.film_view()[0] > 2, "the film is zoomed into")
    seen, own = film.film_view(), film.film_picture()
    assert not any(part.endswith(".axis") for part in film.drawn())
    film.press(FILM["layer_names"]["axes"])
    film.wait(lambda _: any(part.endswith(".axis") for part in film.drawn()), "the axes are drawn")
    assert film.film_view() == seen
    film.press(FILM["window"])
    film.slide(FILM["level"], Keys.ARROW_RIGHT * 5)
    film.wait(lambda state: film.film_picture() != own and not state.busy, "other grey levels")
    assert film.film_view() == seen
    film.press(FILM["film_window"])
    film.wait(lambda state: film.film_picture() == own and not state.busy, "the film's own grey levels")
    assert film.film_view() == seen
    film.press(FILM["stage"]["whole"])
    film.wait(lambda _: film.film_view()[0] == 1.0, "the whole film")


def test_an_end_is_dragged_or_moved_by_keys_and_the_numbers_follow(film: Page) -> None:
    film.open_panel("correction")
    ends = CORRECTION["ends"]
    near, far = (CORRECTION["number"].format(end=ends[end], axis="y") for end in ("proximal", "distal"))
    before = {field: float(film.value(field)) for field in (near, far)}
    film.drag_end(1, 6, -30)
    film.wait(lambda state: float(film.value(far)) < before[far] - 10 and not state.busy, "the number follows the drag")
    assert float(film.value(near)) == before[near]
    film.focus_end(0)
    film.type_keys(Keys.ARROW_DOWN * 3)
    down = round(before[near] + 3, 1)
    film.wait(lambda state: float(film.value(near)) == down and not state.busy, "the number follows the keys")
    film.press(CORRECTION["apply"])
    film.wait_for_words(CORRECTION["badge"])
