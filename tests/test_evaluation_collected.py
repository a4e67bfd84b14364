"""A table of one's own begins with the measurements of one's own films."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_result import full_result

from boneage.errors import UsageError
from boneage.evaluation.collected import Collected, collect_measurements
from boneage.measurement.definitions import DEFINITIONS
from boneage.reference.build import read_films
from boneage.result import Model, ReaderCorrection, Result

FIRST, SECOND = next(name for name in DEFINITIONS if name.startswith("metacarpal_2.")), "carpals.area_share"
VALUES = {FIRST: 0.5, SECOND: 0.25}

Answers = Callable[..., Path]


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    """Write results, by the name of their film, to a folder of answers."""

    def write(**results: Result) -> Path:
        for name, result in results.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(result.to_dict()))
        return tmp_path

    return write


def measured(**changes: object) -> Result:
    return replace(full_result(), **{"values": VALUES, "reader_correction": None, **changes})


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as handle:
        return {row["id"]: {name: value for name, value in row.items() if value} for row in csv.DictReader(handle)}


def test_films_with_an_answer_are_collected_by_the_name_of_their_file(answers: Answers, tmp_path: Path) -> None:
    folder = answers(b=measured(), a=measured(values={FIRST: 0.75}), refused=measured(status="refused"))
    output = tmp_path / "own.csv"
    assert collect_measurements(folder, output) == Collected(measured=2, left_out=1)
    assert rows(output) == {"a": {"id": "a", FIRST: "0.75"}, "b": {"id": "b", FIRST: "0.5", SECOND: "0.25"}}


def test_what_a_reader_left_out_and_what_has_no_definition_stay_away(answers: Answers, tmp_path: Path) -> None:
    corrected = measured(
        values=VALUES | {"of_another_version": 1.0}, reader_correction=ReaderCorrection(excluded=("metacarpal_2",))
    )
    collect_measurements(answers(a=corrected), tmp_path / "own.csv")
    assert rows(tmp_path / "own.csv") == {"a": {"id": "a", SECOND: "0.25"}}


def test_the_file_joins_with_labels_as_a_table_is_built(answers: Answers, tmp_path: Path) -> None:
    output, labels = tmp_path / "own.csv", tmp_path / "labels.csv"
    collect_measurements(answers(a=measured(), b=measured()), output)
    labels.write_text("id,sex,bone_age_months,split\na,M,120,own\nb,F,96,kept\n")
    joined = read_films(output, labels, "own")
    assert joined[["id", "sex", "bone_age_months", FIRST]].to_numpy().tolist() == [["a", "M", 120, 0.5]]


def test_answers_of_different_networks_are_not_mixed(answers: Answers, tmp_path: Path) -> None:
    other = measured()
    other = replace(other, software=replace(other.software, models=(Model("wrist", "0" * 64),)))
    with pytest.raises(UsageError) as caught:
        collect_measurements(answers(a=measured(), b=other), tmp_path / "own.csv")
    assert caught.value.code == "answers_mixed"
    assert not (tmp_path / "own.csv").exists()


def test_a_folder_without_an_answer_is_said(answers: Answers, tmp_path: Path) -> None:
    for folder, code in (
        (answers(a=measured(status="refused")), "no_answers"),
        (tmp_path / "none", "answers_not_a_folder"),
    ):
        with pytest.raises(UsageError) as caught:
            collect_measurements(folder, tmp_path / "own.csv")
        assert caught.value.code == code


def test_no_answer_is_written_over(answers: Answers) -> None:
    folder = answers(a=measured())
    before = (folder / "a.json").read_bytes()
    with pytest.raises(UsageError) as caught:
        collect_measurements(folder, folder / "a.json")
    assert caught.value.code == "output_is_an_input"
    assert (folder / "a.json").read_bytes() == before
