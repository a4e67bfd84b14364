"""Ages of the training films by networks that have not seen them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from cli_runs import Runner
from drawn_films import drawn_hand, films_of, joint_array, record
from reference_films import built_table, films

from boneage.combination import CombinationModel
from boneage.errors import UsageError
from boneage.training import combination_fit, held_out, held_out_pairs, shipping
from boneage.training.combination_fit import RoutePairs
from boneage.training.hand_frames import HandFrames
from boneage.training.held_out import HeldOutOptions, halves, read_held_out
from boneage.training.held_out_ages import write_held_out_ages
from boneage.training.held_out_pairs import read_held_out_pairs
from boneage.training.regression import FilmSource, FitPlan


def source(count: int = 40) -> FilmSource:
    """Films of both sexes and many ages; the last one is of `tune`."""
    hand = drawn_hand()
    records = [record(str(n), sex="MF"[n % 2], bone_age_months=12 + 5 * n) for n in range(count)]
    records.append(record("tuning", split="tune"))
    frames = HandFrames(
        np.stack([joint_array(dict(hand.joints))] * (count + 1)), np.ones((count + 1, 21)), np.zeros(count + 1)
    )
    return FilmSource(films_of([hand.pixels] * (count + 1), records), frames)


def test_the_halves_are_alike_and_share_no_film() -> None:
    some = source()
    numbers = some.usable("train")
    first, second = halves(some.films, numbers)
    assert sorted(first + second) == numbers
    for sex in "MF":
        ages = [
            sorted(some.films.records[n].bone_age_months for n in half if some.films.records[n].sex == sex)
            for half in (first, second)
        ]
        assert len(ages[0]) == len(ages[1]) == 10
        assert np.abs(np.array(ages[0]) - np.array(ages[1])).max() <= 10  # neighbours in age


def test_each_film_is_read_by_the_network_that_has_not_seen_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    some, plans = source(), list[tuple[FitPlan, Path]]()

    def fit(_source: FilmSource, seen: Sequence[int], plan: FitPlan, run_dir: Path, _recipe: object) -> Any:
        plans.append((plan, run_dir))
        return frozenset(seen)

    def read(seen: frozenset[int], _source: FilmSource, unseen: Sequence[int], _recipe: object, *, batch: int) -> Any:
        assert not seen & set(unseen)
        return torch.tensor([100.0 + number for number in unseen])

    monkeypatch.setattr(held_out, "open_source", lambda _cache: some)
    monkeypatch.setattr(held_out, "fit_network", fit)
    monkeypatch.setattr(held_out, "halved", lambda state: state)
    monkeypatch.setattr(held_out, "predict_ages", read)
    ages = read_held_out(HeldOutOptions(tmp_path, tmp_path, epochs=3, batch=4, seed=5))
    assert ages == {str(n): 100.0 + n for n in range(40)}  # all of train, none of tune
    (one, first), (two, second) = plans
    assert first != second
    assert one == two
    assert (one.steps, one.batch, one.seed) == (15, 4, 5)


def test_the_command_writes_what_the_combination_reads(
    run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = list[HeldOutOptions]()

    def read(options: HeldOutOptions) -> dict[str, float]:
        asked.append(options)
        return {"7": 100.123, "12": 30.0}

    monkeypatch.setattr(held_out, "read_held_out", read)
    path = tmp_path / "ages.csv"
    assert run("train", "held-out", path, "--seed", 3).code == 0
    assert (asked[0].seed, asked[0].run_dir) == (3, Path("runs/held-out"))
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert {row["id"]: float(row["regression_months"]) for row in rows} == {"7": 100.12, "12": 30.0}


def measured(folder: Path, count: int = 300) -> tuple[Path, Path, pd.DataFrame]:
    """Write measurements and labels of some invented films; one more belongs to `tune`."""
    frame = films(count, 1).assign(split="train")
    frame.loc[0, "split"] = "tune"
    values, labels = folder / "measured.csv", folder / "labels.csv"
    frame.drop(columns=["sex", "bone_age_months", "split"]).to_csv(values, index=False)
    frame[["id", "sex", "bone_age_months", "split"]].to_csv(labels, index=False)
    return values, labels, frame


def test_both_routes_of_a_film_stand_together(tmp_path: Path) -> None:
    values, labels, frame = measured(tmp_path)
    ages = dict(zip(frame["id"].astype(str), frame["bone_age_months"] + 3.0, strict=True))
    missing = str(frame["id"].iloc[5])
    del ages[missing]
    write_held_out_ages(ages, tmp_path / "ages.csv")
    pairs = read_held_out_pairs(tmp_path / "ages.csv", values, labels, built_table())
    assert len(pairs.known) == 298  # neither the one of tune nor the one without a regression
    assert np.abs(pairs.regressed - pairs.known - 3).max() < 0.01
    assert np.abs(pairs.measured - pairs.known).mean() < 10
    assert 0 < pairs.male.sum() < 298


@pytest.mark.parametrize(
    "text", ["", "id,months\n1,2\n", "id,regression_months\n1,old\n", "id,regression_months\nx,9\n"]
)
def test_a_file_without_held_out_ages_is_said_to_be_none(text: str, tmp_path: Path) -> None:
    values, labels, _ = measured(tmp_path)
    (tmp_path / "ages.csv").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_held_out_pairs(tmp_path / "ages.csv", values, labels, built_table())
    assert caught.value.code == "no_held_out_ages"


def test_held_out_ages_need_the_measured_ones_beside_them(run: Runner, tmp_path: Path) -> None:
    ran = run(
        "train", "combination", tmp_path, tmp_path / "labels.csv", "--fitted-on", "x", "--held-out", tmp_path / "a"
    )
    assert ran.code == 2
    assert "--measured" in ran.err


def test_with_held_out_ages_the_regressions_own_interval_is_fitted_too(
    run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = np.linspace(20, 220, 400)
    male = np.arange(400) % 2 == 0
    tune, many = RoutePairs(known + 2, known + 5, known, male), RoutePairs(known + 3, known + 9, known, male)
    asked, shipped = [], []

    def fit(pairs: RoutePairs, *, fitted_on: str, held_out: RoutePairs | None) -> CombinationModel:
        asked.append((pairs, held_out))
        return CombinationModel(fitted_on=fitted_on)

    monkeypatch.setattr(combination_fit, "read_pairs", lambda *_: tune)
    monkeypatch.setattr(held_out_pairs, "read_held_out_pairs", lambda *_: many)
    monkeypatch.setattr(combination_fit, "fit_combination", fit)
    monkeypatch.setattr(combination_fit, "ship_combination", lambda _model: None)
    monkeypatch.setattr(shipping, "ship_interval", lambda *films: shipped.append(films))
    words = ("train", "combination", tmp_path, tmp_path / "labels.csv", "--fitted-on", "films", "--ship")
    assert run(*words).code == 0
    assert asked == [(tune, None)]
    assert not shipped
    assert run(*words, "--held-out", tmp_path / "ages.csv", "--measured", tmp_path / "measured.csv").code == 0
    assert asked[1] == (tune, many)
    ((own, more),) = shipped
    assert own.months - own.known == pytest.approx(5)
    assert more.months - more.known == pytest.approx(9)
