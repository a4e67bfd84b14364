"""`boneage train`: fit the networks anew. Every command goes on where it was interrupted."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Any

import typer

from boneage.errors import UsageError

train_app = typer.Typer(
    no_args_is_help=True,
    help="Fit the networks anew. Needs the training data (BONEAGE_DATA); goes on where it was interrupted.",
)

RunDir = Annotated[
    Path | None, typer.Option("--run-dir", metavar="DIR", help="Checkpoints and log; default: runs/NAME.")
]
Cache = Annotated[Path, typer.Option("--cache", metavar="DIR", help="Decoded films, made on the first call.")]
Epochs = Annotated[
    int | None, typer.Option("--epochs", min=1, help="Default: what the shipped network was fitted with.")
]
Batch = Annotated[int | None, typer.Option("--batch", min=1, help="Films in a step; the same default.")]
Seed = Annotated[int, typer.Option("--seed", help="Equal seeds give equal runs.")]
GoOn = Annotated[bool, typer.Option("--go-on", help="Begin with the shipped network.")]
Ship = Annotated[bool, typer.Option("--ship", help="Put the weights and their passport into the package.")]


@train_app.callback()
def _train() -> None:
    """Fit the networks anew. Needs the training data (BONEAGE_DATA); goes on where it was interrupted."""
    logging.getLogger().setLevel(logging.INFO)


def _given(
    name: str, run_dir: Path | None, cache: Path, epochs: int | None, batch: int | None, seed: int
) -> dict[str, Any]:
    """Return what was said as arguments of the training's options; what was not said keeps their defaults."""
    said = {"run_dir": run_dir or Path("runs") / name, "cache": cache, "epochs": epochs, "batch": batch, "seed": seed}
    return {key: value for key, value in said.items() if value is not None}


@train_app.command("locator")
def locator_command(
    run_dir: RunDir = None,
    cache: Cache = Path("cache"),
    epochs: Epochs = None,
    batch: Batch = None,
    seed: Seed = 0,
    ship: Ship = False,
) -> None:
    """Fit the network that finds the hand and its joints."""
    from boneage.training.locator import LocatorOptions, train_locator
    from boneage.training.shipping import ship_locator

    state = train_locator(LocatorOptions(**_given("locator", run_dir, cache, epochs, batch, seed)))
    if ship:
        ship_locator(state)


@train_app.command("segmentation")
def segmentation_command(
    run_dir: RunDir = None,
    cache: Cache = Path("cache"),
    epochs: Epochs = None,
    batch: Batch = None,
    seed: Seed = 0,
    ship: Ship = False,
) -> None:
    """Fit the network that names the bones."""
    from boneage.training.segmentation import SegmentationOptions, train_segmentation
    from boneage.training.shipping import ship_segmentation

    state = train_segmentation(SegmentationOptions(**_given("segmentation", run_dir, cache, epochs, batch, seed)))
    if ship:
        ship_segmentation(state)


@train_app.command("joints")
def joints_command(
    run_dir: RunDir = None,
    cache: Cache = Path("cache"),
    epochs: Epochs = None,
    batch: Batch = None,
    seed: Seed = 0,
    go_on: GoOn = False,
    ship: Ship = False,
) -> None:
    """Fit the fine network of the finger joints."""
    from boneage.training.fine import FineOptions, train_joints
    from boneage.training.shipping import ship_joints

    state = train_joints(FineOptions(**_given("joints", run_dir, cache, epochs, batch, seed), go_on=go_on))
    if ship:
        ship_joints(state)


@train_app.command("wrist")
def wrist_command(
    run_dir: RunDir = None,
    cache: Cache = Path("cache"),
    epochs: Epochs = None,
    batch: Batch = None,
    seed: Seed = 0,
    go_on: GoOn = False,
    ship: Ship = False,
) -> None:
    """Fit the fine network of the wrist, which names the carpals."""
    from boneage.training.fine import FineOptions, train_wrist
    from boneage.training.shipping import ship_wrist

    state = train_wrist(FineOptions(**_given("wrist", run_dir, cache, epochs, batch, seed), go_on=go_on))
    if ship:
        ship_wrist(state)


