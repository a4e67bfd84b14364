"""`boneage train`: fit the networks anew. Every command goes on where it was interrupted."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

train_app = typer.Typer(
    no_args_is_help=True,
    help="Fit the networks anew. Needs the training data (BONEAGE_DATA); goes on where it was interrupted.",
)

RunDir = Annotated[
    Path | None,
    typer.Option("--run-dir", metavar="DIR", help="Checkpoints and log; default runs/NAME.", show_default=False),
]
Cache = Annotated[Path, typer.Option("--cache", metavar="DIR", help="Decoded films, made on the first call.")]
Epochs = Annotated[int, typer.Option("--epochs", min=1)]
Batch = Annotated[int, typer.Option("--batch", min=1, help="Films in a step.")]
Seed = Annotated[int, typer.Option("--seed", help="Equal seeds give equal runs.")]


@train_app.callback()
def _train() -> None:
    """Fit the networks anew."""
    logging.getLogger("boneage").setLevel(logging.INFO)
    logging.getLogger().setLevel(logging.INFO)


@train_app.command("locator")
def locator_command(
    run_dir: RunDir = None, cache: Cache = Path("cache"), epochs: Epochs = 30, batch: Batch = 8, seed: Seed = 0
) -> None:
    """Fit the network that finds the hand and its joints."""
    from boneage.training.locator import LocatorOptions, train_locator

    train_locator(LocatorOptions(run_dir or Path("runs/locator"), cache, epochs, batch, seed))


@train_app.command("segmentation")
def segmentation_command(
    run_dir: RunDir = None, cache: Cache = Path("cache"), epochs: Epochs = 30, batch: Batch = 8, seed: Seed = 0
) -> None:
    """Fit the network that labels the bones."""
    from boneage.training.segmentation import SegmentationOptions, train_segmentation

    train_segmentation(SegmentationOptions(run_dir or Path("runs/segmentation"), cache, epochs, batch, seed))


@train_app.command("regression")
def regression_command(
    run_dir: RunDir = None, cache: Cache = Path("cache"), epochs: Epochs = 30, batch: Batch = 32, seed: Seed = 0
) -> None:
    """Fit the network that reads the age from the pixels."""
    from boneage.training.regression import RegressionOptions, train_regression

    train_regression(RegressionOptions(run_dir or Path("runs/regression"), cache, epochs, batch, seed))
