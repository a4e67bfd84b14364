"""The films of a batch: from files, folders or a manifest, one request each, in input order."""

from __future__ import annotations

import hashlib
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from boneage.batch.manifest import ManifestRow, manifest_rows
from boneage.errors import BoneAgeError, ReadError, UsageError
from boneage.options import SexWord
from boneage.outputs import film_stem, shown_path
from boneage.radiograph.ages import check_age, parse_age
from boneage.radiograph.sexes import parse_sex
from boneage.radiograph.spacing import user_spacing

FILM_ENDINGS: Final = frozenset(
    {"", ".dcm", ".dicom", ".dic", ".ima", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"}
)
"""Endings taken from a folder (none: DICOM files often have none). A file that is named itself is always taken."""


@dataclass(frozen=True)
class FilmRequest:
    """One film to read.

    Attributes
    ----------
    path:
        Where the file lies.
    shown:
        Its path as the user wrote it, see `boneage.outputs.shown_path`: what the report says.
    stem:
        Name of its output files, unlike that of any other film of the batch.
    id:
        The user's own name for it.
    sex, chronological_age_months, pixel_spacing_mm:
        What the manifest says; ``None`` where it says nothing.
    problem:
        What is wrong with the row or folder itself; such a film is not opened.
    """

    path: Path
    shown: str
    stem: str = ""
    id: str = ""
    sex: SexWord | None = None
    chronological_age_months: float | None = None
    pixel_spacing_mm: float | None = None
    problem: BoneAgeError | None = None


def find_films(inputs: Sequence[Path], *, leave_out: Sequence[Path] = ()) -> tuple[FilmRequest, ...]:
    """Return the films behind the inputs, in input order; those of a folder are sorted by path.

    Parameters
    ----------
    inputs:
        Files and folders, or one manifest (a file ending in ``.csv``).
    leave_out:
        Files and folders that are outputs of this batch and no inputs, even inside an input folder.

    Raises
    ------
    UsageError
        If there is no film at all, or the manifest is not one.
    """
    if any(path.suffix.lower() == ".csv" and not path.is_dir() for path in inputs):
        if len(inputs) > 1:
            msg = "a manifest stands alone: give either one CSV, or files and folders"
            raise UsageError("manifest_not_alone", msg, remedy="put all films into the manifest")
        requests = read_manifest(inputs[0])
    else:
        outputs = tuple(path.resolve() for path in leave_out)
        requests = tuple(request for path in inputs for request in _films_of(path, outputs))
    if not requests:
        msg = "there is no film in what was given"
        raise UsageError("no_films", msg, remedy="give DICOM, PNG, JPEG, TIFF, WebP or BMP files, or folders of them")
    return _with_stems(requests)


def read_manifest(path: Path) -> tuple[FilmRequest, ...]:
    """Return the films of a manifest (`boneage.batch.manifest`), whose paths are relative to it.

    A row with a wrong cell becomes a request with a problem, so that it has its row in the report.

    Raises
    ------
    UsageError
        If the file cannot be read as a CSV with a column ``path``.
    """
    return tuple(_manifest_film(path.parent, row) for row in manifest_rows(path))


def _manifest_film(folder: Path, row: ManifestRow) -> FilmRequest:
    cells = row.cells
    request = FilmRequest(folder / cells["path"], cells["path"], id=cells["id"])
    if not cells["path"]:
        msg = "this row of the manifest names no file"
        return replace(request, problem=UsageError("manifest_row_without_path", msg, remedy="fill in its column path"))
    if row.too_long:
        msg = "this row of the manifest has more cells than there are columns"
        remedy = "put a cell that holds the separator into quotation marks"
        return replace(request, problem=UsageError("manifest_row_too_long", msg, remedy=remedy))
    try:
        return replace(
            request,
            sex=(parse_sex(cells["sex"]) or "unknown") if cells["sex"] else None,
            chronological_age_months=_age(cells["chronological_age_months"]),
            pixel_spacing_mm=_spacing(cells["pixel_spacing_mm"]),
        )
    except UsageError as error:
        return replace(request, problem=error)


def _age(cell: str) -> float | None:
    """Return an age in months: a bare number is months, other ages are as a user writes them (``10y4m``)."""
    if not cell:
        return None
    try:
        months = _number(cell)
        return parse_age(cell) if months is None else check_age(months)
    except UsageError as error:
        remedy = "write the age in months, as 124, or as 10y4m, between 0 and 25 years"
        raise UsageError(error.code, error.message, remedy=remedy) from error


def _spacing(cell: str) -> float | None:
    if not cell:
        return None
    number = _number(cell)
    return user_spacing(math.nan if number is None else number).mm


def _number(cell: str) -> float | None:
    """Return a cell as a number, with a point or a comma; ``None`` where it is none."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _films_of(path: Path, outputs: tuple[Path, ...]) -> Iterator[FilmRequest]:
    """Return a file, or the films below a folder; a folder that cannot be listed is a request with a problem."""
    if not path.is_dir():
        yield FilmRequest(path, shown_path(path))
        return
    closed: list[Path] = []
    walk = os.walk(path, onerror=lambda error: closed.append(Path(os.fsdecode(error.filename))))
    files = [Path(folder, name) for folder, _, names in walk for name in names]
    for file in sorted([*files, *closed]):
        if any(part.startswith(".") for part in file.relative_to(path).parts) or _is_output(file, outputs):
            continue
        if file in closed:
            msg = "this folder cannot be listed, so its films are missing"
            problem = ReadError("folder_unreadable", msg, remedy="check that you may read it")
            yield FilmRequest(file, shown_path(file), problem=problem)
        elif file.is_file() and _is_film_name(file):
            yield FilmRequest(file, shown_path(file))


def _is_film_name(file: Path) -> bool:
    ending = file.suffix.lower()
    return file.name != "DICOMDIR" and (ending in FILM_ENDINGS or ending[1:].isdigit())


def _is_output(file: Path, outputs: tuple[Path, ...]) -> bool:
    """Tell whether a file is what this batch wrote before; a picture where the report goes is a film all the same."""
    resolved = file.resolve()
    is_report = resolved in outputs and file.suffix.lower() not in FILM_ENDINGS - {""}
    return is_report or any(output in resolved.parents for output in outputs)


def _with_stems(requests: tuple[FilmRequest, ...]) -> tuple[FilmRequest, ...]:
    """Name the output files: by the film's stem, and where several share it by a hash of the path too."""
    stems = [film_stem(request.path) for request in requests]
    counts = Counter(stem.casefold() for stem in stems)
    named = [
        stem if counts[stem.casefold()] == 1 else f"{stem}_{hashlib.sha256(request.shown.encode()).hexdigest()[:8]}"
        for stem, request in zip(stems, requests, strict=True)
    ]
    seen: Counter[str] = Counter()
    unique = []
    for name in named:
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        unique.append(name if times == 1 else f"{name}_{times}")
    return tuple(replace(request, stem=stem) for request, stem in zip(requests, unique, strict=True))
