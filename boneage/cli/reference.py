"""`boneage reference`: the reference tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boneage.errors import UsageError

reference_app = typer.Typer(no_args_is_help=True, help="Reference tables: measure films, build tables from them.")


@reference_app.callback()
def _reference() -> None:
    """Reference tables: measure films, build tables from them."""


@reference_app.command("measure")
def measure_command(
    output: Annotated[
        Path, typer.Argument(help="CSV to write: id and one column for each measurement.", show_default=False)
    ],
    split: Annotated[str, typer.Option("--split", help="train, tune or devtest.")] = "train",
    cache: Annotated[Path, typer.Option("--cache", metavar="DIR", help="Decoded films and hand frames.")] = Path(
        "cache"
    ),
    part: Annotated[
        str, typer.Option("--part", metavar="K/N", help="Every N-th film from the K-th on (from 1).")
    ] = "1/1",
) -> None:
    """Measure the training films (BONEAGE_DATA); what is already measured is not measured again."""
    from boneage.outputs import make_folder
    from boneage.training.measured_films import measure_films

    number, count = _part(part)
    make_folder(output.parent)
    measure_films(split, output, cache, part=(number - 1, count))


def _part(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    if not (number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count)):
        msg = f"{text[:20]!r} is not a part such as 1/2"
        raise UsageError("bad_part", msg, remedy="1/2 and 2/2 are the halves of the films")
    return int(number), int(count)


@reference_app.command("build")
def build_command(
    measurements: Annotated[
        Path, typer.Argument(help="CSV: id and one column for each measurement.", show_default=False)
    ],
    labels: Annotated[Path, typer.Argument(help="CSV: id, sex, bone_age_months, split.", show_default=False)],
    name: Annotated[str, typer.Option("--name", help="What the table is called.", show_default=False)],
    split: Annotated[str, typer.Option("--split", help="Use the films of this split.")] = "train",
    output_dir: Annotated[Path, typer.Option("--output-dir", metavar="DIR", help="Where the table goes.")] = Path(),
    folds: Annotated[int, typer.Option("--folds", help="Parts for fitting the lookup; below 2 its defaults stay.")] = 5,
    min_films: Annotated[
        int, typer.Option("--min-films", min=10, help="Films that each sex and measurement must have.")
    ] = 60,
) -> None:
    """Build a table (mean and SD of every measurement by sex and age) from measured films of known bone age."""
    from boneage.outputs import make_folder
    from boneage.reference.build import BuildOptions, build_reference

    make_folder(output_dir)
    options = BuildOptions(folds=folds, min_films=min_films)
    table = build_reference(measurements, labels, split, output_dir, name, options=options)
    typer.echo(f"{len(table.measurements)} measurements in {output_dir / name}.csv", err=True)


@reference_app.command("build-dha")
def build_dha_command(
    output_dir: Annotated[Path, typer.Option("--output-dir", metavar="DIR", help="Where the tables go.")] = Path(),
) -> None:
    """Build the tables of joint-to-joint lengths in mm from the Digital Hand Atlas (BONEAGE_DATA), by either age."""
    from boneage.outputs import make_folder
    from boneage.reference.hand_atlas import build_hand_atlas
    from boneage.training.films import data_root

    make_folder(output_dir)
    for table in build_hand_atlas(data_root(), output_dir).values():
        typer.echo(f"{len(table.measurements)} lengths in {output_dir / table.name}.csv", err=True)


@reference_app.command("list")
def list_command() -> None:
    """List the installed tables by name."""
    from boneage.reference.tables import list_references

    for name in list_references():
        typer.echo(name)
