"""`boneage batch`: many films."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from boneage.cli.consoles import progress_on_stderr
from boneage.cli.predict import CalibrationOption, MethodOption, PriorOption, ReferenceOption, open_calibration
from boneage.options import EstimateOptions, Method, PriorName

if TYPE_CHECKING:
    from boneage.batch.run import BatchOptions


def batch_command(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="Files, folders, or one manifest CSV with a column path.", show_default=False
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", metavar="REPORT.CSV", help="One row per film.", show_default=False)
    ],
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", metavar="DIR", help="Write JSON, overlay and labels of each film there."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", help="Processes; each loads the networks once.")
    ] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Keep the rows that are already done.")] = False,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
    calibration: CalibrationOption = None,
) -> None:
    """Read the bone ages of many films into one CSV.

    Every input has its row, refused and unreadable ones included; then the exit code is 0. A manifest may also have the
    columns sex, chronological_age_months, pixel_spacing_mm and id; its paths are relative to itself.
    """
    from boneage.batch.run import BatchOptions

    site = open_calibration(calibration)
    estimate = EstimateOptions(cast(Method, method), reference, cast(PriorName, prior), site)
    options = BatchOptions(output, output_dir, workers, resume, estimate)
    run_with_progress(inputs, options)


def run_with_progress(inputs: list[Path], options: BatchOptions) -> None:
    """Run a batch, with progress and a last line on standard error."""
    from boneage.batch.run import run_batch
    from boneage.estimate import Estimator

    Estimator(options.estimate).check()
    with progress_on_stderr("films read") as progress:
        summary = run_batch(inputs, options, progress=progress)
    counts = ", ".join(f"{number} {status}" for status, number in sorted(summary.counts.items()))
    kept = f" ({summary.kept} done before)" if summary.kept else ""
    sys.stderr.write(f"{summary.films} films{kept}: {counts}; report in {options.output}\n")
