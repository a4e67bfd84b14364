"""The measurement route's points, on drawn hands with a known law of growth."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cli_runs import Runner
from reference_films import films

from boneage.errors import UsageError
from boneage.experiments import measured_rows
from boneage.experiments.learning_curve import annotated_films, curve_of
from boneage.experiments.measured_rows import MeasuredFiles, read_measured
from boneage.experiments.measurement_route import MeasurementSetup, build_options, measurement_point
from boneage.experiments.points import PointKey, read_points
from boneage.experiments.subsets import subset
from boneage.reference.build import BuildOptions
from boneage.training.films import read_records


def write_rows(folder: Path, *, train: int = 400, devtest: int = 60) -> MeasuredFiles:
    """Write drawn hands as the training data's labels and the rows measured on them; two are not measured."""
    labels = folder / "data" / "rsna" / "labels.csv"
    labels.parent.mkdir(parents=True)
    parts = []
    for split, count, seed in (("train", train, 41), ("devtest", devtest, 42)):
        frame = films(count, seed)
        frame.drop(columns=["sex", "bone_age_months"]).iloc[2:].to_csv(folder / f"{split}.csv", index=False)
        parts.append(frame[["id", "bone_age_months", "sex"]].assign(native_height=9, native_width=9, split=split))
    pd.concat(parts).to_csv(labels, index=False)
    return MeasuredFiles(folder / "train.csv", folder / "devtest.csv", labels, "devtest")


@pytest.fixture
def setup(tmp_path: Path) -> MeasurementSetup:
    return MeasurementSetup(
        read_measured(write_rows(tmp_path, train=200, devtest=40)), tmp_path / "run", judged=40, folds=2
    )


def _ids(setup: MeasurementSetup, count: int) -> list[str]:
    return list(setup.rows.train["id"])[:count]


def _mad(setup: MeasurementSetup, answers: dict[str, float]) -> float:
    known = dict(zip(setup.rows.judged["id"], setup.rows.judged["bone_age_months"], strict=True))
    return float(np.mean([abs(months - known[film_id]) for film_id, months in answers.items()]))


def test_more_films_give_a_better_table(setup: MeasurementSetup) -> None:
    few = measurement_point(setup, PointKey("measurement", 50, 0), _ids(setup, 50))
    many = measurement_point(setup, PointKey("measurement", 190, 0), _ids(setup, 190))
    assert (few.fitted_films, many.fitted_films) == (50, 190)
    assert len(few.answers) == len(many.answers) == 38
    assert few.unanswered == 2  # the two films that are not measured
    assert _mad(setup, many.answers) < _mad(setup, few.answers) < 30
    assert few.steps is None and few.source == setup.rows.digest


def test_a_point_is_built_again_only_from_other_rows(
    setup: MeasurementSetup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key, ids = PointKey("measurement", 50, 0), _ids(setup, 50)
    point = measurement_point(setup, key, ids)
    built: list[int] = []
    real = measured_rows.read_measured
    monkeypatch.setattr(
        "boneage.experiments.measurement_route.build_table", lambda frame, *_, **__: built.append(len(frame))
    )
    assert measurement_point(setup, key, ids) == point
    assert not built
    with (tmp_path / "devtest.csv").open("a") as handle:
        handle.write("\n")
    labels = tmp_path / "data" / "rsna" / "labels.csv"
    changed = real(MeasuredFiles(tmp_path / "train.csv", tmp_path / "devtest.csv", labels, "devtest"))
    assert changed.digest != setup.rows.digest
    with pytest.raises(AttributeError):  # the stand-in's table is none
        measurement_point(dataclasses.replace(setup, rows=changed), key, ids)
    assert built == [50]


def test_the_least_number_of_films_grows_to_that_of_shipped_tables() -> None:
    assert [build_options(n).min_films for n in (50, 100, 200, 500, 1000, 10031)] == [10, 10, 20, 50, 60, 60]
    assert build_options(10031).folds == 5 and build_options(50).choose


def test_a_file_without_films_of_its_split_is_refused(tmp_path: Path) -> None:
    files = write_rows(tmp_path, train=20, devtest=10)
    with pytest.raises(UsageError) as caught:
        read_measured(dataclasses.replace(files, judged=files.train))
    assert caught.value.code == "no_measured_films"


def test_annotated_films_are_counted_once_and_in_train_alone(tmp_path: Path) -> None:
    from drawn_films import drawn_hand, joint_array, record, write_training_data

    hand = drawn_hand()
    records = [record(name, split="tune" if name == "e" else "train") for name in "abcde"]
    points = joint_array(dict(hand.joints))
    mask = np.zeros((512, 384), dtype=bool)
    write_training_data(
        tmp_path,
        [hand.pixels] * 5,
        records,
        joints={"a": points, "b": points, "e": points},
        masks={"b": mask, "c": mask},
    )
    assert annotated_films(tmp_path) == {"measurement": 3, "regression": 2, "regions": 3}


def test_the_command_builds_points_and_writes_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_rows(tmp_path, train=100, devtest=30)
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(
        "boneage.experiments.learning_curve.annotated_films",
        lambda _: {"measurement": 7, "regression": 3, "regions": 7},
    )
    quick = BuildOptions(folds=0, min_films=10)
    monkeypatch.setattr("boneage.experiments.measurement_route.build_options", lambda *_: quick)
    run, out = tmp_path / "run", tmp_path / "out"
    words = ["experiment", "learning-curve", "--routes", "measurement", "--run-dir", run, "--output", out]
    words += ["--measured-train", files.train, "--measured-devtest", files.judged]
    ran = Runner(capsys)(*words, "--sizes", "40,all", "--seeds", "0,1")
    assert ran.code == 0, ran.err
    # All films are the same films for every seed, so they are looked up once.
    assert [(p.key.n, p.key.seed) for p in read_points(run)] == [(40, 0), (40, 1), (100, 0)]
    records = [one for one in read_records(tmp_path / "data") if one.split == "train"]
    measured = set(pd.read_csv(files.train, dtype={"id": str})["id"])
    chosen = [len(set(subset(records, 40, seed)) & measured) for seed in (0, 1)]
    assert [p.fitted_films for p in read_points(run)] == [*chosen, 98]
    assert sorted(path.name for path in out.iterdir()) == [f"learning_curve.{end}" for end in ("csv", "md", "svg")]
    assert ran.out == (out / "learning_curve.md").read_text()
    assert "`devtest`, n = 28" in ran.out and "7 annotated films" in ran.out
    assert curve_of(run) is not None
    before = (out / "learning_curve.csv").read_bytes()
    again = Runner(capsys)("experiment", "learning-curve", "--report-only", "--run-dir", run, "--output", out)
    assert again.code == 0 and (out / "learning_curve.csv").read_bytes() == before


def test_without_measured_films_the_remedy_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["experiment", "learning-curve", "--run-dir", tmp_path, "--output", tmp_path, "--measured-train", "x.csv"]
    ran = Runner(capsys)(*words)
    assert ran.code == 2
    assert "no_measured_films" in ran.err and "reference measure" in ran.err
