"""`boneage reference`: the reference tables."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Final, cast

import typer

from boneage.cli.predict import PriorOption, ReferenceOption
from boneage.errors import UsageError
from boneage.options import PriorName

_THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

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


@reference_app.command("collect")
def collect_command(
    answers: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Answers of `boneage batch FILMS --output-dir DIR`.", show_default=False),
    ],
    output: Annotated[
        Path, typer.Argument(help="CSV to write: id and one column for each measurement.", show_default=False)
    ],
) -> None:
    """Collect the measurements of your own films from a batch's answers, to build a table of your own."""
    from boneage.evaluation.collected import collect_measurements
    from boneage.outputs import make_folder

    make_folder(output.parent)
    collected = collect_measurements(answers, output)
    typer.echo(f"{collected.measured} films in {output}, {collected.left_out} without an answer left out", err=True)


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
    # Sums in several threads may differ in their last digit; read by the libraries when numpy is first imported.
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
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


@reference_app.command("check")
def check_command(
    measurements: Annotated[
        Path, typer.Argument(help="CSV: id and one column for each measurement.", show_default=False)
    ],
    labels: Annotated[Path, typer.Argument(help="CSV: id, sex, bone_age_months, split.", show_default=False)],
    split: Annotated[
        str, typer.Option("--split", help="Films that the table was not built from, or with --folds those it was.")
    ] = "tune",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
    folds: Annotated[
        int, typer.Option("--folds", min=0, help="Look each part of so many up in a table fitted without it.")
    ] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Also write check.md and check.csv there.")
    ] = None,
) -> None:
    """Look measured films of known age up: differences, bias and coverage by sex and age band, as Markdown."""
    from boneage.evaluation.reference_check import check_reference, to_csv, to_markdown
    from boneage.options import EstimateOptions
    from boneage.outputs import make_folder, write_whole
    from boneage.reference.build import read_films
    from boneage.reference.tables import DEFAULT_REFERENCE, load_reference

    chosen = EstimateOptions(reference=reference, prior=cast(PriorName, prior))
    table = load_reference(reference or DEFAULT_REFERENCE)
    groups = check_reference(read_films(measurements, labels, split), table, prior=chosen.prior, folds=folds)
    title = f"Table {table.name} ({table.metadata.version}) on {split}, {chosen.prior} prior"
    words = ["boneage", "reference", "check", measurements.name, labels.name, "--split", split]
    words += ["--reference", table.name, "--prior", chosen.prior, *(["--folds", str(folds)] if folds else [])]
    text = to_markdown(groups, title=title, command=shlex.join(words))
    if output is not None:
        make_folder(output)
        write_whole(output / "check.md", text.encode())
        write_whole(output / "check.csv", to_csv(groups).encode())
    sys.stdout.write(text)


@reference_app.command("charts")
def charts_command(
    reference: Annotated[str, typer.Argument(metavar="NAME", help="An installed table or a CSV.", show_default=False)],
    output_dir: Annotated[Path, typer.Option("--output-dir", metavar="DIR", help="Where the pictures go.")] = Path(
        "docs/charts"
    ),
) -> None:
    """Draw the curves of a table (mean and SDs by age, both sexes) as growth charts, a picture for each kind."""
    from boneage.outputs import make_folder
    from boneage.reference.charts import draw_charts

    make_folder(output_dir)
    for path in draw_charts(reference, output_dir):
        typer.echo(str(path))


@reference_app.command("list")
def list_command() -> None:
    """List the installed tables by name."""
    from boneage.reference.tables import list_references

    for name in list_references():
        typer.echo(name)
