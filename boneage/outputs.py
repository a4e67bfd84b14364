"""The files of one film, ``<stem>.json`` and its pictures, each moved in place whole, and never over an input."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from boneage.errors import OutputError, UsageError

if TYPE_CHECKING:
    from boneage.result import Reading

SUFFIXES: Final = (".json", "_overlay.png", "_labels.png", "_explanation.png")
"""What follows the stem in the names of a film's files."""


_File = tuple[int, int]
"""Device and number of a file: the same for all its names."""


def film_stem(path: str | Path) -> str:
    """Return a file name without its ending; an ending of digits alone (as in a DICOM UID) belongs to the name."""
    name = Path(path).name or "film"
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and not ending.isdigit() else name


def shown_path(path: str | Path) -> str:
    r"""Return a path as text that any report can hold, for showing alone: a file is opened under its own name.

    A name that is not UTF-8 holds lone surrogates, which no file and no stream takes; they are written out.

    Examples
    --------
    >>> shown_path("a/hand.png")
    'a/hand.png'
    """
    return str(path).encode("utf-8", "backslashreplace").decode()


def write_reading(reading: Reading, folder: Path, *, stem: str) -> tuple[Path, ...]:
    """Write the files of one film and return their paths.

    A refused film has its JSON and what pictures there are; a picture that an earlier run left under the same name and
    that this reading does not have is removed.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    from boneage.report.explanation import explanation_png
    from boneage.report.labels import film_labels, labels_png
    from boneage.report.overlay import overlay_png

    make_folder(folder)
    radiograph, bone_map = reading.radiograph, reading.bone_map
    contents: tuple[bytes | None, ...] = (
        (reading.result.to_json() + "\n").encode("utf-8", "backslashreplace"),
        overlay_png(reading),
        labels_png(film_labels(bone_map, (radiograph.rows, radiograph.columns))) if radiograph and bone_map else None,
        explanation_png(reading),
    )
    written = []
    for suffix, content in zip(SUFFIXES, contents, strict=True):
        path = folder / f"{stem}{suffix}"
        if content is None:
            path.unlink(missing_ok=True)
            continue
        write_whole(path, content)
        written.append(path)
    return tuple(written)


def check_not_inputs(written: Iterable[Path], read: Iterable[Path]) -> None:
    """See that nothing that a command would write is, under any name, among what it reads.

    Raises
    ------
    UsageError
        ``output_is_an_input``.
    """
    inputs = {_file(path) for path in read} - {None}
    for path in written:
        if _file(path) in inputs:
            msg = f"{path} is an input and would be written over"
            raise UsageError("output_is_an_input", msg, remedy="name another file, or another folder, for the outputs")


def _file(path: Path) -> _File | None:
    """Return which file a path names, ``None`` where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def make_folder(folder: Path) -> None:
    """Make a folder for outputs and see that files can be made in it.

    Raises
    ------
    OutputError
        With code ``output_not_writable``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise not_writable(folder, error) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and move it into place, so that nobody ever sees half of it.

    Raises
    ------
    OutputError
        With code ``output_not_writable``.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):  # A name that is too long cannot be looked for either.
            temporary.unlink(missing_ok=True)
        raise not_writable(path, error) from error


def not_writable(path: Path, error: OSError) -> OutputError:
    """Return what to raise where a file or folder cannot be written."""
    msg = f"{path} cannot be written ({error.strerror or type(error).__name__})"
    return OutputError(
        "output_not_writable", msg, remedy="name a folder that you may write to, with space left on its disk"
    )
