"""A manifest that a batch reads."""

from __future__ import annotations

from pathlib import Path

from boneage.batch.inputs import find_films
from boneage.evaluation.manifest import write_manifest


def test_a_batch_reads_what_is_written(tmp_path: Path) -> None:
    films = [("a, b.png", "M", "1"), (tmp_path / "far.png", "", "2")]
    found = find_films([write_manifest(films, tmp_path / "manifest.csv")])
    assert [(film.path, film.sex, film.id) for film in found] == [
        (tmp_path / "a, b.png", "M", "1"),
        (tmp_path / "far.png", None, "2"),
    ]
