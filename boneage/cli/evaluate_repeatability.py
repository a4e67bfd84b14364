"""`boneage evaluate-repeatability`: the same films turned, scaled, compressed, mirrored; how far the numbers move."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from boneage.cli.consoles import with_progress
from boneage.cli.predict import MethodOption, ReferenceOption
from boneage.cli.provenance import command_line, today
from boneage.data_folder import data_folder
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method


def evaluate_repeatability_command(
    films: Annotated[
        Path | None,
        typer.Option("--films", metavar="PATH", help="A folder of films, or a manifest CSV that also says the sex."),
    ] = None,
    rsna: Annotated[
        list[str] | None,
        typer.Option("--rsna", metavar="SPLIT", help="RSNA films at native resolution (BONEAGE_DATA); repeatable."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Only so many films, spread over all (0: all).")] = 0,
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for repeatability.csv and repeatability.md.")
    ] = Path("repeatability"),
    docs: Annotated[
        Path | None,
        typer.Option("--docs", metavar="FILE", help="Also write the tables between this page's repeatability markers."),
    ] = None,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
) -> None:
    """Read films and their variants, and report how well every measurement and the age repeat."""
    if (films is None) == (not rsna):
        msg = "give exactly one of --films and --rsna"
        raise UsageError("which_films", msg, remedy="--films takes a folder or a manifest, --rsna a split")
    from boneage.batch.inputs import find_films
    from boneage.estimate import Estimator
    from boneage.evaluation.choice import spread_evenly
    from boneage.evaluation.repeat_reading import read_repeatedly
    from boneage.evaluation.repeatability import by_film, names_of, repeatability
    from boneage.evaluation.repeatability_report import About, summary, to_csv, to_markdown
    from boneage.evaluation.variants import VARIANTS
    from boneage.measurement.document import between_markers
    from boneage.outputs import make_folder, write_whole

    make_folder(output)
    estimator = Estimator(EstimateOptions(method=cast(Method, method), reference=reference))
    estimator.check()
    requests = find_films([films if films is not None else _native_films(rsna or [], output / "films")])
    requests = spread_evenly(requests, limit)
    total = len(requests) * (len(VARIANTS) + 1)
    readings = list(with_progress(read_repeatedly(requests, estimator), total, "readings"))
    sorted_readings = by_film(readings)
    if not sorted_readings:
        msg = "none of the films was answered as it is"
        raise UsageError("no_answered_films", msg, remedy="look at them with boneage predict")
    figures = repeatability(sorted_readings, names_of(sorted_readings), [variant.name for variant in VARIANTS])
    words = "named by the user" if rsna is None else f"native films of the split {' and '.join(rsna)}"
    about = About(command_line(), today(), words, len(requests) - len(sorted_readings))
    text = "\n".join(to_markdown(figures, sorted_readings, about)) + "\n"
    write_whole(output / "repeatability.csv", to_csv(figures).encode())
    write_whole(output / "repeatability.md", text.encode())
    if docs is not None:
        page = between_markers(
            docs.read_text(encoding="utf-8"), "repeatability", summary(figures, sorted_readings, about)
        )
        write_whole(docs, page.encode())
    sys.stdout.write(text)


def _native_films(splits: list[str], folder: Path) -> Path:
    from boneage.evaluation.native import read_native_splits, write_native_films

    root = data_folder()
    return write_native_films(root, read_native_splits(root, splits), folder)
