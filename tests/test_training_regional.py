"""Training of the regional network on drawn hands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record, write_training_data

from boneage.regression.network import AGE_SD
from boneage.regression.regions import Regions, cut_regions
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.segmentation.locator import load_unet
from boneage.training import regional
from boneage.training.hand_frames import HandFrames, sample_stored
from boneage.training.regional import (
    DIVERGENCE,
    LABEL_SD,
    RegionalOptions,
    distribution_loss,
    fine_to_stored,
    joints_on_fine_grid,
    make_batch,
    new_network,
)
from boneage.training.regression import FilmSource
from boneage.training.regression_answers import is_distribution

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))


def source() -> FilmSource:
    records = [record("a", sex="F", bone_age_months=30), record("b", sex="M", bone_age_months=200.5)]
    frames = HandFrames(np.stack([POINTS] * 2), np.ones((2, 21)), np.array([0.03, 0.05]))
    return FilmSource(films_of([HAND.pixels] * 2, records), frames)


def test_joints_lie_on_the_fine_grid_where_the_film_has_them() -> None:
    films, frames = source().films, source().frames
    joints = joints_on_fine_grid(films, frames, 0)
    stored = np.array([*joints["pip_3"], 1]) @ fine_to_stored(films, frames, 0).T
    native_to_stored = films.matrix("a")
    np.testing.assert_allclose(stored[:2], native_to_stored @ [*HAND.joints["pip_3"], 1], atol=1e-6)


def test_ages_sexes_and_regions_belong_together() -> None:
    regions, codes, ages = make_batch(source(), [1, 0], None)
    assert codes.tolist() == [1, 0]
    assert ages.tolist() == [200.5, 30.0]
    assert len(regions.wrist) == len(regions.knuckles) == len(regions.small_joints) == 2


def test_training_sees_nearly_what_reading_sees() -> None:
    films, frames = source().films, source().frames
    trained, _, _ = make_batch(source(), [0], None)
    picture, _ = sample_stored(films, [0], [fine_to_stored(films, frames, 0)], FINE_SHAPE)
    read = cut_regions(picture, joints_on_fine_grid(films, frames, 0))
    for part in ("knuckles", "small_joints", "wrist"):
        assert float((getattr(read, part) - getattr(trained, part)).abs().mean()) < 0.02


def test_training_moves_and_changes_and_equal_seeds_do_it_alike() -> None:
    plain, _, _ = make_batch(source(), [0, 1], None)
    first, _, _ = make_batch(source(), [0, 1], np.random.default_rng(4))
    again, _, _ = make_batch(source(), [0, 1], np.random.default_rng(4))
    torch.testing.assert_close(first.knuckles, again.knuckles)
    assert float((first.knuckles - plain.knuckles).abs().mean()) > 0.02


def test_some_hands_lose_one_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regional, "HIDDEN_SHARE", 1.0)
    regions = Regions(torch.ones(40, 5, 1, 4, 4), torch.ones(40, 10, 1, 4, 4), torch.ones(40, 1, 4, 4))
    regional._hide_some(regions, np.random.default_rng(0))
    lost = [
        int((part.flatten(2).sum(-1) == 0).sum()) for part in (regions.knuckles, regions.small_joints, regions.wrist)
    ]
    assert sum(lost) == 40
    assert min(lost) > 0


def test_the_encoders_begin_as_those_of_the_fine_stage() -> None:
    net = new_network(0)
    for part in ("joints", "wrist"):
        shipped, own = load_unet(part).down.state_dict(), getattr(net, part).down.state_dict()
        assert all(torch.equal(own[name], value) for name, value in shipped.items())


def test_the_loss_of_a_distribution_is_least_round_the_label() -> None:
    model, label, codes = new_network(0, distribution=True).eval(), 120.0, torch.zeros(1, dtype=torch.long)
    ages, regions = torch.tensor([label]), make_batch(source(), [0], None)[0]

    def loss(mean: float, spread: float) -> float:
        with torch.no_grad():
            model.answer.bias.copy_(-((model.ages - mean) ** 2) / (2 * spread**2))
            return float(distribution_loss(model, regions, codes, ages))

    assert loss(label, LABEL_SD) == pytest.approx(0, abs=1e-3)
    assert loss(label + 12, LABEL_SD) == pytest.approx(12 / AGE_SD + DIVERGENCE * 12**2 / (2 * LABEL_SD**2), rel=0.01)
    assert loss(label, 2 * LABEL_SD) > 0.05
    assert loss(label, LABEL_SD / 2) > 0.05


@pytest.mark.slow
@pytest.mark.parametrize("distribution", [False, True])
def test_a_short_training_runs_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, distribution: bool) -> None:
    root = tmp_path / "data"
    records = [record(str(number), split="tune" if number % 4 == 0 else "train") for number in range(8)]
    write_training_data(root, [HAND.pixels] * 8, records)
    monkeypatch.setenv("BONEAGE_DATA", str(root))
    films = films_of([HAND.pixels] * 8, records)
    frames = HandFrames(np.stack([POINTS] * 8), np.ones((8, 21)), np.full(8, 0.03))
    monkeypatch.setattr(regional, "open_source", lambda cache: FilmSource(films, frames))
    options = RegionalOptions(tmp_path / "run", tmp_path / "cache", epochs=1, batch=3, distribution=distribution)
    state = regional.train_regression(options)
    assert set(state) == set(new_network(0).state_dict())
    assert is_distribution(state) == distribution
    noted = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert noted[-1]["step"] == 2
    assert noted[-1]["tune_mad_months"] > 0
