"""What a log says of an error that nobody foresaw: where it arose, and nothing that it quotes."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from make_dicom import SECRET
from stand_ins import StandInRooms

from boneage.batch import workers
from boneage.batch.inputs import FilmRequest
from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.unforeseen import without_message


def quote(text: str) -> None:
    raise ValueError(text)


def test_the_type_and_the_lines_are_said_and_the_message_is_not() -> None:
    with pytest.raises(ValueError) as caught:
        quote(f"{SECRET}^Child")
    said = without_message(caught.value)
    assert said.startswith("ValueError at ")
    assert said.endswith(f" > {__name__}:{quote.__code__.co_firstlineno + 1}")
    assert SECRET not in said


def test_what_it_arose_from_is_said_in_the_same_way() -> None:
    with pytest.raises(RuntimeError) as caught:
        try:
            quote(f"{SECRET} first")
        except ValueError as error:
            msg = f"{SECRET} second"
            raise RuntimeError(msg) from error
    said = without_message(caught.value)
    assert said.startswith("RuntimeError at ")
    assert ", after ValueError at " in said
    assert SECRET not in said


def log_of_a_failing_film(caplog: pytest.LogCaptureFixture, path: Path) -> str:
    """The whole log, as it is printed, of a film whose measuring stumbles over a name."""
    rooms = StandInRooms(errors={"measure": ValueError(f"{SECRET}^Child")})
    path.write_bytes(b"one")
    with caplog.at_level(logging.DEBUG):
        result = Estimator(EstimateOptions(), rooms=rooms).estimate(path).result
    assert result.problems[0].code == "unexpected_error"
    return caplog.text


def test_the_log_of_a_film_says_where_and_not_what(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = log_of_a_failing_film(caplog, tmp_path / "film.png")
    assert "unexpected ValueError at boneage.estimate:" in text
    assert SECRET not in text


def test_the_log_of_files_that_cannot_be_written_says_where_and_not_what(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        quote(f"{SECRET}^Child")

    monkeypatch.setattr(workers, "write_reading", fail)
    film = tmp_path / "film.png"
    film.write_bytes(b"one")
    request = replace(FilmRequest(film, "film.png"), id="1")
    with caplog.at_level(logging.DEBUG):
        row = workers.film_row(Estimator(EstimateOptions(), rooms=StandInRooms()), request, tmp_path / "out")
    assert row["reason_code"] == "unexpected_error"
    assert "unexpected ValueError at boneage.batch.workers:" in caplog.text
    assert SECRET not in caplog.text + str(row)
