"""Where the reference tables lie: inside an installed package, or at the root of a source checkout."""

from __future__ import annotations

from pathlib import Path

from boneage.errors import TableError

MEASUREMENT_FOLDER = "measurement"
"""Sub-folder of `reference_dir` with the tables that this tool built (mean and SD of its own measurements)."""


def reference_dir() -> Path:
    """Return the folder of the reference tables.

    An installed package carries them as ``boneage/reference_tables``; a source checkout has ``data/reference_tables``.

    Raises
    ------
    TableError
        ``reference_tables_missing`` if neither folder exists.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "reference_tables", package.parent / "data" / "reference_tables"):
        if folder.is_dir():
            return folder
    msg = "the reference tables are not installed with this copy of boneage"
    raise TableError("reference_tables_missing", msg, remedy="Install the package again, or run from a full checkout.")
