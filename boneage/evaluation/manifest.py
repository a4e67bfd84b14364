"""The manifest of films that a command has unpacked or chosen, as `boneage batch` takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from boneage.outputs import write_whole


def write_manifest(films: Iterable[tuple[str | Path, str, str]], path: Path) -> Path:
    """Write the file, of each film, its sex (``M``, ``F``, or empty) and its id; return ``path``.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["path", "sex", "id"])
    writer.writerows(films)
    write_whole(path, lines.getvalue().encode())
    return path
