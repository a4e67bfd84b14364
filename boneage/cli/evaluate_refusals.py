"""`boneage evaluate-refusals`: what the quality gate refuses, and what it should not have."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from boneage.cli.batch import run_with_progress
from boneage.cli.predict import MethodOption
from boneage.cli.provenance import command_line, today
from boneage.data_folder import data_folder
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method

if TYPE_CHECKING:
    from boneage.evaluation.made_hands import WholeHand
    from boneage.evaluation.refusals import PictureFile

MOST_HANDS = 40
"""So many films, spread over all, are cut up for the made pictures."""


def evaluate_refusals_command(
    negatives: Annotated[
        list[Path] | None,
        typer.Argument(metavar="NEGATIVES...", help="Pictures that show no whole hand: files and folders."),
    ] = None,
    rsna: Annotated[
        str | None, typer.Option("--rsna", metavar="SPLIT", help="Usable hands: the RSNA films of a split.")
    ] = None,
    hands: Annotated[
        Path | None, typer.Option("--hands", metavar="PATH", help="Usable hands: a folder, or a manifest CSV.")
    ] = None,
    films: Annotated[int, typer.Option("--films", min=0, help="Only so many hands, spread over all (0: all).")] = 0,
    made: Annotated[
        int, typer.Option("--made", min=0, help="Pictures of each kind to be made from the hands (0: none).")
    ] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the made pictures: equal seeds, equal pictures.")] = 0,
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for refusals.md, refusals.csv and the report.")
    ] = Path("refusals"),
    answers: Annotated[
        bool, typer.Option("--answers", help="Also write JSON and overlays, and tell the spread of every check.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Keep the pictures that are already read.")] = False,
    method: MethodOption = "auto",
) -> None:
    """Count what is refused: real pictures of other things, pictures made from hands, and usable hands."""
    if rsna is not None and hands is not None:
        msg = "give one of --rsna and --hands"
        raise UsageError("which_films", msg, remedy="--rsna takes a split, --hands a folder or a manifest")
    from boneage.batch.run import BatchOptions
    from boneage.evaluation import refusals
    from boneage.outputs import make_folder, write_whole

    make_folder(output)
    usable = _usable(rsna, hands, films, output)
    pictures = [*_negatives(negatives or []), *_made(usable, made, output / f"made-{seed}", seed), *usable]
    if not pictures:
        msg = "there is nothing to read"
        raise UsageError("no_films", msg, remedy="name pictures that show no hand, or give --rsna or --hands")
    report, folder = output / "report.csv", output / "answers" if answers else None
    options = BatchOptions(report, folder, workers, resume, EstimateOptions(cast(Method, method)))
    run_with_progress([refusals.manifest_of_pictures(pictures, output / "manifest.csv")], options)
    kinds = refusals.count_kinds(pictures, report)
    checks = refusals.spread_of_checks(pictures, folder) if folder is not None else ()
    text = refusals.to_markdown(
        kinds,
        checks,
        command=command_line(),
        date=today(),
        words=f"usable hands: {f'RSNA split {rsna}' if rsna else hands or 'none'}",
    )
    write_whole(output / "refusals.md", text.encode())
    write_whole(output / "refusals.csv", refusals.to_csv(kinds).encode())
    sys.stdout.write(text)


def _negatives(inputs: list[Path]) -> list[PictureFile]:
    """Return the pictures of no hand; their kind is the folder that they lie in."""
    from boneage.batch.inputs import find_films
    from boneage.evaluation.refusals import PictureFile

    if not inputs:
        return []
    return [PictureFile(film.path.resolve().parent.name, "refused", film.path) for film in find_films(inputs)]


def _usable(rsna: str | None, hands: Path | None, limit: int, output: Path) -> list[PictureFile]:
    from boneage.batch.inputs import find_films
    from boneage.evaluation.choice import spread_evenly
    from boneage.evaluation.refusals import USABLE, PictureFile

    if rsna is not None:
        from boneage.evaluation.rsna import read_split, write_films

        root = data_folder()
        hands = write_films(root, spread_evenly(read_split(root, rsna), limit), output / "films")
    if hands is None:
        return []
    found = find_films([hands])
    chosen = found if rsna is not None else spread_evenly(found, limit)
    return [PictureFile(USABLE, "answered", film.path, film.sex or "unknown") for film in chosen]


def _made(usable: Sequence[PictureFile], count: int, folder: Path, seed: int) -> list[PictureFile]:
    from boneage.evaluation.made_pictures import KINDS, make_pictures
    from boneage.evaluation.refusals import PictureFile
    from boneage.outputs import make_folder

    if not usable or not count:
        return []
    origin = hashlib.sha256("\n".join(str(one.path) for one in usable).encode()).hexdigest()[:8]
    folder = folder.with_name(f"{folder.name}-{origin}")  # Pictures made of other hands are not taken for these.
    make_folder(folder)
    expected = {kind.name: kind.expected for kind in KINDS}
    wanted = [folder / f"{kind.file_name(turn)}.png" for kind in KINDS for turn in range(count)]
    hands = () if all(path.is_file() for path in wanted) else _whole_hands(usable)
    return [PictureFile(kind, expected[kind], path) for kind, path in make_pictures(hands, count, folder, seed=seed)]


def _whole_hands(usable: Sequence[PictureFile]) -> list[WholeHand]:
    """Locate the hand on some of the usable films; those that are not sure are left out."""
    from boneage.evaluation.choice import spread_evenly
    from boneage.evaluation.made_hands import WholeHand
    from boneage.radiograph.read import read_radiograph
    from boneage.segmentation.locator import SURE_HAND, Locator

    locator = Locator()
    films = [read_radiograph(one.path).pixels for one in spread_evenly(usable, MOST_HANDS)]
    found = [(pixels, locator.locate(pixels)) for pixels in films]
    hands = [WholeHand(pixels, hand.points) for pixels, hand in found if hand.confidence.mean() >= SURE_HAND]
    if not hands:
        msg = "on none of the usable films is the hand surely found"
        raise UsageError("no_hands", msg, remedy="give films of whole hands, or --made 0")
    return hands
