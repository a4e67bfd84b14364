"""The layer "axes with lengths": a number beside each axis, none over another; pointing tells what finds no room."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from cli_runs import Runner
from film_driver import FilmOnScreen
from page_driver import LAPTOP, PHONE, Page, example, texts

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FILM = example("rsna_1744.webp")
WORDS = texts("film")

_LENGTHS = """
const stage = document.querySelector('.boneage-stage');
const shown = [...stage.querySelectorAll('.lengths text')].filter(text => text.style.display !== 'none');
return shown.map(text => {
  const {left, top, right, bottom} = text.getBoundingClientRect();
  return [text.dataset.part, text.textContent, [left, top, right, bottom]];
});
"""


def lengths(page: Page) -> dict[str, tuple[str, list[float]]]:
    """The numbers that are seen, with their places on the screen, by axis."""
    return {part: (text, place) for part, text, place in page.driver.execute_script(_LENGTHS)}


def show_axes(browser: Page, film: Path, *, size: tuple[int, int] = LAPTOP) -> FilmOnScreen:
    """Have the film read, unless it stands there, and show its axes."""
    page = browser.show(film, size=size)
    assert lengths(page) == {}
    page.press(WORDS["layer_names"]["axes"])
    page.wait(lambda state: "radius.axis" in page.drawn() and not state.busy, "the axes are drawn")
    shown = FilmOnScreen(page)
    shown.frame()
    return shown


def overlapping(shown: dict[str, tuple[str, list[float]]]) -> list[tuple[str, str]]:
    """Pairs of numbers that cover each other by more than the room round their digits."""
    return [
        (one, other)
        for (one, (_, a)), (other, (_, b)) in combinations(shown.items(), 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 3
    ]


def hide_axes(page: Page) -> None:
    """Take the axes away again, and their lengths with them."""
    page.press(WORDS["layer_names"]["axes"])
    page.wait(lambda state: not lengths(page) and not state.busy, "no lengths without the axes")


def test_the_measured_lengths_stand_beside_their_axes(browser: Page, capsys: pytest.CaptureFixture[str]) -> None:
    page, film = browser, show_axes(browser, FILM)
    bones = Runner(capsys)("predict", FILM, "--json").json["bones"]
    measured = {f"{bone['bone']}.axis": f"{bone['length_px']:.0f}" for bone in bones if not bone["partial"]}
    shown = lengths(page)
    assert {part: text for part, (text, _) in shown.items()}.items() <= measured.items()
    assert len(shown) >= 15, sorted(set(measured) - set(shown))
    assert overlapping(shown) == []
    left, top, right, bottom = film.frame()
    assert all(left <= a and top <= b and c <= right and d <= bottom for _, (a, b, c, d) in shown.values())
    assert WORDS["lengths_px"] in page.state.text
    hide_axes(page)  # As it was, so that the next test need not have the film read again.


def test_closer_up_the_numbers_keep_their_size_and_those_without_room_appear(browser: Page) -> None:
    page, film = browser, show_axes(browser, FILM)
    before = lengths(page)
    (tip,) = (one.edge[0] for one in film.drawn() if one.part == "distal_phalanx_2.axis")
    film.wheel(tip, -700)
    page.wait(lambda _: page.film_view()[0] > 2, "the film is zoomed into")
    closer = lengths(page)
    assert {"distal_phalanx_2.axis", "middle_phalanx_2.axis"} <= set(closer)
    assert overlapping(closer) == []
    for part in closer.keys() & before.keys():
        high = [place[3] - place[1] for _, place in (before[part], closer[part])]
        assert abs(high[0] - high[1]) < 2


def test_a_known_pixel_size_gives_millimetres_and_the_layer_takes_them_away(browser: Page) -> None:
    page = browser
    show_axes(page, example("synthetic.dcm"))
    assert lengths(page)
    assert all("." in text for text, _ in lengths(page).values())
    assert WORDS["lengths_mm"] in page.state.text
    hide_axes(page)
    assert WORDS["lengths_mm"] not in page.state.text


def test_on_a_phone_what_has_no_room_is_left_to_pointing(browser: Page) -> None:
    film = show_axes(browser, FILM, size=PHONE)
    assert overlapping(lengths(browser)) == []
    (ends,) = (one.edge for one in film.drawn() if one.part == "metacarpal_4.axis")
    assert " px" in film.tap(ends[len(ends) // 2])
