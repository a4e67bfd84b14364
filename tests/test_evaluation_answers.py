"""Answers that exist, judged without reading a film again."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from labelled_films import REFUSED, labelled, write_answer

from boneage.errors import UsageError
from boneage.evaluation.answers import confirmed_by, evaluated_films, read_answers
from boneage.evaluation.labels import Label
from boneage.result import Model

LABELS = {name: Label(name, 110, "M") for name in ("b", "a")}


def test_an_answer_holds_every_route_with_its_interval(tmp_path: Path) -> None:
    write_answer(tmp_path, "a")
    (film,) = read_answers(LABELS, tmp_path).films
    assert film.months == {"answer": 100, "measurement": 104, "regression": 98}
    assert film.intervals == {"answer": (80, 120), "measurement": (90, 130), "regression": (70, 126)}
    assert (film.status, film.warnings, film.problems, film.sex) == ("ok", ("mirrored",), (), "M")


def test_a_grown_hand_has_its_bound(tmp_path: Path) -> None:
    grown = {"months": 201.0, "interval_95": [180.0, 240.0], "bound": "at_or_above", "bound_months": 186.0}
    write_answer(tmp_path, "a", bone_age=grown)
    write_answer(tmp_path, "b")
    assert [film.bound_months for film in read_answers(LABELS, tmp_path).films] == [None, 186.0]


def test_a_refused_film_keeps_the_ages_of_its_routes(tmp_path: Path) -> None:
    write_answer(tmp_path, "a", **REFUSED)
    (film,) = read_answers(LABELS, tmp_path).films
    assert film.problems == ("routes_disagree",)
    assert film.months == {"measurement": 104, "regression": 98}
    assert not film.answered


def test_answers_find_labels_by_path_before_name(tmp_path: Path) -> None:
    """Two films of one file name in two folders: the label that names the path has the answer."""
    labels = {"one": Label("one", 1, "M", "/x/a.png"), "two": Label("two", 2, "M", "/y/a.png")}
    write_answer(tmp_path, "a_1234", input={"path": "/y/a.png"})
    assert [film.label.id for film in read_answers(labels, tmp_path).films] == ["two"]


def test_a_path_is_also_what_the_labels_write(tmp_path: Path) -> None:
    labels = {"one": Label("one", 1, "M", "/x/a.png", written_path="x/a.png")}
    write_answer(tmp_path, "a_1234", input={"path": "x/a.png"})
    assert [film.label.id for film in read_answers(labels, tmp_path).films] == ["one"]


def test_order_is_that_of_the_labels_and_strangers_are_counted(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write_answer(tmp_path, name)
    read = read_answers(LABELS, tmp_path)
    assert [film.label.id for film in read.films] == ["b", "a"]
    assert read.strangers == 1


def test_what_gave_the_answers_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_answer(tmp_path, "a")
    _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
    assert lines[0] == "Answers of 1 films by boneage 1.2.3, rsna:0123456789ab, wrist:abababababab."
    assert "Not of the networks that are installed now." in lines  # the wrist's hash is another one
    assert not any("Mixed" in line for line in lines)


def test_answers_of_the_installed_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a regression its networks take no part; with one, all must have. A table is no network."""
    names = ("wrist", "regression", "regression_b")
    models = tuple(Model(name, str(number) * 64) for number, name in enumerate(names))
    monkeypatch.setattr("boneage.evaluation.answers.installed_models", lambda: models)
    told = {}
    for count in (1, 2, 3):
        networks = [{"name": model.name, "sha256": model.sha256} for model in models[:count]]
        tables = [{"name": "rsna", "version": "sha256:77"}]
        write_answer(tmp_path, "a", software={"version": "1", "models": networks, "references": tables})
        _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
        told[count] = "Not of the networks that are installed now." in lines
    assert told == {1: False, 2: True, 3: False}


def test_a_site_calibration_is_named(tmp_path: Path) -> None:
    write_answer(tmp_path, "a", calibration={"name": "ward", "sha256": "cd" * 32})
    _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
    assert "calibration ward:cdcdcdcdcdcd" in lines[0]


def test_mixed_answers_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_answer(tmp_path, "a")
    write_answer(tmp_path, "b", software={"version": "1.2.4", "models": [], "references": []})
    with caplog.at_level(logging.WARNING):
        _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
    assert any("Mixed" in line for line in lines)
    assert "different networks" in caplog.text


def test_tables_of_sd_scores_make_no_answer_another(tmp_path: Path) -> None:
    """One child's age was given and the other's was not: that is no other program."""
    rsna = {"name": "rsna", "version": "sha256:77"}
    scored = [{"name": "Brush Foundation (Greulich & Pyle 1959)", "version": "sha256:88"}, rsna]
    for name, tables in (("a", [rsna]), ("b", scored)):
        write_answer(tmp_path, name, software={"version": "1", "models": [], "references": tables})
    _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
    assert lines[0] == "Answers of 2 films by boneage 1, rsna:77."
    assert not any("Mixed" in line for line in lines)


def test_another_table_makes_another_answer(tmp_path: Path) -> None:
    for name, version in (("a", "sha256:77"), ("b", "sha256:78")):
        tables = [{"name": "rsna", "version": version}]
        write_answer(tmp_path, name, software={"version": "1", "models": [], "references": tables})
    _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
    assert any("Mixed" in line for line in lines)


def test_another_sex_than_the_label_is_told(tmp_path: Path) -> None:
    write_answer(tmp_path, "a", input={"path": "a.png", "sex": {"value": "F"}})
    _, lines = evaluated_films(LABELS, report=None, answers=tmp_path)
    assert any(line.startswith("**1 films were read with another sex") for line in lines)


@pytest.mark.parametrize("text", ["no json", "[]", '{"status": "ok"}'])
def test_a_file_that_is_no_answer(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_answers(LABELS, tmp_path)
    assert caught.value.code == "answers_unreadable"


def test_two_answers_of_one_label(tmp_path: Path) -> None:
    write_answer(tmp_path, "a")
    write_answer(tmp_path, "copy", input={"path": "elsewhere/a.png"})
    with pytest.raises(UsageError) as caught:
        read_answers(LABELS, tmp_path)
    assert caught.value.code == "answers_twice"


def test_a_folder_without_answers(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        evaluated_films(LABELS, report=None, answers=tmp_path)
    assert caught.value.code == "labels_do_not_fit"
    with pytest.raises(UsageError) as caught:
        read_answers(LABELS, tmp_path / "nowhere")
    assert caught.value.code == "answers_not_a_folder"


def test_a_row_is_believed_where_its_json_is_of_an_earlier_run() -> None:
    stale = labelled("a", 100, 90, routes=(90, 90))
    same = labelled("b", 100, 95.004, routes=(90, 100))
    report = (labelled("a", 100, None, status="error", problems=("worker_died",)), labelled("b", 100, 95, half=None))
    joined = confirmed_by(report, (stale, same))
    assert joined[0].problems == ("worker_died",)
    assert joined[1] is same
