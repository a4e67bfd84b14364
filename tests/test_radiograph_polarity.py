"""Polarity from the picture: on real films both ways round."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from make_dicom import hand
from PIL import Image

from boneage.radiograph.polarity import CONTRADICTS_BELOW, INVERTED_BELOW, bone_bright_score

FILMS = Path(__file__).resolve().parent.parent / "examples" / "films"


def grey(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)


@pytest.mark.parametrize("path", sorted(FILMS.glob("*.webp")), ids=lambda path: path.stem)
def test_example_films_are_judged_right_both_ways(path: Path) -> None:
    film = grey(path)
    assert bone_bright_score(film) > -INVERTED_BELOW
    assert bone_bright_score(1 - film) < INVERTED_BELOW


def test_the_score_of_the_inverted_film_is_the_negative() -> None:
    film = hand().astype(np.float32)
    assert bone_bright_score(film.max() - film) == pytest.approx(-bone_bright_score(film), rel=1e-3)


def test_the_unit_of_the_grey_levels_does_not_matter() -> None:
    film = grey(FILMS / "rsna_4621.webp")
    assert bone_bright_score(film * 4095 + 100) == pytest.approx(bone_bright_score(film), abs=0.01)


def test_white_margins_do_not_mislead() -> None:
    film = np.pad(grey(FILMS / "rsna_4621.webp"), 200, constant_values=1.0)
    assert bone_bright_score(film) > -INVERTED_BELOW
    assert bone_bright_score(1 - film) < INVERTED_BELOW


@pytest.mark.parametrize("shape", [(64, 64), (64, 900), (3000, 70)])
def test_a_picture_that_does_not_tell_is_left_alone(shape: tuple[int, int]) -> None:
    ramp = np.tile(np.linspace(0, 1, shape[1], dtype=np.float32), (shape[0], 1))
    assert abs(bone_bright_score(ramp)) < -INVERTED_BELOW


@pytest.mark.shared
def test_tuning_films_are_judged_right_both_ways(shared_data: Path) -> None:
    with (shared_data / "rsna" / "labels.csv").open(newline="") as handle:
        tune = {row["id"] for row in csv.DictReader(handle) if row["split"] == "tune"}
    scores = []
    with zipfile.ZipFile(shared_data / "rsna" / "images" / "shard-1.zip") as archive:
        for name in [name for name in archive.namelist() if Path(name).stem in tune][:150]:
            with Image.open(io.BytesIO(archive.read(name))) as image:
                scores.append(bone_bright_score(np.asarray(image.convert("L"), dtype=np.float32)))
    found = np.array(scores)
    assert len(found) == 150
    assert (found >= INVERTED_BELOW).mean() >= 0.99
    assert (-found < INVERTED_BELOW).mean() >= 0.99
    assert (found >= CONTRADICTS_BELOW).all()
