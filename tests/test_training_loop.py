"""The training loop: an interrupted run ends where an uninterrupted one does."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from boneage.training import loop
from boneage.training.loop import LoopOptions, WeightAverage, batch_of, fit, generator, rate

OPTIONS = LoopOptions(steps=10, log_every=2, checkpoint_minutes=0.0, average=0.9)


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.LazyLinear(1)).train()


def built() -> nn.Module:
    model = network()
    model(torch.zeros(2, 1, 6, 6))
    torch.manual_seed(4)
    for parameter in model.parameters():
        nn.init.normal_(parameter, 0, 0.3)
    return model


def loss_of_step(model: nn.Module, step: int) -> Tensor:
    pictures = torch.from_numpy(generator(7, step).random((4, 1, 6, 6), dtype=np.float32))
    return (model(pictures)[:, 0] - pictures.mean(dim=(1, 2, 3)) * 5).square().mean()


def interrupted_at(stop: int) -> Callable[[nn.Module, int], Tensor]:
    def loss(model: nn.Module, step: int) -> Tensor:
        if step == stop:
            raise KeyboardInterrupt
        return loss_of_step(model, step)

    return loss


def assert_equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> None:
    assert first.keys() == second.keys()
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, atol=0, rtol=0)


@pytest.mark.parametrize("stop", [1, 5, 9])
def test_an_interrupted_run_ends_with_the_same_weights(stop: int, tmp_path: Path) -> None:
    whole = built()
    expected = fit(whole, loss_of_step, OPTIONS, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        fit(built(), interrupted_at(stop), OPTIONS, tmp_path / "parts")
    seen: list[int] = []

    def watched(model: nn.Module, step: int) -> Tensor:
        seen.append(step)
        return loss_of_step(model, step)

    torch.manual_seed(99)  # a new process has another state
    resumed = built()
    found = fit(resumed, watched, OPTIONS, tmp_path / "parts")
    assert seen == list(range(stop, 10))
    assert_equal(expected, found)
    assert_equal(whole.state_dict(), resumed.state_dict())
    assert any(not torch.equal(a, b) for a, b in zip(built().parameters(), resumed.parameters(), strict=True))


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    expected = fit(built(), loss_of_step, OPTIONS, tmp_path)
    assert_equal(expected, fit(built(), interrupted_at(0), OPTIONS, tmp_path))


def test_a_checkpoint_is_whole_even_if_writing_it_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        fit(built(), interrupted_at(4), OPTIONS, tmp_path)
    before = (tmp_path / "checkpoint.pt").read_bytes()

    def half(state: Any, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", half)
        with pytest.raises(KeyboardInterrupt):
            fit(built(), loss_of_step, OPTIONS, tmp_path)
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    assert_equal(fit(built(), loss_of_step, OPTIONS, tmp_path / "whole"), fit(built(), loss_of_step, OPTIONS, tmp_path))


def test_checkpoints_wait_for_their_time(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fit(built(), interrupted_at(5), LoopOptions(steps=10, checkpoint_minutes=60), tmp_path)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_training_lowers_the_loss_and_logs_it(tmp_path: Path) -> None:
    fit(built(), loss_of_step, LoopOptions(steps=200, log_every=20), tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    losses = [row["loss"] for row in rows if "loss" in row]
    assert [row["step"] for row in rows if "loss" in row] == list(range(20, 201, 20))
    assert losses[-1] < losses[0] / 3


def test_the_averaged_network_is_evaluated_and_training_goes_on_undisturbed(tmp_path: Path) -> None:
    seen: list[Tensor] = []

    def evaluate(model: nn.Module) -> dict[str, float]:
        assert not model.training
        assert not torch.is_grad_enabled()
        seen.append(next(model.parameters()).detach().clone())
        return {"figure": 1.5}

    model = built()
    expected = fit(built(), loss_of_step, OPTIONS, tmp_path / "silent")
    found = fit(model, loss_of_step, OPTIONS, tmp_path / "watched", evaluate=evaluate, evaluate_every=4)
    assert_equal(expected, found)
    assert len(seen) == 3  # after 4 and 8 steps, and at the end
    torch.testing.assert_close(seen[-1], next(iter(found.values())))
    assert not torch.equal(seen[-1], next(model.parameters()))
    assert model.training
    figures = [json.loads(line) for line in (tmp_path / "watched" / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in figures if "figure" in row] == [4, 8, 10]


def test_a_loss_that_explodes_moves_the_weights_little(tmp_path: Path) -> None:
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    options = LoopOptions(steps=1, warm_up=0.5, weight_decay=0.0)
    captured: list[float] = []

    def exploding(model: nn.Module, step: int) -> Tensor:
        weight = next(model.parameters())
        weight.register_post_accumulate_grad_hook(lambda p: captured.append(float(p.grad)))
        return (weight * 1e9).sum()

    clipped: list[float] = []
    original = nn.utils.clip_grad_norm_

    def clip(parameters: Any, limit: float) -> Tensor:
        parameters = list(parameters)
        total = original(parameters, limit)
        clipped.extend(float(p.grad.norm()) for p in parameters if p.grad is not None)
        return total

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nn.utils, "clip_grad_norm_", clip)
        fit(model, exploding, options, tmp_path)
    assert captured == [1e9]
    assert clipped == pytest.approx([5.0])


@pytest.mark.parametrize(("size", "count"), [(4, 20), (3, 20), (1, 5), (5, 5)])
def test_an_epoch_has_every_film_at_most_once(size: int, count: int) -> None:
    per_epoch = count // size
    orders = []
    for epoch in range(3):
        chosen = [i for step in range(per_epoch) for i in batch_of(epoch * per_epoch + step, size, count, seed=1)]
        assert len(set(chosen)) == len(chosen) == per_epoch * size
        assert set(chosen) <= set(range(count))
        orders.append(chosen)
    assert orders[0] != orders[1] != orders[2]


def test_all_films_are_seen_over_the_epochs() -> None:
    seen = {i for step in range(60) for i in batch_of(step, 3, 20, seed=1)}
    assert seen == set(range(20))


def test_batches_depend_on_seed_and_step_alone() -> None:
    assert batch_of(17, 4, 100, seed=5) == batch_of(17, 4, 100, seed=5)
    assert batch_of(17, 4, 100, seed=5) != batch_of(17, 4, 100, seed=6)
    assert generator(1, 2).random() == generator(1, 2).random()
    assert len({generator(seed, step).random() for seed in range(3) for step in range(3)}) == 9


def test_fewer_films_than_a_batch_are_all_taken() -> None:
    assert sorted(batch_of(3, 8, 5, seed=0)) == [0, 1, 2, 3, 4]


def test_the_rate_rises_then_falls_to_nearly_nothing() -> None:
    options = LoopOptions(steps=1000, peak_rate=2e-3, warm_up=0.05)
    rates = [rate(step, options) for step in range(1000)]
    assert 0 < rates[0] < 0.02 * options.peak_rate
    assert rates[:50] == sorted(rates[:50])
    assert rates[50:] == sorted(rates[50:], reverse=True)
    assert max(rates) == pytest.approx(options.peak_rate, rel=0.01)
    assert 0 < rates[-1] < 1e-3 * options.peak_rate
    assert rates[525] == pytest.approx(options.peak_rate / 2, rel=0.01)
    assert rate(1000, options) > 0


def test_the_average_follows_the_weights() -> None:
    model = nn.BatchNorm1d(2)
    average = WeightAverage(model, 0.9)
    with torch.no_grad():
        model.weight.fill_(3.0)
        model.running_mean.fill_(7.0)  # type: ignore[union-attr, operator]
    model.num_batches_tracked.fill_(5)  # type: ignore[union-attr, operator]
    average.update(model, 1)  # an early step: decay 2 / 11
    assert average.state["weight"].tolist() == pytest.approx([1 * 2 / 11 + 3 * 9 / 11] * 2)
    assert average.state["running_mean"].tolist() == pytest.approx([7 * 9 / 11] * 2)
    assert int(average.state["num_batches_tracked"]) == 5
    before = average.state["weight"].clone()
    average.update(model, 1000)  # a late one: 0.9
    torch.testing.assert_close(average.state["weight"], 0.9 * before + 0.1 * 3.0)
    assert math.isclose(float(model.weight.detach()[0]), 3.0)


def test_the_average_is_no_view_of_the_model() -> None:
    model = nn.Linear(2, 1)
    average = WeightAverage(model, 0.9)
    kept = average.state["weight"].clone()
    with torch.no_grad():
        model.weight.add_(1.0)
    assert torch.equal(average.state["weight"], kept)


def test_the_device_is_one_that_is_there() -> None:
    where = loop.device()
    assert where.type == ("cuda" if torch.cuda.is_available() else "cpu")
    with loop.autocast(where):
        assert (torch.ones(2, 2, device=where) @ torch.ones(2, 2, device=where)).dtype == torch.bfloat16
