"""`boneage experiment`: experiments about the method itself. They can be stopped anywhere and called again."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

experiment_app = typer.Typer(
    no_args_is_help=True,
    help="Experiments about the method: how many labels it needs. Needs the training data (BONEAGE_DATA).",
)


@experiment_app.callback()
def _experiment() -> None:
    """Experiments about the method: how many labels it needs. Needs the training data (BONEAGE_DATA)."""
    logging.getLogger().setLevel(logging.INFO)


@experiment_app.command("learning-curve")
def learning_curve_command(
    routes: Annotated[str, typer.Option("--routes", help="Which, with a comma.")] = "measurement,regression",
    sizes: Annotated[
        str, typer.Option("--sizes", help="Numbers of labelled train films.")
    ] = "50,100,200,500,1000,3000,all",
    seeds: Annotated[str, typer.Option("--seeds", help="Each draws other films.")] = "0",
    run_dir: Annotated[
        Path, typer.Option("--run-dir", metavar="DIR", help="Checkpoints and finished points, used again.")
    ] = Path("runs/learning-curve"),
    cache: Annotated[
        Path, typer.Option("--cache", metavar="DIR", help="Decoded films, made on the first call.")
    ] = Path("cache"),
    shipped_for_all: Annotated[
        bool, typer.Option("--shipped-for-all", help="On all films, take the shipped network and train none.")
    ] = False,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Of the regression's training.")] = 1,
    steps: Annotated[int | None, typer.Option("--steps", min=1, hidden=True, help="For trials.")] = None,
) -> None:
    """Fit both routes on few and many labelled films and compare them on devtest."""
    from boneage.experiments.learning_curve import CurveOptions, parse_routes, parse_seeds, parse_sizes, run_points

    options = CurveOptions(
        run_dir=run_dir,
        cache=cache,
        routes=parse_routes(routes),
        sizes=parse_sizes(sizes),
        seeds=parse_seeds(seeds),
        shipped_for_all=shipped_for_all,
        threads=threads,
        steps=steps,
    )
    for point in run_points(options):
        typer.echo(f"{point.key.name}: {len(point.answers)} answers", err=True)
