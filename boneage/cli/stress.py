"""`boneage stress`: films changed on purpose, and how far the answers move."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from boneage.cli.consoles import output_console, with_progress
from boneage.cli.predict import MethodOption, ReferenceOption
from boneage.cli.provenance import command_line, today
from boneage.data_folder import data_folder
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method

if TYPE_CHECKING:
    from boneage.stress.change import Change
    from boneage.stress.reading import StressReading


def stress_command(
    inputs: Annotated[
        list[Path] | None, typer.Argument(metavar="FILMS...", help="Files, folders, or one manifest CSV.")
    ] = None,
    rsna: Annotated[
        str | None, typer.Option("--rsna", metavar="SPLIT", help="RSNA films of this split instead (BONEAGE_DATA).")
    ] = None,
    native: Annotated[bool, typer.Option("--native", help="RSNA films that are there at native resolution.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Only so many films, spread over all, RSNA over age and sex (0: all).")
    ] = 0,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="CSV", help="id, bone_age_months, sex: stand in for ages that are not known."),
    ] = None,
    changes: Annotated[
        str | None, typer.Option("--changes", metavar="NAME,NAME...", help="Only these changes or families.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only one change of almost every family.")] = False,
    list_changes: Annotated[bool, typer.Option("--list", help="Show every change and stop.")] = False,
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for stress.md, stress.csv and shifts.csv.")
    ] = Path("stress"),
    resume: Annotated[bool, typer.Option("--resume", help="Keep the readings that are already done.")] = False,
    docs: Annotated[
        Path | None,
        typer.Option("--docs", metavar="FILE", help="Also write the report between this page's stress markers."),
    ] = None,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
) -> None:
    """Read films as they are and under many changes of the picture, and report how far every answer moves."""
    if list_changes:
        _show_changes()
        return
    if (rsna is None) == (not inputs):
        msg = "give either films or --rsna"
        raise UsageError("which_films", msg, remedy="boneage stress films/ takes the films of a folder")
    chosen = _chosen_changes(changes, quick)
    from boneage.batch.inputs import find_films
    from boneage.batch.journal import Journal, run_digest
    from boneage.estimate import Estimator
    from boneage.evaluation.choice import spread_evenly
    from boneage.evaluation.labels import read_labels
    from boneage.outputs import make_folder
    from boneage.stress.reading import read_under_stress

    make_folder(output)
    options = EstimateOptions(method=cast(Method, method), reference=reference)
    estimator = Estimator(options)
    estimator.check()
    months = {} if labels is None else {label.id: label.months for label in read_labels(labels).values()}
    if rsna is None:
        requests = spread_evenly(find_films(inputs or []), limit)
        words = "named by the user"
    else:
        manifest, known = _rsna_films(rsna, limit, output / "films", native=native)
        requests, months = find_films([manifest]), known | months
        words = f"{'native films' if native else 'films'} of the split {rsna}"
    with Journal(output / "readings.jsonl", resume) as journal:
        readings = read_under_stress(requests, chosen, estimator, journal, run=run_digest(options))
        found = list(with_progress(readings, len(requests) * (len(chosen) + 1), "readings"))
    _write(found, months, chosen, words, output, docs)


def _chosen_changes(names: str | None, quick: bool) -> tuple[Change, ...]:
    from boneage.stress.registry import QUICK, find_changes

    if names is not None and quick:
        msg = "--changes and --quick both choose changes"
        raise UsageError("which_changes", msg, remedy="give one of them")
    if quick:
        return find_changes(QUICK)
    return find_changes([] if names is None else [name.strip() for name in names.split(",")])


def _show_changes() -> None:
    from rich.table import Table

    from boneage.stress.change import EFFECTS
    from boneage.stress.registry import CHANGES, QUICK

    table = Table("name", "family", "what is done", "effect", "quick")
    for change in CHANGES:
        quick = "x" if change.name in QUICK else ""
        table.add_row(change.name, change.family, change.strength, change.effect, quick)
    console = output_console()
    console.print(table)
    for name, words in EFFECTS.items():
        console.print(f"{name}: {words}")


def _rsna_films(split: str, number: int, folder: Path, *, native: bool) -> tuple[Path, dict[str, float]]:
    """Unpack some films of a split; return their manifest and their labelled bone ages."""
    from boneage.evaluation.choice import some_of_all_ages
    from boneage.evaluation.labels import read_labels
    from boneage.evaluation.native import read_native_splits, write_native_films
    from boneage.evaluation.rsna import read_split, write_films

    root = data_folder()
    stored = read_native_splits(root, [split]) if native else read_split(root, split)
    labels = read_labels(root / "rsna" / "labels.csv", split=split)
    there = (labels[film.id] for film in stored)
    wanted = {label.id: label.months for label in some_of_all_ages(there, number)}
    by_id = {film.id: film for film in stored}
    films = tuple(by_id[film_id] for film_id in wanted)
    return (write_native_films if native else write_films)(root, films, folder), wanted


def _write(
    readings: list[StressReading],
    months: dict[str, float],
    changes: tuple[Change, ...],
    words: str,
    output: Path,
    docs: Path | None,
) -> None:
    from boneage.measurement.document import between_markers
    from boneage.outputs import write_whole
    from boneage.stress.figures import films_of
    from boneage.stress.report import About, figures_csv, shifts_csv, to_markdown

    films, left_out = films_of(readings, months)
    if not films:
        msg = "none of the films was answered as it is"
        raise UsageError("no_answered_films", msg, remedy="look at them with boneage predict")
    about = About(command_line(), today(), words, left_out)
    text = "\n".join(to_markdown(films, changes, about)) + "\n"
    write_whole(output / "stress.md", text.encode())
    write_whole(output / "stress.csv", figures_csv(films, changes).encode())
    write_whole(output / "shifts.csv", shifts_csv(films, changes).encode())
    if docs is not None:
        page = between_markers(docs.read_text(encoding="utf-8"), "stress", iter(text.splitlines()))
        write_whole(docs, page.encode())
    sys.stdout.write(text)
