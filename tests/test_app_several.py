"""Several films on the page: the table, what is kept and let go, the choice among them, the CSV of all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from app_page import APP, FakeEstimator, buttons, fields, opened_page, words_on
from fake_reading import fake_error, fake_reading, fake_refusal
from streamlit.testing.v1 import AppTest

from boneage.result import Chronological, Reading, Result

assert APP.is_dir()

from boneage_page.films_table import FIGURE_SPACE  # noqa: E402


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as it opens."""
    with opened_page(monkeypatch) as opened:
        yield opened


def upload_many(page: AppTest, names: list[str]) -> AppTest:
    """Give the page several files at once."""
    files = [(name, name.encode(), "application/octet-stream") for name in names]
    return page.file_uploader[0].set_value(files).run()


def plain(words: object) -> str:
    """The words of a cell without the room that aligns their numbers."""
    return str(words).replace(FIGURE_SPACE, "")


def films_table(page: AppTest) -> list[dict[str, object]]:
    """The table of the films."""
    (frame,) = (table.value for table in page.dataframe if "Film" in table.value)
    rows: list[dict[str, object]] = frame.to_dict("records")
    return rows


def read_all(page: AppTest, most: int = 40) -> AppTest:
    """Let the page run until no film waits; in a browser a timer does that."""
    for _ in range(most):
        if "are read" in words_on(page):
            return page
        page = page.run()
        assert not page.exception
    pytest.fail("films still wait")


def test_many_films_are_read_one_after_the_other(page: AppTest) -> None:
    page = upload_many(page, [f"{number}.png" for number in range(30)])
    assert not page.exception
    assert 1 <= len(FakeEstimator.asked) <= 3
    states = [row["State"] for row in films_table(page)]
    assert (len(states), states[0], states[-1]) == (30, "read", "waiting")
    page = read_all(page)
    assert "All 30 films are read: 30 with an answer" in words_on(page)
    assert sorted(question["name"] for question in FakeEstimator.asked) == sorted(f"{n}.png" for n in range(30))


def test_what_was_said_of_a_film_stays_with_it_while_another_is_shown(page: AppTest) -> None:
    page = read_all(upload_many(page, ["girl.png", "boy.png"]))
    fields(page)["sex"].set_value("F").run()
    fields(page)["age"].set_value("8y").run()
    fields(page)["spacing"].set_value(0.15).run()
    said = FakeEstimator.asked[-1]
    first, second = page.session_state["shelf"].entries
    pick = page.selectbox(key="film_shown")
    pick.set_value(second).run()
    assert (fields(page)["sex"].value, fields(page)["age"].value) == ("unknown", "")
    page.selectbox(key="film_shown").set_value(first).run()
    assert (fields(page)["sex"].value, fields(page)["age"].value, fields(page)["spacing"].value) == ("F", "8y", 0.15)
    question = page.session_state["shelf"].entries[first].question
    assert (question.sex, question.chronological_age_months, question.pixel_spacing_mm) == ("F", 96.0, 0.15)
    assert said["name"] == "girl.png"


def test_a_film_given_under_another_name_too_is_said_to_be_the_same(page: AppTest) -> None:
    files = [(name, b"one film", "application/octet-stream") for name in ("a.png", "copy_of_a.png")]
    page = page.file_uploader[0].set_value([*files, ("b.png", b"another", "application/octet-stream")]).run()
    page = read_all(page)
    assert "All 2 films are read" in words_on(page)
    assert r"copy\_of\_a.png is a.png" in words_on(page)
    page = page.file_uploader[0].set_value([("c.png", b"a third", "application/octet-stream")]).run()
    assert "is a.png" not in words_on(page)


def test_only_the_last_readings_are_kept_whole_and_a_small_picture_of_each(page: AppTest) -> None:
    page = read_all(upload_many(page, [f"{number}.png" for number in range(8)]))
    assert len(page.session_state["readings"]) == 4
    entries = page.session_state["shelf"].entries.values()
    assert all(entry.thumbnail.startswith("data:image/jpeg") for entry in entries)
    assert max(len(entry.thumbnail) + len(entry.picture) for entry in entries) < 200_000


def test_one_film_has_no_table(page: AppTest) -> None:
    page = upload_many(page, ["only.png"])
    assert not [table for table in page.dataframe if "Film" in table.value]


def test_refused_and_broken_films_have_their_rows(page: AppTest) -> None:
    FakeEstimator.by_name |= {"knee.png": fake_refusal(), "broken.dcm": fake_error(), "girl.dcm": fake_reading()}
    page = read_all(upload_many(page, ["girl.dcm", "knee.png", "broken.dcm"]))
    rows = {row["Film"]: row for row in films_table(page)}
    assert [rows[name]["State"] for name in ("girl.dcm", "knee.png", "broken.dcm")] == [
        "read",
        "refused",
        "not readable",
    ]
    girl = rows["girl.dcm"]
    assert (plain(girl["Bone age"]), girl["Bone age (mo)"], girl["SD score"]) == ("10 y 4 mo", 124.0, 0.6)
    assert (plain(girl["Chronological age"]), girl["Chronological (mo)"]) == ("9 y 10 mo", 118.0)
    assert "no hand was found" in str(rows["knee.png"]["Remarks"])
    assert "ends before its pixels do" in str(rows["broken.dcm"]["Remarks"])
    assert "1 with an answer, 1 refused, 1 not readable" in words_on(page)


