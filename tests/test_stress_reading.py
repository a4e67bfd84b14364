"""Films under every change through rooms whose answers are known; what was read before is not read again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import MEASURED, RealReaderRooms, StandInRooms

from boneage.batch.inputs import FilmRequest
from boneage.batch.journal import Journal
from boneage.errors import ReadError, Refusal, UsageError
from boneage.estimate import Estimator
from boneage.evaluation.variants import ORIGINAL
from boneage.stress.reading import UNCHANGED, StressReading, read_under_stress
from boneage.stress.registry import find_changes

CHANGES = find_changes(["inverted", "scaled_50", "letter_beside", "spacing_0.1"])


def film_file(folder: Path) -> Path:
    path = folder / "film.png"
    path.write_bytes(ORIGINAL.encode(np.random.default_rng(0).random((200, 160), np.float32)))
    return path


def read(rooms: StandInRooms, journal: Path, *requests: FilmRequest, resume: bool = False) -> list[StressReading]:
    with Journal(journal, resume) as opened:
        return list(read_under_stress(requests, CHANGES, Estimator(rooms=rooms), opened, run="run"))


def reads(rooms: StandInRooms) -> list[tuple[object, ...]]:
    return [call for call in rooms.calls if call[0] == "read"]


def test_a_film_is_read_as_it_is_and_under_every_change(tmp_path: Path) -> None:
    rooms = StandInRooms()
    request = FilmRequest(film_file(tmp_path), "film.png", id="7", sex="F", chronological_age_months=100.0)
    found = read(rooms, tmp_path / "journal", request)
    assert [one.change for one in found] == [UNCHANGED, *(change.name for change in CHANGES)]
    assert {(one.film, one.status, one.reason) for one in found} == {("7", "ok", "")}
    assert all(one.ages["F"]["measurement"] == MEASURED["F"] for one in found)
    assert set(found[0].ages) == {"F"}
    assert [one.chronological_months for one in found] == [100.0, None, None, None, None]
    _, *changed = reads(rooms)
    assert [call[2] for call in changed] == [0.2, 0.4, 0.2, 0.1]
    assert {call[3] for call in changed} == {"F"}


def test_the_changed_picture_is_what_is_read(tmp_path: Path) -> None:
    rooms = StandInRooms()
    read(rooms, tmp_path / "journal", FilmRequest(film_file(tmp_path), "film.png", sex="F"))
    pictures = [np.asarray(Image.open(io.BytesIO(call[1]))) for call in reads(rooms)[1:]]  # type: ignore[arg-type]
    assert [picture.shape for picture in pictures] == [(200, 160), (100, 80), (200, 160), (200, 160)]
    assert [int(picture.max()) for picture in pictures] == [255, 0, 255, 0]  # the stand-in's film is black
    letter = np.argwhere(pictures[2] == 255)
    assert len(letter)
    # The stand-in's bone lies at rows 60 to 139 and columns 70 to 89 of the film.
    assert not any(60 <= row < 140 and 70 <= column < 90 for row, column in letter)


def test_an_unknown_sex_has_both_answers(tmp_path: Path) -> None:
    rooms = StandInRooms()
    found = read(rooms, tmp_path / "journal", FilmRequest(film_file(tmp_path), "film.png", sex="unknown"))
    assert set(found[0].ages) == set(found[-1].ages) == {"M", "F"}
    assert {call[3] for call in reads(rooms)} == {"unknown"}
    aged = FilmRequest(film_file(tmp_path), "film.png", sex="unknown", chronological_age_months=99.0)
    assert read(rooms, tmp_path / "journal", aged)[0].chronological_months == 99.0


def test_a_film_without_an_answer_has_no_changes(tmp_path: Path) -> None:
    rooms = StandInRooms(errors={"segment": Refusal("not_a_hand", "no hand")})
    bad = FilmRequest(tmp_path / "x.png", "x.png", problem=UsageError("bad_age", "no age"))
    found = read(rooms, tmp_path / "journal", FilmRequest(film_file(tmp_path), "film.png"), bad)
    assert [(one.film, one.change, one.status, one.reason) for one in found] == [
        ("film", UNCHANGED, "refused", "not_a_hand"),
        ("x", UNCHANGED, "error", "bad_age"),
    ]


class RefusesSmallFilms(RealReaderRooms):
    """Films of less than 200 rows are none."""

    def segment(self, radiograph):  # type: ignore[no-untyped-def]
        if radiograph.rows < 200:
            raise Refusal("too_small", "too small")
        return super().segment(radiograph)


def test_a_refusal_under_a_change_is_noted_with_its_reason(tmp_path: Path) -> None:
    found = read(RefusesSmallFilms(), tmp_path / "journal", FilmRequest(film_file(tmp_path), "film.png", sex="M"))
    refused = [one for one in found if one.status != "ok"]
    assert [(one.change, one.status, one.reason, dict(one.ages)) for one in refused] == [
        ("scaled_50", "refused", "too_small", {})
    ]


def test_what_was_read_before_is_kept(tmp_path: Path) -> None:
    request = FilmRequest(film_file(tmp_path), "film.png", id="7", sex="unknown", chronological_age_months=90.0)
    journal, again = tmp_path / "journal", StandInRooms()
    first = read(StandInRooms(), journal, request)
    assert read(again, journal, request, resume=True) == first
    assert again.calls == []
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join(lines[:3]) + "\n")
    assert read(again, journal, request, resume=True) == first
    assert len(reads(again)) == 3  # the film as it is, for its pixels, and the two changes that were missing


def test_another_film_is_read_anew(tmp_path: Path) -> None:
    path, journal, again = film_file(tmp_path), tmp_path / "journal", StandInRooms()
    read(StandInRooms(), journal, FilmRequest(path, "film.png", sex="M"))
    path.write_bytes(path.read_bytes() + b"\0")
    read(again, journal, FilmRequest(path, "film.png", sex="M"), resume=True)
    assert len(reads(again)) == 5


def test_a_refused_film_stays_refused_and_a_failed_one_is_tried_again(tmp_path: Path) -> None:
    request, journal = FilmRequest(film_file(tmp_path), "film.png"), tmp_path / "journal"
    read(StandInRooms(errors={"segment": Refusal("not_a_hand", "no hand")}), journal, request)
    again = StandInRooms()
    assert [one.reason for one in read(again, journal, request, resume=True)] == ["not_a_hand"]
    assert again.calls == []
    read(StandInRooms(errors={"read": ReadError("gone", "gone")}), journal, request)
    assert len(read(again, journal, request, resume=True)) == 5


@pytest.mark.parametrize("ages", [{}, {"M": {"answer": 90.5}, "F": {"answer": 80.0, "regression": 81.0}}])
def test_a_reading_survives_the_journal(ages: dict[str, dict[str, float]]) -> None:
    reading = StressReading("7", "inverted", "ok", "", ages, 12.5)
    assert StressReading.from_row(reading.to_row()) == reading
