"""Labels drawn towards held-out ages: what is learned from, and what is left as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_films import films_of, record

from boneage.training import regional
from boneage.training.held_out_ages import write_held_out_ages
from boneage.training.regional import RegionalOptions
from boneage.training.regression import FilmSource
from boneage.training.soft_labels import LABEL_SHARE, soft_label, with_soft_labels

PIXELS = np.zeros((299, 299), dtype=np.uint8)


def test_where_teachers_know_the_age_the_label_has_its_share() -> None:
    assert soft_label(120.0, 100.0) == pytest.approx(120 * LABEL_SHARE + 100 * (1 - LABEL_SHARE))


def test_an_infants_label_stands_alone() -> None:
    assert soft_label(10.0, 22.0) == 10.0


def test_between_them_the_share_changes_without_a_step() -> None:
    learned = np.array([soft_label(teacher + 10, teacher) - teacher for teacher in np.arange(0, 120, 0.5)])
    assert np.abs(np.diff(learned)).max() < 0.1
    assert (np.diff(learned) <= 1e-9).all()


def test_only_films_with_a_held_out_age_change() -> None:
    films = films_of([PIXELS] * 2, [record("1"), record("2")])
    soft = with_soft_labels(films, {"1": films.records[0].bone_age_months + 10})
    assert soft.records[0].bone_age_months > films.records[0].bone_age_months
    assert soft.records[1] == films.records[1]
    assert soft.pixels is films.pixels


def test_the_training_learns_from_soft_labels_and_watches_plain_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record("1", split="train"), record("2", split="tune")]
    source = FilmSource(films_of([PIXELS] * 2, records), frames=None)  # type: ignore[arg-type]
    teacher = records[0].bone_age_months + 20
    write_held_out_ages({"1": teacher}, tmp_path / "ages.csv")
    seen = list[FilmSource]()

    def fit(source: FilmSource, *_: object, **__: object) -> dict[str, object]:
        seen.append(source)
        return {}

    monkeypatch.setattr(regional, "open_source", lambda cache: source)
    monkeypatch.setattr(FilmSource, "usable", lambda self, split: [0] if split == "train" else [1])
    monkeypatch.setattr(regional, "fit_network", fit)
    options = RegionalOptions(tmp_path / "run", tmp_path, batch=1, soft_labels=tmp_path / "ages.csv")
    regional.train_regression(options)
    assert seen[0].films.records[0].bone_age_months == soft_label(records[0].bone_age_months, teacher)
    assert seen[0].films.records[1] == records[1]
