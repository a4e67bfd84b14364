"""Training of the regression network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record

from boneage.regression.network import AGE_SD, INPUT_SHAPE
from boneage.training import regression
from boneage.training.films import Films
from boneage.training.hand_frames import HandFrames, film_frame_picture
from boneage.training.regression import (
    FilmSource,
    FitPlan,
    _erase,
    age_loss,
    fit_network,
    make_batch,
    predict_ages,
    usable,
)

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))


def some_films() -> tuple[Films, HandFrames]:
    records = [
        record("a", sex="F", bone_age_months=30),
        record("b", sex="M", bone_age_months=200.5),
        record("c", split="tune"),
        record("d"),
        record("e", height=0, width=0),
    ]
    misfit = np.array([0.03, 0.119, 0.05, 0.3, np.nan])
    frames = HandFrames(np.stack([POINTS] * 5), np.ones((5, 21)), misfit)
    return films_of([HAND.pixels] * 5, records), frames


def test_ages_sexes_and_pictures_belong_together() -> None:
    films, frames = some_films()
    pictures, codes, ages = make_batch(films, frames, [1, 0], None)
    assert pictures.shape == (2, 1, *INPUT_SHAPE)
    assert codes.tolist() == [1, 0]
    assert ages.tolist() == [200.5, 30.0]


def test_training_sees_what_reading_sees() -> None:
    films, frames = some_films()
    pictures, _, _ = make_batch(films, frames, [0], None)
    frame = torch.from_numpy(film_frame_picture(films, frames, 0))[None, None]
    inside = np.s_[..., 60:150, 50:130]
    difference = (pictures - torch.nn.functional.interpolate(frame, size=INPUT_SHAPE, mode="bilinear"))[inside].abs()
    assert float(difference.mean()) < 0.03


def test_pictures_are_changed_while_training_and_some_sexes_withheld() -> None:
    films, frames = some_films()
    still, _, _ = make_batch(films, frames, [0], None)
    first, _, ages = make_batch(films, frames, [0], np.random.default_rng(1))
    again, _, _ = make_batch(films, frames, [0], np.random.default_rng(1))
    assert torch.equal(first, again)
    assert not torch.allclose(first, still, atol=0.05)
    assert ages.tolist() == [30.0]
    _, codes, _ = make_batch(films, frames, [0, 1] * 60, np.random.default_rng(2))
    withheld = float((codes == 2).float().mean())
    assert 0 < withheld < 0.15
    assert (codes[::2] != 1).all()
    assert (codes[1::2] != 0).all()


def test_a_third_of_the_pictures_lose_a_rectangle() -> None:
    pictures = torch.full((300, 1, 40, 40), -1.0)
    erased = _erase(pictures, np.random.default_rng(0))
    changed = (erased != -1).flatten(1).any(dim=1)
    assert 0.25 < float(changed.float().mean()) < 0.41
    for picture in erased[changed]:
        rows, columns = np.nonzero(picture[0].numpy() != -1)
        assert 3 <= np.ptp(rows) + 1 <= 10
        assert 3 <= np.ptp(columns) + 1 <= 10
        assert len(rows) == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
        assert 0 <= float(picture[0, rows[0], columns[0]]) <= 1


def test_the_loss_is_the_mean_error_in_units_of_the_spread() -> None:
    answers = torch.tensor([100.0, 120.0], requires_grad=True)
    loss = age_loss(answers, torch.tensor([100.0 + AGE_SD, 120.0 - 2 * AGE_SD]))
    assert float(loss.detach()) == pytest.approx(1.5)
    loss.backward()  # type: ignore[no-untyped-call]
    assert answers.grad is not None
    assert answers.grad.sign().tolist() == [-1, 1]
    assert float(age_loss(torch.ones(3), torch.ones(3))) == 0


def test_only_films_whose_palm_was_found_are_used() -> None:
    films, frames = some_films()
    assert usable(films, frames, "train") == [0, 1]
    assert usable(films, frames, "train", worst_misfit=0.5) == [0, 1, 3]
    assert usable(films, frames, "tune") == [2]
    assert usable(films, frames, "devtest") == []


@pytest.mark.slow
def test_a_fit_watches_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(str(n), split="tune" if n == 4 else "train", bone_age_months=40.0 * n) for n in range(5)]
    frames = HandFrames(np.stack([POINTS] * 5), np.ones((5, 21)), np.full(5, 0.05))
    source = FilmSource(films_of([HAND.pixels] * 5, records), frames)
    monkeypatch.setattr(regression, "WIDTHS", (4, 4, 4, 4, 4))
    monkeypatch.setattr(regression, "BLOCKS", (1, 1, 1, 1))
    plan = FitPlan(4, batch=2)

    def watch(model: torch.nn.Module) -> dict[str, float]:
        return {"tune_age": float(predict_ages(model, source, source.usable("tune"))[0])}

    state = fit_network(source, source.usable("train"), plan, tmp_path, evaluate=watch, evaluate_every=2)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows if "tune_age" in row] == [2, 4, 4]
    again = fit_network(source, source.usable("train"), plan, tmp_path)
    assert all(torch.equal(state[name], again[name]) for name in state)
