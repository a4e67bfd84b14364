"""The program `boneage`: its commands, its logging, and what becomes of an error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from boneage import __version__
from boneage.cli.adult_height import adult_height_command
from boneage.cli.app import app_command
from boneage.cli.batch import batch_command
from boneage.cli.benchmark import benchmark_command
from boneage.cli.calibrate import calibrate_command
from boneage.cli.evaluate import evaluate_command
from boneage.cli.evaluate_bones import evaluate_bones_command
from boneage.cli.evaluate_dha import evaluate_dha_command
from boneage.cli.evaluate_refusals import evaluate_refusals_command
from boneage.cli.evaluate_repeatability import evaluate_repeatability_command
from boneage.cli.exits import INTERRUPTED, exit_code_of
from boneage.cli.experiment import experiment_app
from boneage.cli.gallery import gallery_command
from boneage.cli.info import info_command
from boneage.cli.predict import predict_command
from boneage.cli.reference import reference_app
from boneage.cli.report import report_command
from boneage.cli.stress import stress_command
from boneage.cli.tanner_whitehouse import tanner_whitehouse_command
from boneage.cli.train import train_app
from boneage.errors import BoneAgeError

program = typer.Typer(
    name="boneage",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Bone age from a child's hand radiograph, with every step open to view. For research; not a medical device.",
)
program.command("predict")(predict_command)
program.command("batch")(batch_command)
program.command("report")(report_command)
program.command("calibrate")(calibrate_command)
program.command("app")(app_command)
program.command("info")(info_command)
program.command("benchmark")(benchmark_command)
program.command("evaluate")(evaluate_command)
program.command("evaluate-bones")(evaluate_bones_command)
program.command("evaluate-dha")(evaluate_dha_command)
program.command("evaluate-refusals")(evaluate_refusals_command)
program.command("evaluate-repeatability")(evaluate_repeatability_command)
program.command("stress")(stress_command)
program.command("gallery")(gallery_command)
program.command("adult-height")(adult_height_command)
program.command("tanner-whitehouse")(tanner_whitehouse_command)
program.add_typer(train_app, name="train")
program.add_typer(reference_app, name="reference")
program.add_typer(experiment_app, name="experiment")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"boneage {__version__}")
        raise typer.Exit


@program.callback()
def _before_all(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say on standard error what is being done.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        force=True,
    )
    # The DICOM library puts the contents of odd tags, which may be a patient's, into its warnings.
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and leave with its exit code (see `boneage.cli.exits`); a known error shows no traceback.

    Parameters
    ----------
    arguments:
        Words after the program's name; those of the process by default.
    """
    try:
        program(args=None if arguments is None else list(arguments))
    except BoneAgeError as error:
        typer.echo(f"boneage: {error.message} [{error.code}]", err=True)
        if error.remedy:
            typer.echo(f"  {error.remedy}", err=True)
        sys.exit(exit_code_of(error))
    except KeyboardInterrupt:
        typer.echo("boneage: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # Whoever read the output has gone, as with `| head`; there is nobody to tell.
        sys.stderr.close()
        sys.exit(0)
