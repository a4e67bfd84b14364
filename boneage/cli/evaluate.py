"""`boneage evaluate`: how far the answers lie from labels."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from boneage.cli.batch import run_with_progress
from boneage.cli.predict import MethodOption, PriorOption, ReferenceOption
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method, PriorName


def evaluate_command(
    labels: Annotated[
        Path | None,
        typer.Argument(help="CSV with the columns id, bone_age_months, sex, perhaps split.", show_default=False),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", metavar="REPORT.CSV", help="The report of a batch on these films.")
    ] = None,
    films: Annotated[
        Path | None, typer.Option("--films", metavar="DIR", help="Read these films now; each is named by its id.")
    ] = None,
    rsna: Annotated[
        str | None, typer.Option("--rsna", metavar="SPLIT", help="Read the RSNA films of this split (BONEAGE_DATA).")
    ] = None,
    native_joints: Annotated[
        bool,
        typer.Option("--native-joints", help="With --rsna: the films whose joints exist at native resolution, so."),
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for results.md, results.csv and the report.")
    ] = Path("evaluation"),
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="DIR", help="Also write each film's JSON, overlay and labels.")
    ] = None,
    split: Annotated[str | None, typer.Option("--split", help="Take the labels of this split only.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Read only so many RSNA films (0: all).")] = 0,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Keep the films that are already read.")] = False,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
) -> None:
    """Compare answers with labelled bone ages: differences, coverage, refusals, with bootstrap intervals.

    Give one of --predictions (a report that exists), --films (read now) or --rsna (unpacked, restored and read now).
    """
    if sum(source is not None for source in (predictions, films, rsna)) != 1:
        msg = "give exactly one of --predictions, --films and --rsna"
        raise UsageError("which_films", msg, remedy="--predictions report.csv uses the report of an earlier batch")
    from boneage.batch.run import BatchOptions
    from boneage.evaluation import rsna as rsna_films
    from boneage.outputs import make_folder

    if labels is None and rsna is None:
        msg = "the labels are missing"
        raise UsageError("no_labels", msg, remedy="name a CSV with the columns id, bone_age_months and sex")
    make_folder(output)
    if rsna is not None:
        root = Path(os.environ.get("BONEAGE_DATA", "../shared/data"))
        chosen = rsna_films.read_split(root, rsna)
        write = rsna_films.write_sharp_films if native_joints else rsna_films.write_films
        films = write(root, chosen[: limit or None], output / "films")
        labels, split = labels or root / "rsna" / "labels.csv", rsna
    elif films is not None:
        assert labels is not None
        films = _manifest_of(films, labels, split, output)
    if films is not None:
        estimate = EstimateOptions(cast(Method, method), reference, cast(PriorName, prior))
        predictions = output / "report.csv"
        run_with_progress([films], BatchOptions(predictions, answers, workers, resume, estimate))
    assert labels is not None
    assert predictions is not None
    _write_results(labels, split, predictions, output)


def _manifest_of(films: Path, labels: Path, split: str | None, output: Path) -> Path:
    from boneage.evaluation.labelled import read_labels, write_manifest

    if not films.is_dir():
        msg = f"{films} is not a folder"
        raise UsageError("films_not_a_folder", msg, remedy="--films takes the folder of the films")
    return write_manifest(read_labels(labels, split=split), films, output / "manifest.csv")


def _write_results(labels: Path, split: str | None, predictions: Path, output: Path) -> None:
    from boneage.evaluation.evaluate import evaluate_films, to_csv, to_markdown
    from boneage.evaluation.labelled import join_report, read_labels
    from boneage.outputs import write_whole

    evaluation = evaluate_films(join_report(read_labels(labels, split=split), predictions))
    command = shlex.join(["boneage", *sys.argv[1:]])
    title = f"Differences from the labels{f' of {split}' if split else ''}"
    text = to_markdown(evaluation, title=title, command=command)
    write_whole(output / "results.md", text.encode())
    write_whole(output / "results.csv", to_csv(evaluation).encode())
    sys.stdout.write(text)
