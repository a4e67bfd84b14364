"""`boneage evaluate`: how far the answers lie from labels."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from boneage.cli.batch import run_with_progress
from boneage.cli.predict import MethodOption, PriorOption, ReferenceOption
from boneage.cli.provenance import command_line
from boneage.data_folder import data_folder
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method, PriorName

if TYPE_CHECKING:
    from boneage.batch.run import BatchOptions
    from boneage.evaluation.labels import Label

MANIFEST: Final = "manifest.csv"


@dataclass(frozen=True)
class Sources:
    """Where the labels and the answers come from; of the sources of films at most one is given."""

    labels: Path | None
    split: str | None
    predictions: Path | None
    films: Path | None
    rsna: str | None
    answers: Path | None

    def check(self) -> None:
        """Raise a `UsageError` where they do not go together."""
        if sum(source is not None for source in (self.predictions, self.films, self.rsna)) > 1:
            msg = "give at most one of --predictions, --films and --rsna"
            raise UsageError("which_films", msg, remedy="--answers DIR uses the answers of an earlier run")
        if self.predictions is not None and self.answers is not None:
            msg = "--predictions and --answers are two sources of the same answers"
            raise UsageError("which_films", msg, remedy="--answers knows more than a report")
        if self.labels is None and self.rsna is None:
            msg = "the labels are missing"
            raise UsageError("no_labels", msg, remedy="name a CSV with the columns id or path, bone_age_months and sex")

    @property
    def reads_films(self) -> bool:
        """Whether films are read now, and not only their answers judged."""
        return self.rsna is not None or self.films is not None or (self.predictions or self.answers) is None


def evaluate_command(
    labels: Annotated[
        Path | None,
        typer.Argument(
            metavar="LABELS.CSV",
            help="Columns: id or path (beside the CSV), bone_age_months or reader_1, reader_2, …; sex; perhaps split.",
            show_default=False,
        ),
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
        Path, typer.Option("--output", metavar="DIR", help="Folder for results.md, results.csv, plots and the report.")
    ] = Path("evaluation"),
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="DIR",
            help="Folder of each film's JSON. Alone: taken as it is, nothing is read again. With --films or --rsna: "
            "written there (default: OUTPUT/answers).",
        ),
    ] = None,
    split: Annotated[str | None, typer.Option("--split", help="Take the labels of this split only.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Read only so many RSNA films (0: all).")] = 0,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Keep the films that are already read.")] = False,
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    prior: PriorOption = "flat",
) -> None:
    """Compare answers with labelled bone ages: differences, intervals, refusals, by sex, age and quality, with plots.

    The films are those whose paths stand in LABELS.CSV, or those of --films or --rsna (unpacked, restored); they are
    read now. With --answers alone, or --predictions, nothing is read again. docs/evaluation.md explains every figure.
    """
    sources = Sources(labels, split, predictions, films, rsna, answers)
    sources.check()
    from boneage.batch.run import BatchOptions
    from boneage.evaluation.answers import evaluated_films
    from boneage.evaluation.written import write_evaluation
    from boneage.outputs import make_folder

    estimate = EstimateOptions(cast(Method, method), reference, cast(PriorName, prior))
    batch = BatchOptions(output / "report.csv", answers or output / "answers", workers, resume, estimate)
    _check_outputs(sources, output, batch)
    make_folder(output)
    known, manifest = _labels_and_manifest(sources, output, native_joints=native_joints, limit=limit)
    report = predictions
    if manifest is not None:
        answers, report = batch.output_dir, batch.output
        run_with_progress([manifest], batch)
    found, lines = evaluated_films(known, report=report, answers=answers)
    if len(found) < len(known):
        lines = (*lines, f"{len(known) - len(found)} labels without a film are left out.")
    split = rsna or split
    title = f"Differences from the labels{f' of {split}' if split else ''}"
    sys.stdout.write(write_evaluation(found, output, title=title, command=command_line(), lines=lines))


def _check_outputs(sources: Sources, output: Path, batch: BatchOptions) -> None:
    """See that labels and report are not among what is written."""
    from boneage.evaluation.written import RESULTS, TABLE
    from boneage.outputs import check_not_inputs

    written = [output / RESULTS, output / TABLE]
    if sources.reads_films:
        written += [output / MANIFEST, batch.output, batch.journal]
    check_not_inputs(written, [path for path in (sources.labels, sources.predictions) if path is not None])


def _labels_and_manifest(
    sources: Sources, output: Path, *, native_joints: bool, limit: int
) -> tuple[dict[str, Label], Path | None]:
    """Return the labels, and the manifest of the films to read now, ``None`` where none is to be read."""
    from boneage.evaluation.labels import manifest_of_labels, read_labels

    if sources.rsna is not None:
        return _rsna_films(sources.rsna, sources.labels, output, native_joints=native_joints, limit=limit)
    assert sources.labels is not None
    known = read_labels(sources.labels, split=sources.split)
    if sources.films is not None:
        if not sources.films.is_dir():
            msg = f"{sources.films} is not a folder"
            raise UsageError("films_not_a_folder", msg, remedy="--films takes the folder of the films")
        return known, manifest_of_labels(known, sources.films, output / MANIFEST)
    if not sources.reads_films:
        return known, None
    if not all(label.path for label in known.values()):
        msg = "no films and no answers are named, and the labels have no paths"
        remedy = "add a column path to the labels, or give --films, --answers, --predictions or --rsna"
        raise UsageError("which_films", msg, remedy=remedy)
    return known, manifest_of_labels(known, None, output / MANIFEST)


def _rsna_films(
    split: str, labels: Path | None, output: Path, *, native_joints: bool, limit: int
) -> tuple[dict[str, Label], Path]:
    """Unpack the films of a split and return their labels and manifest."""
    from boneage.evaluation import rsna
    from boneage.evaluation.labels import read_labels, read_rows

    root = data_folder()
    chosen = rsna.read_split(root, split)
    write = rsna.write_sharp_films if native_joints else rsna.write_films
    manifest = write(root, chosen[: limit or None], output / "films")
    known = read_labels(labels or root / "rsna" / "labels.csv", split=split)
    written = {row["id"] for row in read_rows(manifest, "manifest", ("id",))}
    return {name: label for name, label in known.items() if name in written}, manifest