def test_films_are_chosen_and_keep_their_own_answers(page: AppTest) -> None:
    page = read_all(upload_many(page, ["a.png", "b.png"]))
    fields(page)["sex"].set_value("F").run()
    choice = page.selectbox(key="film_shown")
    other = next(
        entry.film.digest for entry in page.session_state["shelf"].entries.values() if entry.film.name == "b.png"
    )
    choice.set_value(other)
    page = page.run()
    assert page.session_state["shelf"].shown.film.name == "b.png"
    assert fields(page)["sex"].value == "unknown"
    rows = {row["Film"]: row for row in films_table(page)}
    assert (rows["a.png"]["Sex"], rows["b.png"]["Sex"]) == ("girl", "sex unknown")
    if_boy, if_girl = "Bone age (boy)", "Bone age (girl)"
    assert [plain(rows["b.png"][name]) for name in (if_boy, if_girl)] == ["11 y 8 mo", "10 y 4 mo"]
    assert [rows["b.png"][name] for name in ("boy (mo)", "girl (mo)")] == [140.0, 124.0]
    assert (plain(rows["a.png"][if_girl]), rows["a.png"]["girl (mo)"]) == ("10 y 4 mo", 124.0)
    assert pd.isna(rows["a.png"][if_boy])
    assert pd.isna(rows["a.png"]["boy (mo)"])
    assert "Bone age" not in rows["a.png"]


def test_every_age_in_words_has_its_months_beside_it_as_a_number_and_sorts_as_they_do(page: AppTest) -> None:
    reading = fake_reading()
    ages = {"late.dcm": (9 * 12 + 1.0, 108.2), "old.dcm": (10 * 12 + 11.0, 99.0), "young.dcm": (8 * 12 + 10.0, 60.4)}
    ages |= {"ten.dcm": (10 * 12 + 2.0, 121.0), "infant.dcm": (7.0, 6.0), "grown.dcm": (216.0, 200.0)}
    for name, (months, own) in ages.items():
        assert reading.result.bone_age is not None
        age = replace(reading.result.bone_age, months=months)
        if name == "grown.dcm":
            age = replace(age, bound="at_or_above", bound_months=months)
        result = replace(reading.result, bone_age=age, chronological=Chronological(own, months - own, 0.0, "Brush"))
        FakeEstimator.by_name[name] = replace(reading, result=result)
    page = read_all(upload_many(page, list(ages)))
    (frame,) = (table.value for table in page.dataframe if "Film" in table.value)
    (grown,) = frame.loc[frame["Film"] == "grown.dcm", "Bone age"]
    assert grown == "≥ 18 y 0 mo".replace(" 0", f" {FIGURE_SPACE}0")
    for words, number, place in (("Bone age", "Bone age (mo)", 0), ("Chronological age", "Chronological (mo)", 1)):
        assert frame[number].dtype == float
        assert dict(zip(frame["Film"], frame[number], strict=True)) == {name: age[place] for name, age in ages.items()}
        # In the order of a browser a space of any width comes before the digits.
        by_words = frame.sort_values(words, key=lambda cells: cells.str.replace(FIGURE_SPACE, " "))
        assert list(by_words["Film"]) == list(frame.sort_values(number)["Film"])


def test_filters(page: AppTest) -> None:
    reading = fake_reading()
    late = replace(reading.result, chronological=Chronological(160.0, -36.0, -3.1, "Brush Foundation"))
    FakeEstimator.by_name |= {"late.dcm": Reading(late, reading.radiograph, reading.bone_map)}
    FakeEstimator.by_name |= {"usual.dcm": fake_reading(), "knee.png": fake_refusal()}
    page = read_all(upload_many(page, ["late.dcm", "usual.dcm", "knee.png"]))

    def shown(*filters: str) -> set[object]:
        page.button_group(key="films_filter").set_value(list(filters)).run()
        return {row["Film"] for row in films_table(page)}

    assert shown("beyond") == {"late.dcm"}
    assert shown("refused") == {"knee.png"}
    assert shown("ok") == {"late.dcm", "usual.dcm"}
    assert shown("warnings", "beyond") == {"late.dcm", "knee.png"}
    assert len(shown()) == 3


def test_same_file_twice_is_one_film(page: AppTest) -> None:
    page = upload_many(page, ["a.png"])
    page = upload_many(page, ["a.png", "b.png"])
    assert len(page.session_state["shelf"].entries) == 2


def test_csv_of_all_names_no_file(page: AppTest) -> None:
    from boneage_page.several import _csv

    page = read_all(upload_many(page, ["Jane_Roe.png", "John_Doe.png"]))
    data = _csv(page.session_state["shelf"]).decode()
    assert "Jane" not in data
    assert [row["id"] for row in csv.DictReader(io.StringIO(data))] == ["1", "2"]


def test_all_can_be_removed(page: AppTest) -> None:
    page = read_all(upload_many(page, ["a.png", "b.png"]))
    page = buttons(page)["Remove all films"].click().run()
    assert not page.exception
    assert page.session_state["shelf"].entries == {}
    assert not page.metric


def test_files_beyond_the_budget_are_let_go_but_not_their_results(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boneage_page import shelf as module

    page = read_all(upload_many(page, ["a.png", "b.png"]))
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    page = read_all(upload_many(page, [f"{number}.png" for number in range(5)]))
    entries = {entry.film.name: entry for entry in page.session_state["shelf"].entries.values()}
    assert entries["a.png"].film.data is None
    assert isinstance(entries["a.png"].result, Result)
    page.selectbox(key="film_shown").set_value(entries["a.png"].film.digest)
    page = page.run()
    assert not page.exception
    assert "let go to save memory" in words_on(page)
    assert page.metric[0].value == "11 y 8 mo"


def test_two_sessions_do_not_mix(page: AppTest) -> None:
    other = AppTest.from_file(str(APP / "page.py"), default_timeout=60).run()
    upload_many(page, ["mine.png"])
    upload_many(other, ["yours.png"])
    assert "yours.png" not in words_on(page.run())
    assert "mine.png" not in words_on(other.run())
