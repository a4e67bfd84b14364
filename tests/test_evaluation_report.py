"""An evaluation as Markdown says what the figures say."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
from labelled_films import labelled

from boneage.evaluation.evaluate import Evaluation, evaluate_films
from boneage.evaluation.evaluation_report import HEADINGS, About, to_markdown
from boneage.evaluation.labelled import LabelledFilm
from boneage.evaluation.labels import Label
from boneage.evaluation.refusal_curve import rankings
from boneage.evaluation.tidy import read_csv
from boneage.evaluation.written import write_evaluation

FILMS = (
    *(
        labelled(str(label), label, label + 2, sex=sex, routes=(label + 1, label + 6))
        for label in range(20, 212, 16)
        for sex in "MF"
    ),
    labelled("x", 90, None, routes=(40, 100), problems=("routes_disagree",)),
)
ABOUT = About("Tune", "boneage evaluate x", "2026-01-02", ("A remark.",), {"Error by age": "plots/error.svg"})


def _text(films: tuple[LabelledFilm, ...]) -> tuple[Evaluation, str]:
    evaluation = evaluate_films(films, resamples=50)
    return evaluation, to_markdown(evaluation, ABOUT, rankings(films))


def _table(text: str, title: str) -> dict[str, dict[str, str]]:
    """Return the first table under a title: first cell to heading to cell."""
    lines = iter(text.split(f"### {title}\n")[1].split("\n### ")[0].splitlines())
    rows = list(takewhile(bool, dropwhile(lambda line: line[:1] != "|", lines)))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]
    return {row[0]: dict(zip(cells[0], row, strict=True)) for row in cells[2:]}


def test_the_head_says_what_was_done() -> None:
    _, text = _text(FILMS)
    for part in (
        "## Tune",
        "`boneage evaluate x`",
        "2026-01-02. 25 films: 24 ok (96.0 %), 1 refused (4.0 %).",
        "A remark.",
    ):
        assert part in text
    assert "Without an answer: routes_disagree 1." in text
    assert "![Error by age](plots/error.svg)" in text


def test_every_figure_of_a_route_stands_in_its_table() -> None:
    evaluation, text = _text(FILMS)
    for route in ("answer", "measurement", "regression"):
        table = _table(text, route)
        assert table["all"]["n"] == "24"
        for metric, heading in HEADINGS.items():
            row = evaluation.at(route, "girls, 4 to 8 y", metric)
            assert row is not None
            assert table["girls, 4 to 8 y"][heading] == str(row.figure)


def test_refusals_and_their_reasons() -> None:
    _, text = _text(FILMS)
    assert _table(text, "Films without an answer")["all"]["refused, %"].startswith("4.0 (")
    assert "| `routes_disagree` | 1 | 4.0 (" in text
    assert _table(text, "Refused films of which routes had an age")["measurement"]["MAD"] == "50.0 (–)"


def test_certainty_names_the_limit() -> None:
    _, text = _text(FILMS)
    row = _table(text, "Error against refusal")["50"]
    assert (row["n"], row["MAD by interval width"][:4]) == ("12", "2.0 ")


def test_readers_have_their_section_where_there_are_some() -> None:
    _, text = _text(FILMS)
    assert "### Readers" not in text
    read = replace(FILMS[0], label=Label("r", 20, "M", readers={"reader_1": 18, "reader_2": 22}))
    _, text = _text((*FILMS, read))
    assert _table(text, "Readers")["reader_1"]["MAD against the others' mean"] == "4.0 (–)"


def test_answers_alone_have_a_report() -> None:
    """Nothing known but the answer: no tables of routes, no empty sections."""
    _, text = _text((labelled("1", 50, 52, half=None), labelled("2", 90, 88, half=None)))
    titles = re.findall(r"^### (.*)$", text, flags=re.MULTILINE)
    assert titles == ["answer", "Limits of agreement", "Films without an answer"]


def test_written_files_read_back(tmp_path: Path) -> None:
    """The CSV holds every figure of the report, and every plot that the report shows is there and no other."""
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "old.svg").touch()
    text = write_evaluation(FILMS, tmp_path, title="Tune", command="boneage evaluate x", lines=("A remark.",))
    assert (tmp_path / "results.md").read_text() == text
    rows = {(row.route, row.group, row.metric): row for row in read_csv(tmp_path / "results.csv")}
    mad = rows["regression", "boys", "mad"]
    assert mad.figure.value == pytest.approx(6)
    assert _table(text, "regression")["boys"]["MAD"] == str(mad.figure)
    shown = set(re.findall(r"\]\(plots/(.*)\)", text))
    assert {path.name for path in (tmp_path / "plots").iterdir()} == shown
    assert "error_against_refusal.svg" in shown
