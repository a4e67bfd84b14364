"""Measured films of the ``train`` split, which tables are built from, and of another split, which is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boneage import reference
from boneage.errors import UsageError
from boneage.experiments.subsets import fingerprint
from boneage.reference.build import read_films

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class MeasuredFiles:
    """CSV files of `boneage reference measure`, and the labels that belong to them.

    Attributes
    ----------
    train:
        Measured ``train`` films, which tables are built from.
    judged:
        Measured films of the split ``split``, which are looked up.
    labels:
        Columns ``id, sex, bone_age_months, split``.
    split:
        The split of ``judged``.
    """

    train: Path
    judged: Path
    labels: Path
    split: str


@dataclass(frozen=True, eq=False)
class MeasuredRows:
    """The films of `MeasuredFiles`: id, sex, bone_age_months and one column a measurement.

    ``digest`` is a hash of the files and of the code that builds tables.
    """

    train: pd.DataFrame
    judged: pd.DataFrame
    digest: str


def read_measured(files: MeasuredFiles) -> MeasuredRows:
    """Read measured films with their labels.

    Raises
    ------
    TableError
        If a file is missing or lacks columns.
    UsageError
        With code ``no_measured_films`` if a file holds no film of its split.
    """
    train, judged = (
        _split_of(path, files.labels, split) for path, split in ((files.train, "train"), (files.judged, files.split))
    )
    return MeasuredRows(train, judged, fingerprint(files.train.read_bytes(), files.judged.read_bytes(), _builder()))


def _split_of(path: Path, labels: Path, split: str) -> pd.DataFrame:
    frame = read_films(path, labels, split)
    if frame.empty:
        msg = f"{path.name} holds no measured film of {split}"
        raise UsageError("no_measured_films", msg, remedy=f"boneage reference measure FILE.csv --split {split}")
    return frame


def _builder() -> list[bytes]:
    """Return the code that builds tables and looks ages up: a table built by other code is another table."""
    return [path.read_bytes() for path in sorted(Path(reference.__file__).parent.glob("*.py"))]
