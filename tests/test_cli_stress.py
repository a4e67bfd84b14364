"""`boneage stress` from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from cli_runs import Runner
from drawn_films import record, write_training_data
from stand_ins import RealReaderRooms

from boneage.evaluation.choice import some_of_all_ages, spread_evenly
from boneage.evaluation.labels import Label
from boneage.evaluation.variants import ORIGINAL
from boneage.stress.registry import CHANGES


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: RealReaderRooms())
    return Runner(capsys)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    for seed in range(3):
        pixels = np.random.default_rng(seed).random((90, 80), np.float32)
        (folder / f"{seed}.png").write_bytes(ORIGINAL.encode(pixels))
    return folder


def test_the_command_writes_its_report_and_csvs(run: Runner, films: Path, tmp_path: Path) -> None:
    page, output = tmp_path / "page.md", tmp_path / "out"
    page.write_text("before\n<!-- stress: begin -->\nold\n<!-- stress: end -->\nafter\n")
    ran = run("stress", films, "--changes", "inverted,flip", "--limit", 2, "--output", output, "--docs", page)
    assert ran.code == 0
    assert "2 films (named by the user) under 3 changes" in ran.out
    assert (output / "stress.md").read_text() == ran.out
    with (output / "stress.csv").open() as file:
        assert [row["change"] for row in csv.DictReader(file)][::3] == ["mirrored", "upside_down", "inverted"]
    with (output / "shifts.csv").open() as file:
        assert [row["film"] for row in csv.DictReader(file)] == ["0"] * 3 + ["1"] * 3
    text = page.read_text()
    assert text.startswith("before\n")
    assert "2 films (named by the user)" in text
    assert "old" not in text


def test_labels_stand_for_ages_that_are_not_known(run: Runner, films: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("id,bone_age_months,sex\n0,77,F\n")
    output = tmp_path / "out"
    assert run("stress", films, "--changes", "inverted", "--labels", labels, "--output", output).code == 0
    with (output / "shifts.csv").open() as file:
        assert [row["chronological_months"] for row in csv.DictReader(file)] == ["77", "", ""]


def test_a_run_goes_on_where_it_was_stopped(run: Runner, films: Path, tmp_path: Path) -> None:
    words = ("stress", films, "--output", tmp_path / "out", "--changes")
    assert run(*words, "inverted").code == 0
    first = (tmp_path / "out" / "readings.jsonl").read_text().splitlines()
    assert run(*words, "inverted,mirrored", "--resume").code == 0
    second = (tmp_path / "out" / "readings.jsonl").read_text().splitlines()
    assert (len(first), len(second)) == (6, 9)
    assert second[:6] == first
    assert run(*words, "mirrored").code == 0
    assert len((tmp_path / "out" / "readings.jsonl").read_text().splitlines()) == 6


def test_the_films_of_a_split_are_spread_over_age_and_sex(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [
        record(str(number), split="tune", bone_age_months=12.0 * number + 6, sex="MF"[number % 2])
        for number in range(6)
    ]
    pictures = [np.random.default_rng(0).random((512, 384), np.float32)] * 6
    write_training_data(tmp_path / "data", pictures, records)
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "data"))
    ran = run("stress", "--rsna", "tune", "--limit", 3, "--changes", "inverted", "--output", tmp_path / "out")
    assert ran.code == 0
    assert "3 films (films of the split tune)" in ran.out
    with (tmp_path / "out" / "shifts.csv").open() as file:
        rows = [(row["film"], row["chronological_months"]) for row in csv.DictReader(file)]
    assert rows == [("0", "6"), ("2", "30"), ("4", "54")]


def test_the_quick_list_is_shorter(run: Runner, films: Path, tmp_path: Path) -> None:
    ran = run("stress", films, "--quick", "--limit", 1, "--output", tmp_path / "out")
    assert ran.code == 0
    assert "1 films (named by the user) under 12 changes" in ran.out


def test_the_list_names_every_change(run: Runner) -> None:
    ran = run("stress", "--list")
    assert ran.code == 0
    assert all(f" {change.name} " in ran.out for change in CHANGES)
    assert "unseen: a reader would not notice it" in ran.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "which_films"),
        (("x", "--rsna", "tune"), "which_films"),
        (("x", "--quick", "--changes", "inverted"), "which_changes"),
        (("x", "--changes", "melted"), "unknown_change"),
    ],
)
def test_wrong_usage(run: Runner, words: tuple[str, ...], code: str) -> None:
    ran = run("stress", *words)
    assert ran.code == 2
    assert code in ran.err


def test_films_without_an_answer_say_so(run: Runner, films: Path, tmp_path: Path) -> None:
    (films / "0.png").write_bytes(b"no picture")
    ran = run("stress", films / "0.png", "--quick", "--output", tmp_path / "out")
    assert ran.code == 2
    assert "no_answered_films" in ran.err


def test_some_of_all_ages_takes_every_year_before_it_takes_one_twice() -> None:
    labels = [Label(f"{year}{sex}{place}", 12.0 * year + 3, sex) for year in range(4) for sex in "MF" for place in "xy"]
    drawn = some_of_all_ages(labels, 6)
    assert len(drawn) == 6
    assert {int(label.months // 12) for label in drawn} == {0, 1, 2, 3}
    assert {label.sex for label in drawn} == {"M", "F"}
    assert [label.months for label in drawn] == sorted(label.months for label in drawn)
    assert some_of_all_ages(labels, 0) == tuple(sorted(labels, key=lambda label: label.months))
    assert len(some_of_all_ages(labels, 99)) == 16
    assert drawn == some_of_all_ages(reversed(labels), 6)


def test_items_are_spread_over_all_of_them() -> None:
    assert spread_evenly(range(10), 4) == (0, 2, 5, 7)
    assert spread_evenly(range(3), 0) == spread_evenly(range(3), 5) == (0, 1, 2)
