"""Several films at once, files that are none, and two people at the same time."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from page_driver import LAPTOP, Page, State, cells, example, texts

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

SHELF = texts("shelf")
GLANCE = texts("glance")
FILMS = ("rsna_1744.webp", "rsna_1406.webp", "rsna_2136.webp")
SETTLED_SECONDS = 1.5
"""After so long without a choice none is to come."""

OF_ALL_AGES = ("rsna_1744.webp", "rsna_1406.webp", "rsna_2136.webp", "rsna_4621.webp")
"""The first is not the youngest, and some are younger than ten."""

ACROSS_WORDS, ACROSS_MONTHS = 50 + 60 + 150 + 90 + 100 + 60, 50 + 60 + 150 + 90 + 100 + 120 + 45
"""Where the headings of the ages of boys stand, in pixels: the widths of the columns before them."""


def plain(words: str) -> str:
    """The words of a cell without the room that aligns their numbers."""
    return words.replace("\u2007", "")


def all_read(state: State) -> bool:
    """Whether the table says of every film what became of it."""
    said = SHELF["done"].partition("{")[0] in state.text and "refused" in state.text and not state.busy
    return said and not any(SHELF["states"]["waiting"] in str(row) for row in state.rows)


def test_films_get_a_row_each_and_a_click_shows_one(page: Page, tmp_path: Path) -> None:
    page.upload(*map(example, FILMS))
    rows = cells(page.wait(lambda state: all_read(state) and len(state.rows) > len(FILMS), "all films are read"))
    table = [row for row in rows if row.get(SHELF["name"]) in FILMS]
    assert [row[SHELF["name"]] for row in table] == list(FILMS)
    assert {row[SHELF["status"]] for row in table} == {SHELF["states"]["ok"]}
    said = list(csv.DictReader(io.StringIO(page.download(SHELF["csv"], tmp_path / "all").read_text("utf-8-sig"))))
    assert [row["id"] for row in said] == ["1", "2", "3"]
    assert {row["status"] for row in said} == {"ok"}
    for number in (3, 2):
        before = page.state.metrics
        page.click_table(number)
        chosen = SHELF["item"].format(number=number, name=FILMS[number - 1])
        shown = page.wait(
            lambda state, before=before: state.metrics and state.metrics != before and not state.busy, chosen
        )
        assert page.value_starting(SHELF["open"]) == chosen
        for sex, value in zip(("boy", "girl"), shown.metrics.values(), strict=True):
            assert plain(table[number - 1][SHELF["bone_age_of"].format(sex=sex)]) == value


def test_a_row_that_was_clicked_before_shows_its_film_again(page: Page) -> None:
    page.upload(*map(example, FILMS))
    page.wait(lambda state: all_read(state) and len(state.rows) > len(FILMS), "all films are read")
    first, last = (SHELF["item"].format(number=number, name=FILMS[number - 1]) for number in (1, 3))

    def brings_up(film: str, act: Callable[[], None]) -> None:
        """Act, and wait for the answer of the film: its name stands in the list before the page has begun to work."""
        before = page.state.metrics
        act()
        page.wait(lambda state: state.metrics and state.metrics != before and not state.busy, film)
        assert page.value_starting(SHELF["open"]) == film

    brings_up(last, lambda: page.click_table(3))
    label, high = GLANCE["bone_age_if"].format(sex="boy"), 0.7 * LAPTOP[1]
    page.wait(lambda _: 0 < page.bottom_of(label) < high, "the answer is brought into view", seconds=10)
    brings_up(first, lambda: page.choose_in_list(SHELF["open"], first))
    brings_up(last, lambda: page.click_table(3))


@pytest.mark.parametrize("in_words", [True, False])
def test_a_click_on_a_heading_sorts_by_age_and_one_on_a_row_shows_its_film(page: Page, in_words: bool) -> None:
    page.upload(*map(example, OF_ALL_AGES))
    count = len(OF_ALL_AGES)
    page.wait(lambda state: all_read(state) and len(state.rows) > count, "all films are read")
    months = SHELF["months_of"].format(sex="boy")

    def ages() -> list[float]:
        return [float(row[months]) for row in cells(page.state) if row.get(months)]

    page.sort_table(ACROSS_WORDS if in_words else ACROSS_MONTHS)
    page.wait(lambda _: len(ages()) == count and ages() == sorted(ages()), "the ages rise")
    assert ages()[0] < 120 < ages()[-1], "both ages of one digit and of two are among them"
    first = next(row for row in cells(page.state) if row.get(SHELF["name"]) in OF_ALL_AGES)
    assert first[SHELF["name"]] != OF_ALL_AGES[0]
    before = page.state.metrics
    time.sleep(SETTLED_SECONDS)
    assert page.state.metrics == before, "to sort is not to choose: the film stays"
    page.click_table(1)
    chosen = SHELF["item"].format(number=first[SHELF["number"]], name=first[SHELF["name"]])
    shown = page.wait(lambda state: state.metrics and state.metrics != before and not state.busy, chosen)
    assert page.value_starting(SHELF["open"]) == chosen
    if_boy = SHELF["bone_age_of"].format(sex="boy")
    assert plain(first[if_boy]) == shown.metrics[GLANCE["bone_age_if"].format(sex="boy")]


@pytest.mark.browser_heavy
def test_thirty_films_at_once_get_thirty_answers(page: Page, tmp_path: Path) -> None:
    films = [example(name).read_bytes() for name in FILMS]
    paths = [tmp_path / f"film_{number:02}.webp" for number in range(30)]
    for number, path in enumerate(paths):
        path.write_bytes(films[number % len(films)] + f"copy {number}".encode())  # Two files of one hash are one film.
    page.upload(*paths)
    done = SHELF["done"].format(count=30, ok=30, refused=0, failed=0)
    page.wait(lambda state: done in state.text and not state.busy, done, seconds=300)
    assert SHELF["title"].format(count=30) in page.state.text


def test_a_file_of_100_megabytes_that_is_no_film_is_explained(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "large.dcm"
    with path.open("wb") as stream:
        for _ in range(100):
            stream.write(bytes(range(256)) * 4096)
    page.upload(path)
    shown = page.wait(lambda state: state.alerts and not state.busy, "the file is not readable")
    assert GLANCE["failed"] in shown.alerts[0]
    page.upload(example(FILMS[0]))
    page.wait(lambda state: state.metrics and not state.busy, "the next film is read")


def test_a_file_beyond_the_limit_is_not_taken(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "larger.dcm"
    with path.open("wb") as stream:
        stream.truncate(201 * 2**20)
    page.upload(path)
    page.wait(lambda state: "must be 200" in state.text, "the limit is named")
    assert not page.state.alerts


def test_two_people_at_the_same_time_get_each_their_own_film(new_browser: Callable[[], Page], page: Page) -> None:
    other = new_browser().open()
    page.upload(example(FILMS[0]))
    other.upload(example(FILMS[1]))
    answers = [one.wait(lambda state: state.metrics and not state.busy, "the answer").metrics for one in (page, other)]
    assert answers[0] != answers[1]
    for mine, name, others in ((page, FILMS[0], FILMS[1]), (other, FILMS[1], FILMS[0])):
        assert name in mine.state.text
        assert others not in mine.state.text
    page.upload(example(FILMS[1]))
    again = page.wait(lambda state: state.metrics and state.metrics != answers[0] and not state.busy, "the other film")
    assert again.metrics == answers[1]
    assert other.state.metrics == answers[1]
