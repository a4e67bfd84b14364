"""The RSNA films that are there at native resolution, unpacked as they are: films as a hospital has them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from boneage.errors import UsageError
from boneage.evaluation.manifest import write_manifest
from boneage.evaluation.rsna import StoredFilm, read_split
from boneage.outputs import make_folder, write_whole


def read_native_splits(root: Path, splits: Sequence[str]) -> tuple[StoredFilm, ...]:
    """Return the films of some splits that are there at native resolution, in the order of the splits.

    Raises
    ------
    UsageError
        If the set or a split is not there, or no film of them is at native resolution.
    """
    with _archive(root) as archive:
        there = {Path(name).stem for name in archive.namelist()}
    films = tuple(film for split in splits for film in read_split(root, split) if film.id in there)
    if not films:
        msg = f"no film of {', '.join(splits)} is there at native resolution"
        raise UsageError("no_native_films", msg, remedy="choose another split")
    return films


def write_native_films(root: Path, films: Sequence[StoredFilm], folder: Path) -> Path:
    """Unpack native films into a folder and return the manifest that names them, with sex and id.

    Films that are already there stay as they are.
    """
    make_folder(folder)
    rows = []
    with _archive(root) as archive:
        names = {Path(name).stem: name for name in archive.namelist()}
        for film in films:
            path = folder / f"{film.id}{Path(names[film.id]).suffix}"
            if not path.is_file():
                write_whole(path, archive.read(names[film.id]))
            rows.append((path.name, film.sex, film.id))
    return write_manifest(rows, folder / "manifest.csv")


def _archive(root: Path) -> zipfile.ZipFile:
    path = root / "rsna" / "images" / "native.zip"
    if not path.is_file():
        msg = "the RSNA films at native resolution were not found"
        raise UsageError(
            "no_native_films", msg, remedy="set BONEAGE_DATA to the folder that holds rsna/images/native.zip"
        )
    return zipfile.ZipFile(path)
