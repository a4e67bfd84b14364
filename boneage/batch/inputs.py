"""The films of a batch: from files, folders or a manifest, one request each, in input order."""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from boneage.errors import BoneAgeError, UsageError
from boneage.options import SexWord
from boneage.outputs import film_stem, shown_path
from boneage.radiograph.ages import check_age
from boneage.radiograph.sexes import parse_sex
from boneage.radiograph.spacing import user_spacing

FILM_ENDINGS: Final = frozenset(
    {"", ".dcm", ".dicom", ".dic", ".ima", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"}
)
"""Endings taken from a folder (none: DICOM files often have none). A file that is named itself is always taken."""

MANIFEST_COLUMNS: Final = ("path", "sex", "chronological_age_months", "pixel_spacing_mm", "id")


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
        What is wrong with the row itself; such a film is not opened.
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
    """Return the films of a manifest: a CSV with the column ``path`` and perhaps those of `MANIFEST_COLUMNS`.

    A row with a wrong cell becomes a request with a problem, so that it has its row in the report.

    Raises
    ------
    UsageError
        If the file cannot be read as a CSV with a column ``path``.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"the manifest {path} cannot be read ({type(error).__name__})"
        raise UsageError("manifest_unreadable", msg, remedy="save it as comma-separated UTF-8 text") from error
    delimiter = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    rows = csv.DictReader(lines, delimiter=delimiter, restval="", restkey="")
    names = [name.strip() for name in rows.fieldnames or ()]
    if "path" not in names:
        msg = f"the manifest {path} has no column named path"
        raise UsageError("manifest_without_path", msg, remedy=f"its columns are {', '.join(MANIFEST_COLUMNS)}")
    cells = ({(key or "").strip(): str(value).strip() for key, value in row.items()} for row in rows)
    return tuple(_manifest_film(path.parent, row) for row in cells)


def _manifest_film(folder: Path, row: dict[str, str]) -> FilmRequest:
    request = FilmRequest(folder / row["path"], row["path"], id=row.get("id", ""))
    if not row["path"]:
        msg = "this row of the manifest names no file"
        return replace(request, problem=UsageError("manifest_row_without_path", msg, remedy="fill in its column path"))
    try:
        return replace(
            request,
            sex=(parse_sex(row["sex"]) or "unknown") if row.get("sex") else None,
            chronological_age_months=_checked(row, "chronological_age_months"),
            pixel_spacing_mm=_checked(row, "pixel_spacing_mm"),
        )
    except UsageError as error:
        return replace(request, problem=error)


def _checked(row: dict[str, str], column: str) -> float | None:
    if not row.get(column):
        return None
    try:
        number = float(row[column])
    except ValueError:
        number = math.nan
    if column == "chronological_age_months":
        return check_age(number)
    user_spacing(number)
    return number


def _films_of(path: Path, outputs: tuple[Path, ...]) -> Iterator[FilmRequest]:
    if not path.is_dir():
        yield FilmRequest(path, shown_path(path))
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if not hidden and file.is_file() and _is_film_name(file) and not _is_output(file, outputs):
            yield FilmRequest(file, shown_path(file))


def _is_film_name(file: Path) -> bool:
    ending = file.suffix.lower()
    return file.name != "DICOMDIR" and (ending in FILM_ENDINGS or ending[1:].isdigit())


def _is_output(file: Path, outputs: tuple[Path, ...]) -> bool:
    resolved = file.resolve()
    return any(resolved == output or output in resolved.parents for output in outputs)


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
