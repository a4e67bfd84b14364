"""`boneage evaluate-dha`: joint-to-joint lengths against the landmarks of the Digital Hand Atlas."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from boneage.cli.provenance import command_line


def evaluate_dha_command(
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Also write results.md and lengths.csv there.")
    ] = None,
) -> None:
    """Measure the four Digital Hand Atlas films (BONEAGE_DATA) and compare each length with its two landmarks."""
    from boneage.evaluation.hand_atlas import evaluate_hand_atlas, to_csv, to_markdown
    from boneage.outputs import make_folder, write_whole
    from boneage.training.films import data_root

    if output is not None:
        make_folder(output)
    films = evaluate_hand_atlas(data_root())
    text = to_markdown(films, command=command_line())
    if output is not None:
        write_whole(output / "results.md", text.encode())
        write_whole(output / "lengths.csv", to_csv(films).encode())
    sys.stdout.write(text)
