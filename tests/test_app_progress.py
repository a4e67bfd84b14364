"""What is seen while a film is read: a bar at once, and on it every stage."""

from __future__ import annotations

import contextlib
from typing import Any

import app_page  # puts the page's package on the path
import pytest
from boneage_page.films import film_of
from boneage_page.language import table
from boneage_page.progress import shown_progress
from fake_reading import fake_reading

STAGES = ("read", "segment", "measure", "lookup", "regress")


class Place:
    """Stands for an element of the page and remembers what was put there."""

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def progress(self, value: float, text: str) -> None:
        """Note a bar."""
        self.shown.append((value, text))

    def empty(self) -> None:
        """Note that nothing is left."""
        self.shown.append(None)


def test_every_stage_is_named_and_the_bar_never_goes_back() -> None:
    place = Place()
    with shown_progress(place) as tell:  # type: ignore[arg-type]
        for stage in (*STAGES, "lookup", "regress"):
            tell(stage)  # type: ignore[arg-type]
    *bars, last = place.shown
    assert last is None
    assert [text for _, text in bars] == [table("page.stages")[stage] for stage in (*STAGES, "lookup", "regress")]
    values = [value for value, _ in bars]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1


def test_an_answer_that_is_remembered_shows_no_bar() -> None:
    place = Place()
    with shown_progress(place):  # type: ignore[arg-type]
        pass
    assert place.shown == []


def test_something_is_told_before_the_engine_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    from boneage_page import reader

    told: list[str] = []
    monkeypatch.setattr(reader.st, "session_state", {})

    class Engine:
        """An engine whose lock notes when it is taken."""

        rooms = None

        @property
        def lock(self) -> Any:
            return contextlib.nullcontext(told.append("free"))

    monkeypatch.setattr(reader, "engine", Engine)
    monkeypatch.setattr(app_page.estimate, "Estimator", app_page.FakeEstimator)
    app_page.FakeEstimator.asked, app_page.FakeEstimator.by_name = [], {"a.png": fake_reading()}
    reader.read(film_of("a.png", b"film"), reader.Question(), told.append)
    assert told == ["read", "free", "segment"]
