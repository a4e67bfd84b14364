"""`boneage report`: what is read from one film, in the formats that other systems take."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from boneage.cli.exits import OF_STATUS, WRONG_USAGE
from boneage.cli.predict import (
    CalibrationOption,
    FilmAge,
    FilmSex,
    FilmSpacing,
    MethodOption,
    PriorOption,
    ReferenceOption,
    open_calibration,
    parse_said,
)
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method, PriorName
from boneage.report.formats import FORMAT_NAMES, WITH_LANGUAGE, Format, format_named
from boneage.texts import DEFAULT, TEXTS

if TYPE_CHECKING:
    from boneage.report.material import Material

STANDARD_OUTPUT: Final = "-"


def report_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="A film as for predict; for fhir, json, csv, text and growth-api also an earlier result (JSON).",
            show_default=False,
        ),
    ],
    formats: Annotated[
        list[str],
        typer.Option(
            "--format", metavar="|".join(FORMAT_NAMES), help="May be given several times.", show_default=False
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            metavar="FILE|FOLDER|-",
            help="A folder takes every format, under the film's file name; - is standard output (the default).",
        ),
    ] = STANDARD_OUTPUT,
    with_identifiers: Annotated[
        bool,
        typer.Option(
            "--with-identifiers", help="Say the patient's name, number and birth date, the film's date and its path."
        ),
    ] = False,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="|".join(TEXTS.languages),
            help=f"Of what is for people: {', '.join(WITH_LANGUAGE)}.",
        ),
    ] = DEFAULT,
    sex: FilmSex = None,
    chronological_age: FilmAge = None,
    pixel_spacing: FilmSpacing = None,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
    calibration: CalibrationOption = None,
) -> None:
    """Read one film, or take an earlier result, and write reports of it.

    Exit code: 0 a result, 1 the file could not be read or processed, 2 wrong usage, 3 refused by the quality check.
    What says why there is no age (all but dicom-seg and growth-api) is written for such a film too. A format that
    cannot hold the answer is told of on standard error, and the others are written; 2 where none can hold it.
    """
    from boneage.report.input import earlier_result, film_material, is_result
    from boneage.report.speech import speech_in

    wanted = [format_named(name) for name in dict.fromkeys(formats)]
    said = parse_said(sex, chronological_age, pixel_spacing)
    options = EstimateOptions(cast(Method, method), reference, cast(PriorName, prior), open_calibration(calibration))
    speech = speech_in(language)
    targets = _targets(wanted, output, file)
    if is_result(file):
        if options != EstimateOptions() or any(value is not None for value in said.values()):
            msg = "an earlier result is reported as it is: how a film is read can no longer be changed"
            raise UsageError("options_need_film", msg, remedy="name the film itself, or leave the options out")
        material = earlier_result(file, wanted, with_identifiers=with_identifiers, speech=speech)
    else:
        material = film_material(file, wanted, options, said, with_identifiers=with_identifiers, speech=speech)
    went = [_write(entry, target, material) for entry, target in zip(wanted, targets, strict=True)]
    raise typer.Exit(OF_STATUS[material.reading.result.status] if any(went) else WRONG_USAGE)


def _targets(wanted: list[Format], output: str, file: Path) -> list[Path | None]:
    """Return where each format goes, ``None`` for standard output, before anything is read.

    Raises
    ------
    UsageError
        ``several_formats``, ``binary_on_terminal`` or ``output_is_an_input``.
    """
    from boneage.outputs import check_not_inputs, film_stem, make_folder

    several = len(wanted) > 1
    if output == STANDARD_OUTPUT:
        if several:
            msg = "several formats do not fit on one standard output"
            raise UsageError("several_formats", msg, remedy="name a folder with --output")
        if not wanted[0].is_text and _on_terminal():
            msg = f"a {wanted[0].name} report is nothing to show on a terminal"
            raise UsageError("binary_on_terminal", msg, remedy="name a file with --output")
        return [None]
    path = Path(output)
    if several or path.is_dir() or output.endswith("/"):
        if path.is_file():
            msg = f"{path} is a file, and several formats need a folder"
            raise UsageError("several_formats", msg, remedy="name a folder with --output")
        make_folder(path)
        stem = film_stem(file)
        targets = [path / f"{stem}{entry.ending}" for entry in wanted]
    else:
        targets = [path]
    check_not_inputs(targets, [file])
    return list(targets)


def _write(entry: Format, target: Path | None, material: Material) -> bool:
    """Write one format, or say on standard error why there is none; return ``False`` where it was wrong usage."""
    from boneage.report.wording import message_words

    result = material.reading.result
    if entry.says_nothing_of(material.reading):
        why = "; ".join(f"{message_words(reason.message)} [{reason.code}]" for reason in result.problems)
        _leave_out(entry, target, f"because there is no bone age: {why}")
        return True
    try:
        content = entry.write(material)
    except UsageError as error:
        _leave_out(entry, target, f"because {error.message} [{error.code}]; {error.remedy}")
        return False
    _put(content, target)
    return True


def _leave_out(entry: Format, target: Path | None, why: str) -> None:
    """Say why there is no such report, and leave none of an earlier answer in its place."""
    sys.stderr.write(f"boneage: no {entry.name} report, {why}\n")
    if target is not None:
        target.unlink(missing_ok=True)


def _put(content: bytes, target: Path | None) -> None:
    """Write a report to its file, or to standard output."""
    from boneage.outputs import write_whole

    if target is not None:
        write_whole(target, content)
        return
    sys.stdout.flush()
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:  # a stand-in for standard output that takes text alone
        sys.stdout.write(content.decode())


def _on_terminal() -> bool:
    return sys.stdout.isatty()
