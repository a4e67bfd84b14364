"""`boneage gallery`: many films on contact sheets, each with what was found on it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from boneage.cli.consoles import with_progress
from boneage.cli.predict import MethodOption, ReferenceOption
from boneage.data_folder import data_folder
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method

if TYPE_CHECKING:
    from boneage.evaluation.labels import Label


def gallery_command(
    inputs: Annotated[
        list[Path] | None, typer.Argument(metavar="FILMS...", help="Files, folders, or one manifest CSV.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", metavar="PNG", help="Several pages are numbered: gallery_1.png and so on.")
    ] = Path("gallery.png"),
    columns: Annotated[int, typer.Option("--columns", help="Films side by side.")] = 5,
    rows: Annotated[int, typer.Option("--rows", help="Rows of films on a page.")] = 4,
    side: Annotated[int, typer.Option("--side", metavar="PIXELS", help="Size of one film.")] = 480,
    names: Annotated[bool, typer.Option("--labels", help="Write the short names of the bones on them.")] = False,
    bare: Annotated[bool, typer.Option("--bare", help="Draw nothing on the films.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Show the whole film and not only the hand.")] = False,
    by_age: Annotated[
        Path | None,
        typer.Option("--by-age", metavar="LABELS.CSV", help="Caption and order by its id, bone_age_months, sex."),
    ] = None,
    rsna: Annotated[
        str | None, typer.Option("--rsna", metavar="SPLIT", help="Show RSNA films of this split (BONEAGE_DATA).")
    ] = None,
    per_year: Annotated[int, typer.Option("--per-year", min=1, help="So many RSNA films of every year of age.")] = 1,
    ids: Annotated[str | None, typer.Option("--ids", metavar="ID,ID...", help="These RSNA films instead.")] = None,
    native: Annotated[bool, typer.Option("--native", help="RSNA films that are there at native resolution.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another one draws other RSNA films.")] = 0,
    method: MethodOption = "measurement",
    reference: ReferenceOption = None,
) -> None:
    """Draw many films with their outlines, joints and answers on contact sheets, to be looked at."""
    if (rsna is None) == (not inputs):
        msg = "give either films or --rsna"
        raise UsageError("which_films", msg, remedy="boneage gallery films/ shows the films of a folder")
    from boneage.batch.inputs import find_films
    from boneage.estimate import Estimator
    from boneage.evaluation.gallery_films import choose, read_gallery
    from boneage.evaluation.labels import read_labels
    from boneage.outputs import check_not_inputs
    from boneage.report.gallery import SheetLayout, page_files, pages_of, write_gallery
    from boneage.report.overlay import EVERYTHING, NOTHING
    from boneage.report.tiles import TileStyle

    layout = SheetLayout(columns, rows, TileStyle(side, NOTHING if bare else EVERYTHING, names, whole))
    labels: dict[str, Label] = {} if by_age is None else read_labels(by_age)
    if rsna is not None:
        folder = output.parent / f"{output.stem}_films"
        inputs, labels = [_rsna_films(rsna, per_year, ids, seed, folder, native=native)], labels or _rsna_labels(rsna)
    films = choose(find_films(inputs or []), labels)
    files = page_files(output, pages_of(len(films), layout))
    read = (*(inputs or ()), *(film.request.path for film in films), *((by_age,) if by_age else ()))
    check_not_inputs(files, read)
    estimator = Estimator(EstimateOptions(method=cast(Method, method), reference=reference))
    estimator.check()
    write_gallery(read_gallery(with_progress(films, len(films), "films read"), estimator), layout, files)
    for path in files:
        sys.stderr.write(f"{path}\n")


def _rsna_labels(split: str) -> dict[str, Label]:
    from boneage.evaluation.labels import read_labels

    return read_labels(data_folder() / "rsna" / "labels.csv", split=split)


def _rsna_films(split: str, per_year: int, ids: str | None, seed: int, folder: Path, *, native: bool) -> Path:
    """Unpack the films that are wanted and return their manifest."""
    from boneage.evaluation.gallery_films import some_of_each_year
    from boneage.evaluation.native import read_native_splits, write_native_films
    from boneage.evaluation.rsna import read_split, write_films

    stored = read_native_splits(data_folder(), [split]) if native else read_split(data_folder(), split)
    labels = _rsna_labels(split)
    if ids is not None:
        wanted = {part.strip() for part in ids.split(",")}
    else:
        there = (labels[film.id] for film in stored)
        wanted = {label.id for label in some_of_each_year(there, per_year=per_year, seed=seed)}
    films = tuple(film for film in stored if film.id in wanted)
    if not films:
        msg = f"none of these films is in the split {split!r}"
        raise UsageError("no_films", msg, remedy="check the ids and the split")
    return write_native_films(data_folder(), films, folder) if native else write_films(data_folder(), films, folder)
