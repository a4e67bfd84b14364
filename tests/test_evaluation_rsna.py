"""RSNA films as a user would have them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from boneage.errors import UsageError
from boneage.evaluation.rsna import (
    StoredFilm,
    read_split,
    restore,
    restored_size,
    write_films,
    write_sharp_films,
)
from boneage.training.sharp_films import SharpFilms


@pytest.mark.parametrize(
    ("native", "size"), [((2000, 1500), (299, 399)), ((1500, 2000), (399, 299)), ((800, 800), (299, 299))]
)
def test_restored_size_keeps_the_native_aspect(native: tuple[int, int], size: tuple[int, int]) -> None:
    assert restored_size(299, *native) == size


def test_a_circle_is_a_circle_again() -> None:
    rows, columns = np.mgrid[:299, :299]
    # On the native film of 1800 x 1200 a circle of radius 300; stretched to a square it is an ellipse.
    drawn = ((columns - 149) / 299 * 1200) ** 2 + ((rows - 149) / 299 * 1800) ** 2 < 300**2
    stored = Image.fromarray((drawn * 255).astype(np.uint8))
    mask = np.asarray(restore(stored, StoredFilm("1", "M", 1800, 1200))) > 127
    height, width = np.ptp(np.nonzero(mask.any(axis=1))), np.ptp(np.nonzero(mask.any(axis=0)))
    assert height == pytest.approx(width, rel=0.03)


def test_no_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_split(tmp_path, "devtest")
    assert caught.value.code == "no_rsna_films"


@pytest.mark.shared
def test_films_are_unpacked_once_with_a_manifest(shared_data: Path, tmp_path: Path) -> None:
    films = read_split(shared_data, "tune")[:3]
    manifest = write_films(shared_data, films, tmp_path / "films")
    with manifest.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [film.id for film in films]
    for film, row in zip(films, rows, strict=True):
        assert row["sex"] == film.sex
        with Image.open(manifest.parent / row["path"]) as picture:
            assert picture.height / picture.width == pytest.approx(film.height / film.width, rel=0.01)
    before = (manifest.parent / rows[0]["path"]).stat().st_mtime_ns
    write_films(shared_data, films, tmp_path / "films")
    assert (manifest.parent / rows[0]["path"]).stat().st_mtime_ns == before


@pytest.mark.shared
def test_native_joints_are_put_into_the_stored_film(shared_data: Path, tmp_path: Path) -> None:
    with SharpFilms(shared_data) as sharp:
        every = read_split(shared_data, "tune")
        film = next(one for one in every if one.id in sharp.ids and sharp.read(one.id)[1].mean() < 0.5)
        films = (film, next(one for one in every if one.id not in sharp.ids))
        native, known = sharp.read(film.id)
    manifest = write_sharp_films(shared_data, films, tmp_path / "films")
    with manifest.open(newline="") as file:
        written = [row["id"] for row in csv.DictReader(file)]
    assert written == [film.id]
    with Image.open(manifest.parent / f"{film.id}.png") as picture:
        assert picture.size == (film.width, film.height)
        pixels = np.asarray(picture, dtype=float)
    inside = known == 1
    assert np.abs(pixels[inside] - 255 * native[inside]).mean() < 1.0
    assert pixels[~inside].mean() > 1  # the rest comes from the stored film


@pytest.mark.shared
def test_an_unknown_split(shared_data: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_split(shared_data, "secret")
    assert caught.value.code == "no_such_split"
