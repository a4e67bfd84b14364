"""Batches of stand-in films: a folder of them, the options of a run, and the rows that it wrote."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from stand_ins import stand_in_estimator

from boneage.batch.run import BatchOptions


def folder_of_films(tmp_path: Path) -> Path:
    """Write four films, one of them unreadable, and return their folder."""
    folder = tmp_path / "films"
    folder.mkdir()
    for name, content in (("b.png", b"one"), ("a.png", b"two"), ("c.dcm", b"bad"), ("IM1", b"three")):
        (folder / name).write_bytes(content)
    return folder


def options(tmp_path: Path, **changes: object) -> BatchOptions:
    return replace(BatchOptions(tmp_path / "out" / "report.csv", factory=stand_in_estimator), **changes)  # type: ignore[arg-type]


def rows(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "out" / "report.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def names(paths: list[dict[str, str]]) -> list[str]:
    return [Path(row["path"]).name for row in paths]
