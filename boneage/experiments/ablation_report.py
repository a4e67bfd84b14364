"""The ablation on paper: CSV and Markdown."""

from __future__ import annotations

import csv
import io
from dataclasses import fields

from boneage.evaluation.metrics import AgeFigures
from boneage.experiments.ablation import Ablation
from boneage.experiments.kind_groups import GROUPS

_FIGURES = tuple(field.name for field in fields(AgeFigures) if field.name != "films")


def to_csv(ablation: Ablation) -> str:
    """Return one row for each set of measurements and group of films."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = (*_FIGURES, "mad_beside_all")
    header = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    writer.writerow(["set", "measurements", "group", "films", *header])
    for row in ablation.rows:
        every = [*(getattr(row.figures, name) for name in _FIGURES), row.beside_all]
        cells = [f"{value:.4g}" for one in every for value in (one.value, one.low, one.high)]
        writer.writerow([row.name, row.measurements, row.group, row.figures.films, *cells])
    return buffer.getvalue()


def to_markdown(ablation: Ablation, *, command: str, date: str, split: str, train: int) -> str:
    """Return the ablation as Markdown.

    Parameters
    ----------
    ablation:
        The figures.
    command:
        The exact command that gave them.
    date:
        ISO date of the report.
    split:
        The judged films.
    train:
        Number of ``train`` films that the tables were built from.
    """
    sets = ablation.sets()
    lines = [
        "# Ablation",
        "",
        f"`{command}`",
        "",
        f"{date}, `{split}`, n = {ablation.films} measured films that every set answers. "
        f"Each table is built from the same {train:,} measured `train` films, its lookup settings cross-fitted there. "
        "Months with 95 % bootstrap intervals over films, shares with Wilson intervals; bias is answer minus label.",
        "",
        *(f"- {group.name}: {group.description} ({', '.join(sorted(group.kinds))})" for group in GROUPS),
        "",
        "That a measurement is there or missing speaks for an age only where maturity is among the groups.",
        "",
        "| measurements | number | no answer | MAD | MAD beside all | RMSE | bias | in 95 % interval, % |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name in sets:
        row = ablation.at(name, "all")
        f = row.figures
        cells = [name, row.measurements, ablation.unanswered[name], f.mad, row.beside_all, f.rmse, f.bias, f.coverage]
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    lines += ["", "MAD by sex and age band:", "", f"| films | n | {' | '.join(sets)} |"]
    lines.append(f"|---|--:|{'--:|' * len(sets)}")
    for group in ablation.groups():
        mads = [str(ablation.at(name, group).figures.mad) for name in sets]
        lines.append(f"| {group} | {ablation.at(sets[0], group).figures.films} | {' | '.join(mads)} |")
    return "\n".join(lines) + "\n"
