"""`boneage reference`: the reference tables."""

from __future__ import annotations

import typer

reference_app = typer.Typer(no_args_is_help=True, help="Reference tables.")