@train_app.command("regression")
def regression_command(
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="regression, or regression_2 … for a further one beside it.")
    ] = "regression",
    run_dir: RunDir = None,
    cache: Cache = Path("cache"),
    epochs: Epochs = None,
    batch: Batch = None,
    seed: Seed = 0,
    weight: Annotated[float, typer.Option("--weight", min=0, help="Its weight in the answer, where shipped.")] = 1.0,
    distribution: Annotated[
        bool, typer.Option("--distribution/--number", help="Answer with a distribution over ages, or with one number.")
    ] = True,
    ship: Ship = False,
) -> None:
    """Fit a network that reads the age from the joints and the wrist; its encoders begin as the fine stage's.

    The answer is the weighted mean of all that are shipped.
    """
    from boneage.training.regional import RegionalOptions, train_regression
    from boneage.training.shipping import ship_regression

    options = RegionalOptions(**_given(name, run_dir, cache, epochs, batch, seed), distribution=distribution)
    state = train_regression(options)
    if ship:
        ship_regression(state, cache, name, weight=weight)


@train_app.command("held-out")
def held_out_command(
    output: Annotated[Path, typer.Argument(help="CSV to write: id, regression_months.")],
    run_dir: RunDir = None,
    cache: Cache = Path("cache"),
    epochs: Epochs = None,
    batch: Batch = None,
    seed: Seed = 0,
) -> None:
    """Read the age of every film of train by a network fitted on the other half of them, for `train combination`."""
    from boneage.training.held_out import HeldOutOptions, read_held_out
    from boneage.training.held_out_ages import write_held_out_ages

    options = HeldOutOptions(**_given("held-out", run_dir, cache, epochs, batch, seed))
    write_held_out_ages(read_held_out(options), output)


@train_app.command("combination")
def combination_command(
    answers: Annotated[Path, typer.Argument(help="The --output-dir of a batch on films named by id.")],
    labels: Annotated[Path, typer.Argument(help="CSV with the columns id and bone_age_months.")],
    fitted_on: Annotated[str, typer.Option("--fitted-on", help="The films in words, for the record.")],
    held_out: Annotated[
        Path | None, typer.Option("--held-out", help="CSV of `boneage train held-out`: more films for the interval.")
    ] = None,
    measured: Annotated[
        Path | None, typer.Option("--measured", help="With --held-out: CSV of `boneage reference measure` of train.")
    ] = None,
    ship: Ship = False,
) -> None:
    """Fit how both routes are combined, on films that neither was fitted on.

    How the answer does there by sex and age goes to standard error. With --held-out the regression's own interval is
    fitted and shipped too.
    """
    import json
    from dataclasses import asdict

    from boneage.reference.tables import DEFAULT_REFERENCE, load_reference
    from boneage.training.combination_check import check_combination
    from boneage.training.combination_fit import fit_combination, read_pairs, ship_combination
    from boneage.training.held_out_pairs import read_held_out_pairs
    from boneage.training.shipping import ship_interval

    if (held_out is None) != (measured is None):
        msg = "--held-out and --measured go together"
        raise UsageError("missing_option", msg, remedy="give both or neither")
    more = held_out and measured and read_held_out_pairs(held_out, measured, labels, load_reference(DEFAULT_REFERENCE))
    pairs = read_pairs(answers, labels)
    model = fit_combination(pairs, fitted_on=fitted_on, held_out=more or None)
    typer.echo(json.dumps(asdict(model), indent=2))
    typer.echo(check_combination(model, more or pairs), err=True)
    if ship:
        ship_combination(model)
        if more:
            ship_interval(pairs.regression, more.regression)


@train_app.command("quality")
def quality_command(
    measured: Annotated[Path, typer.Argument(help="Measured films of train (boneage reference measure).")],
    tuning: Annotated[Path, typer.Argument(help="Measured films of tune.")],
    labels: Annotated[Path, typer.Argument(help="CSV with the columns id, sex, bone_age_months and split.")],
    reference: Annotated[str | None, typer.Option("--reference", help="Default: the shipped table.")] = None,
    ship: Ship = False,
) -> None:
    """Fit how far hands lie from the training films, for the quality gate."""
    from boneage.reference.tables import DEFAULT_REFERENCE, load_reference
    from boneage.training.quality_fit import fit_quality, ship_quality

    model = fit_quality(measured, tuning, labels, load_reference(reference or DEFAULT_REFERENCE))
    typer.echo(f"{model.fitted_on}; limit {model.limit:.3f}, refusal {model.refusal:.3f}")
    if ship:
        ship_quality(model)
