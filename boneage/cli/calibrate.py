"""`boneage calibrate`: a site's own correction, fitted on local films with readings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from boneage.cli.batch import run_with_progress
from boneage.cli.predict import MethodOption, PriorOption, ReferenceOption
from boneage.cli.provenance import today
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method, PriorName

if TYPE_CHECKING:
    from boneage.calibration.readings import Readings


def calibrate_command(
    readings: Annotated[
        Path,
        typer.Argument(
            metavar="READINGS.CSV",
            help="Columns: path (beside the CSV), sex, reading_months. Or a batch report with reading_months added.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", metavar="SITE.JSON", help="The calibration to write.", show_default=False)
    ],
    name: Annotated[str, typer.Option("--name", help="Of the site; it is shown on every result.")] = "site",
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="REPORT.CSV", help="A batch report on these films: none is read again."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Keep the films that are already read.")] = False,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
) -> None:
    """Fit a correction to 50 to 150 local films with readings; predict and batch apply it with --calibration.

    Shows by cross-validation what it changes, and says so where it does not help. docs/calibration.md explains it.
    """
    from boneage.calibration.calibrate import calibrate, report_origin, site_films
    from boneage.calibration.file import check_name, write_calibration
    from boneage.calibration.origin import origin_of
    from boneage.calibration.readings import read_readings
    from boneage.calibration.report import to_markdown
    from boneage.outputs import check_not_inputs, make_folder
    from boneage.rooms import InstalledRooms

    site_name = check_name(name)
    check_not_inputs([output], [path for path in (readings, report) if path is not None])
    found = read_readings(readings)
    check_not_inputs([output], [Path(label.path) for label in found.labels.values() if label.path])
    options = EstimateOptions(cast(Method, method), reference, cast(PriorName, prior))
    make_folder(output.parent)
    if report is not None or found.is_report:
        answers = report or readings
        origin = report_origin(answers, origin_of(InstalledRooms(options), options))
    else:
        answers = _read_films(found, readings, output, options, workers=workers, resume=resume)
        origin = origin_of(InstalledRooms(options), options)
    films, left_out = site_films(found, answers)
    calibrated = calibrate(films, name=site_name, created=today(), origin=origin, left_out=left_out)
    write_calibration(calibrated.site, output, about=calibrated.about())
    sys.stdout.write(to_markdown(calibrated))


def _read_films(
    found: Readings, readings: Path, output: Path, options: EstimateOptions, *, workers: int, resume: bool
) -> Path:
    """Read the films and return the report, which lies beside the calibration."""
    from boneage.batch.run import BatchOptions
    from boneage.evaluation.labels import manifest_of_labels
    from boneage.outputs import check_not_inputs

    nameless = [label.id for label in found.labels.values() if not label.path]
    if nameless:
        msg = f"{len(nameless)} rows of the readings name no file"
        raise UsageError("readings_without_path", msg, remedy="fill in the column path, or give --report")
    manifest = output.with_name(f"{output.stem}.films.csv")
    batch = BatchOptions(output.with_name(f"{output.stem}.report.csv"), None, workers, resume, options)
    check_not_inputs([manifest, batch.output, batch.journal], [readings])
    run_with_progress([manifest_of_labels(found.labels, None, manifest)], batch)
    return batch.output
