"""How many pictures of each kind are refused, and how many usable hands (`boneage evaluate-refusals`)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from boneage.evaluation.manifest import write_manifest
from boneage.evaluation.metrics import Figure, wilson
from boneage.outputs import film_stem
from boneage.quality.registry import all_checks

Expected = Literal["refused", "refused or warned", "answered"]
USABLE: Final = "usable hands"
"""Kind of the films that should be answered."""


@dataclass(frozen=True)
class PictureFile:
    """One picture to read: its kind, what should become of it, where it lies, and the sex that it is read with."""

    kind: str
    expected: Expected
    path: Path
    sex: str = "F"

    @property
    def id(self) -> str:
        """Its name in the report."""
        return f"{self.kind}/{film_stem(self.path)}"


@dataclass(frozen=True)
class KindFigures:
    """What became of the pictures of one kind.

    Attributes
    ----------
    kind, expected:
        As in `PictureFile`.
    pictures, refused, warned:
        Number of them; of those without an answer; of those answered with a warning of the quality gate.
    codes:
        Reason codes of those without an answer, and how many each.
    """

    kind: str
    expected: Expected
    pictures: int
    refused: int
    warned: int
    codes: Mapping[str, int]

    @property
    def share(self) -> Figure:
        """Percentage refused, with its Wilson interval."""
        return wilson(self.refused, self.pictures)


@dataclass(frozen=True)
class CheckSpread:
    """The values of one check over answered usable hands: least, 1 %, median, 99 %, most, and the share that failed."""

    name: str
    films: int
    values: tuple[float, float, float, float, float]
    failed: Figure


def manifest_of_pictures(files: Sequence[PictureFile], path: Path) -> Path:
    """Write the manifest of the pictures for a batch and return its path."""
    return write_manifest(((file.path.resolve(), file.sex, file.id) for file in files), path)


def count_kinds(files: Sequence[PictureFile], report: Path) -> tuple[KindFigures, ...]:
    """Return the figures of every kind, in the order in which kinds appear, from the report of a batch."""
    with report.open(newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    warnings = {check.code for check in all_checks()}
    kinds: dict[tuple[str, Expected], list[dict[str, str]]] = {}
    for one in files:
        kinds.setdefault((one.kind, one.expected), []).append(rows[one.id])
    return tuple(_figures(kind, expected, found, warnings) for (kind, expected), found in kinds.items())


def _figures(kind: str, expected: Expected, rows: list[dict[str, str]], warnings: set[str]) -> KindFigures:
    stopped = [row for row in rows if row["status"] != "ok"]
    warned = [row for row in rows if row["status"] == "ok" and warnings & set(row["reason_code"].split("; "))]
    codes = Counter(row["reason_code"].split("; ")[0] for row in stopped)
    return KindFigures(kind, expected, len(rows), len(stopped), len(warned), dict(codes.most_common()))


def spread_of_checks(files: Iterable[PictureFile], answers: Path) -> tuple[CheckSpread, ...]:
    """Return the values of every check over the answered usable hands, from their JSON in a folder."""
    values: dict[str, list[tuple[float, bool]]] = {}
    for one in files:
        path = answers / f"{film_stem(one.path)}.json"
        if one.expected != "answered" or not path.is_file():
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["status"] == "ok":
            for check in document["quality"]["checks"]:
                if isinstance(check["value"], int | float):
                    values.setdefault(check["name"], []).append((float(check["value"]), bool(check["passed"])))
    spreads = []
    for name, found in values.items():
        numbers = np.quantile([value for value, _ in found], [0.0, 0.01, 0.5, 0.99, 1.0])
        least, low, middle, high, most = (float(number) for number in numbers)
        failed = wilson(sum(not passed for _, passed in found), len(found))
        spreads.append(CheckSpread(name, len(found), (least, low, middle, high, most), failed))
    return tuple(spreads)


def totals(kinds: Sequence[KindFigures]) -> dict[str, Figure]:
    """Return the percentage refused of all pictures that should be, and of all that should be answered."""
    parts = {
        "pictures without a usable hand refused": "refused",
        "spoiled hands refused or warned of": "refused or warned",
        "usable hands refused": "answered",
    }
    found = {}
    for words, expected in parts.items():
        members = [kind for kind in kinds if kind.expected == expected]
        hits = sum(kind.refused + (kind.warned if expected == "refused or warned" else 0) for kind in members)
        found[words] = wilson(hits, sum(kind.pictures for kind in members))
    return found


def to_markdown(
    kinds: Sequence[KindFigures], checks: Sequence[CheckSpread], *, command: str, date: str, words: str
) -> str:
    """Return the figures as Markdown: totals, a row for each kind, and the spread of every check."""
    lines = [
        "## What is refused", "", f"`{command}` ({date}; {words})", "",
        "Percentages with 95 % Wilson intervals.", "",
        "| | % |", "|---|--:|",
        *(f"| {name} | {figure} |" for name, figure in totals(kinds).items()), "",
        "| pictures | should be | n | refused | % | warned | codes of the refused |", "|---|---|--:|--:|--:|--:|---|",
    ]  # fmt: skip
    for kind in kinds:
        codes = ", ".join(f"{code} {number}" for code, number in kind.codes.items()) or "–"
        lines.append(
            f"| {kind.kind} | {kind.expected} | {kind.pictures} | {kind.refused} | {kind.share} | {kind.warned} "
            f"| {codes} |"
        )
    if checks:
        lines += [
            "", "The checks on the answered usable hands:", "",
            "| check | films | least | 1 % | median | 99 % | most | failed, % |", "|---|--:|--:|--:|--:|--:|--:|--:|",
        ]  # fmt: skip
        for check in checks:
            cells = " | ".join(f"{value:.3g}" for value in check.values)
            lines.append(f"| {check.name} | {check.films} | {cells} | {check.failed} |")
    return "\n".join(lines) + "\n"


def to_csv(kinds: Sequence[KindFigures]) -> str:
    """Return the figures as a CSV, one row a kind."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["kind", "expected", "pictures", "refused", "percent", "low", "high", "warned", "codes"])
    for kind in kinds:
        figures = [f"{value:.4g}" for value in (kind.share.value, kind.share.low, kind.share.high)]
        codes = "; ".join(f"{code} {number}" for code, number in kind.codes.items())
        writer.writerow([kind.kind, kind.expected, kind.pictures, kind.refused, *figures, kind.warned, codes])
    return buffer.getvalue()
