"""`boneage predict`: one film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, cast

import typer

from boneage.cli.consoles import output_console, write_json
from boneage.cli.exits import OF_STATUS
from boneage.options import EstimateOptions, Method, PriorName, SexWord

if TYPE_CHECKING:
    from boneage.calibration.site import SiteCalibration

FilmSex = Annotated[str | None, typer.Option("--sex", metavar="M|F|unknown", help="Default: what the file says.")]
FilmAge = Annotated[
    str | None,
    typer.Option("--chronological-age", metavar="AGE", help="10y4m, 10.3 (years) or 124m. Never changes the age read."),
]
FilmSpacing = Annotated[
    float | None, typer.Option("--pixel-spacing", metavar="MM", help="Millimetres per pixel; outranks the file.")
]
MethodOption = Annotated[
    str, typer.Option("--method", metavar="auto|measurement|regression", help="auto combines both routes.")
]
ReferenceOption = Annotated[
    str | None, typer.Option("--reference", metavar="NAME", help="Reference table: an installed name or a CSV.")
]

PriorOption = Annotated[
    str,
    typer.Option("--prior", metavar="flat|population", help="Ages before measuring: alike, or as the table's films."),
]

CalibrationOption = Annotated[
    Path | None,
    typer.Option("--calibration", metavar="SITE.JSON", help="Correct the answers as boneage calibrate found."),
]


def predict_command(
    file: Annotated[Path, typer.Argument(help="DICOM, PNG, JPEG, TIFF, WebP or BMP.", show_default=False)],
    sex: FilmSex = None,
    chronological_age: FilmAge = None,
    pixel_spacing: FilmSpacing = None,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
    calibration: CalibrationOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Find what the regression rests on; a picture goes to --output-dir.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the result as JSON.")] = False,
    output_dir: Annotated[
        Path | None, typer.Option("--output-dir", metavar="DIR", help="Write JSON, overlay and labels there.")
    ] = None,
) -> None:
    """Read the bone age from one film.

    Exit code: 0 a result, 1 the file could not be read or processed, 2 wrong usage, 3 refused by the quality check.
    """
    from boneage.estimate import Estimator
    from boneage.outputs import film_stem, make_folder, write_reading

    site = open_calibration(calibration)
    options = EstimateOptions(cast(Method, method), reference, cast(PriorName, prior), site, explain=explain)
    said = parse_said(sex, chronological_age, pixel_spacing)
    if output_dir is not None:
        make_folder(output_dir)
    estimator = Estimator(options)
    estimator.check()
    reading = estimator.estimate(file, **said)
    if output_dir is not None:
        write_reading(reading, output_dir, stem=film_stem(file))
    if as_json:
        write_json(reading.result.to_dict())
    else:
        from boneage.report.text import print_result

        print_result(reading.result, output_console())
    raise typer.Exit(OF_STATUS[reading.result.status])


def open_calibration(path: Path | None) -> SiteCalibration | None:
    """Return the site calibration of the option; ``None`` where it was not given.

    Raises
    ------
    UsageError
        If the file is not one.
    """
    if path is None:
        return None
    from boneage.calibration.file import load_calibration

    return load_calibration(path)


class Said(TypedDict):
    """What the user says about a film, as `boneage.estimate.Estimator.estimate` takes it."""

    sex: SexWord | None
    chronological_age_months: float | None
    pixel_spacing_mm: float | None


def parse_said(sex: str | None, chronological_age: str | None, pixel_spacing: float | None) -> Said:
    """Return the words of the options as values; ``None`` where nothing was said and the file is asked.

    Raises
    ------
    UsageError
        If a word makes no sense.
    """
    from boneage.radiograph.ages import parse_age
    from boneage.radiograph.sexes import parse_sex
    from boneage.radiograph.spacing import user_spacing

    return Said(
        sex=None if sex is None else (parse_sex(sex) or "unknown"),
        chronological_age_months=None if chronological_age is None else parse_age(chronological_age),
        pixel_spacing_mm=None if pixel_spacing is None else user_spacing(pixel_spacing).mm,
    )
