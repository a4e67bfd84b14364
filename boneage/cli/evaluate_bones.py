"""`boneage evaluate-bones`: bones and joints of a batch against drawn masks and joints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from boneage.cli.provenance import command_line


def evaluate_bones_command(
    answers: Annotated[
        Path,
        typer.Argument(
            help="The --output-dir of a batch on RSNA films named by id.",
            exists=True,
            file_okay=False,
            show_default=False,
        ),
    ],
    sesamoid: Annotated[
        bool, typer.Option("--sesamoid", help="Instead, how many films of each year of age show an outlined sesamoid.")
    ] = False,
) -> None:
    """Compare the label maps and joints of a batch with the drawn ones (BONEAGE_DATA): Dice, distances, bones found."""
    from boneage.evaluation.bones import evaluate_bones, to_markdown
    from boneage.evaluation.labels import read_labels
    from boneage.evaluation.sesamoid import sesamoids_by_age, sesamoids_to_markdown
    from boneage.training.films import data_root

    command = command_line()
    if sesamoid:
        shown = sesamoids_by_age(answers, read_labels(data_root() / "rsna" / "labels.csv"))
        sys.stdout.write(sesamoids_to_markdown(shown, command=command))
        return
    sys.stdout.write(to_markdown(evaluate_bones(answers, data_root()), command=command))
