"""`boneage train`: fit the networks anew. All commands go on where they were interrupted."""

from __future__ import annotations

import typer

train_app = typer.Typer(no_args_is_help=True, help="Fit the networks anew; needs the training data (BONEAGE_DATA).")
