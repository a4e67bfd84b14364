"""Measured films out of a folder of answers, for a reference table of one's own (`boneage reference collect`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from boneage.errors import UsageError
from boneage.follow_up import read_result
from boneage.measurement.definitions import DEFINITIONS
from boneage.measurement.measured_csv import write_measurements
from boneage.outputs import check_not_inputs
from boneage.result import Result
from boneage.result.measured_values import left_out_by_reader


@dataclass(frozen=True)
class Collected:
    """What became of a folder of answers: films that are in the file, and films that were refused or not readable."""

    measured: int
    left_out: int


def collect_measurements(answers: Path, output: Path) -> Collected:
    """Write the measurements of all films that have an answer, as `boneage reference build` takes them.

    Parameters
    ----------
    answers:
        The folder of JSON files that ``boneage batch --output-dir`` wrote. The name of a file without its ending is
        the id of its film.
    output:
        The CSV file (`boneage.measurement.measured_csv`). What a reader left out of the lookup is left out.

    Raises
    ------
    UsageError
        With code ``answers_not_a_folder`` if the folder is none, ``bad_result_json`` if a file in it is no answer,
        ``answers_mixed`` if not all films were measured by the same networks, ``no_answers`` if none was, and
        ``output_is_an_input`` if the CSV would take the place of an answer.
    """
    if not answers.is_dir():
        msg = f"{answers} is not a folder"
        raise UsageError("answers_not_a_folder", msg, remedy="name the folder of a batch's JSON files")
    files = sorted(answers.glob("*.json"))
    check_not_inputs([output], files)
    results = {path.stem: read_result(path.read_bytes()) for path in files}
    measured = {film: result for film, result in results.items() if result.status == "ok"}
    if not measured:
        msg = f"no answer in {answers} has measurements"
        raise UsageError("no_answers", msg, remedy="boneage batch FILMS --output-dir DIR writes them")
    if len({frozenset(result.software.models) for result in measured.values()}) > 1:
        msg = f"the answers in {answers} are of different networks"
        raise UsageError("answers_mixed", msg, remedy="empty the folder and read all films again")
    write_measurements({film: _measurements(result) for film, result in measured.items()}, output)
    return Collected(len(measured), len(results) - len(measured))


def _measurements(result: Result) -> dict[str, float]:
    return {
        name: value
        for name, value in result.values.items()
        if name in DEFINITIONS and not left_out_by_reader(result, name)
    }
