"""Training of the hand locator: joints move with the picture, and the loss is least where they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record, write_training_data

from boneage.anatomy import JOINTS
from boneage.segmentation.joints import heat_map_points
from boneage.training import locator
from boneage.training.annotations import JointAnnotation
from boneage.training.locator import LocatorOptions, build_locator, heat_map_loss, make_batch, train_locator

SIZE = 192


def dotted(height: int, width: int, points: np.ndarray) -> np.ndarray:
    """A film that is dark but for bright discs at the joints."""
    y, x = np.indices((height, width))
    film = np.full((height, width), 0.1, dtype=np.float32)
    for px, py in points:
        film[(x - px) ** 2 + (y - py) ** 2 < (0.012 * max(height, width)) ** 2] = 0.9
    return film


def spread(height: int, width: int) -> np.ndarray:
    """21 points apart from each other."""
    grid = np.array([[x, y] for y in np.linspace(0.2, 0.8, 7) for x in (0.25, 0.5, 0.75)])
    return grid * [width, height]


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_joints_move_with_the_picture(seed: int | None) -> None:
    sizes = ((800, 600), (500, 900))
    annotations = [JointAnnotation(str(n), "L", h, w, spread(h, w)) for n, (h, w) in enumerate(sizes)]
    films = films_of(
        [dotted(a.height, a.width, a.points) for a in annotations],
        [record(a.id, height=a.height, width=a.width) for a in annotations],
    )
    random = None if seed is None else np.random.default_rng(seed)
    images, joints, visible = make_batch(films, annotations, random)
    assert images.shape == (2, 1, SIZE, SIZE)
    assert visible.any()
    for image, places, seen in zip(images[:, 0].numpy(), joints.numpy(), visible.numpy(), strict=True):
        well_inside = seen & (places > 8).all(axis=1) & (places < SIZE - 9).all(axis=1)
        assert well_inside.sum() > 5
        for x, y in places[well_inside]:
            window = image[round(y) - 7 : round(y) + 8, round(x) - 7 : round(x) + 8]
            weight = (window - np.median(window)).clip(min=0) ** 2
            ys, xs = np.mgrid[-7:8, -7:8]
            assert (weight * xs).sum() / weight.sum() + round(x) == pytest.approx(x, abs=1.2)
            assert (weight * ys).sum() / weight.sum() + round(y) == pytest.approx(y, abs=1.2)


def test_without_chance_the_film_fills_the_square() -> None:
    annotation = JointAnnotation("1", "L", 800, 400, np.tile([[-0.5, -0.5], [399.5, 799.5], [200, 400]], (7, 1)))
    films = films_of([dotted(800, 400, spread(800, 400))], [record("1", height=800, width=400)])
    _, joints, visible = make_batch(films, [annotation], None)
    np.testing.assert_allclose(joints[0, 0], [47.5, -0.5], atol=1e-4)
    np.testing.assert_allclose(joints[0, 1], [143.5, 191.5], atol=1e-4)
    assert visible[0].tolist() == [False, False, True] * 7


def test_batches_are_the_same_for_the_same_seed() -> None:
    annotation = JointAnnotation("1", "L", 800, 600, spread(800, 600))
    films = films_of([dotted(800, 600, annotation.points)], [record("1", height=800, width=600)])
    first, again, other = (make_batch(films, [annotation], np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[1], other[1])


def test_hands_are_shown_at_any_turn_and_either_way_round() -> None:
    annotation = JointAnnotation("1", "L", 600, 600, spread(600, 600))
    films = films_of([dotted(600, 600, annotation.points)], [record("1", height=600, width=600)])
    mirrored, angles = [], []
    for seed in range(40):
        _, joints, _ = make_batch(films, [annotation], np.random.default_rng(seed), size=32)
        right, down = joints[0, 2] - joints[0, 0], joints[0, 18] - joints[0, 0]
        mirrored.append(bool(right[0] * down[1] - right[1] * down[0] < 0))
        angles.append(abs(float(torch.atan2(-down[0], down[1]))))
    assert 8 < sum(mirrored) < 32
    assert max(angles) > 2.5
    assert np.median(angles) < 0.8


def logits_at(points: torch.Tensor, sigma: float = 1.5) -> torch.Tensor:
    ys, xs = torch.meshgrid(torch.arange(32.0), torch.arange(48.0), indexing="ij")
    return -((xs - points[..., 0, None, None]) ** 2 + (ys - points[..., 1, None, None]) ** 2) / (2 * sigma**2)


def test_the_loss_is_least_at_the_joint_and_with_the_right_width() -> None:
    joints = torch.tensor([[[20.0, 10.0], [31.5, 15.2]]])
    visible = torch.ones(1, 2, dtype=torch.bool)
    least = float(heat_map_loss(logits_at(joints), joints, visible))
    for change in ([1.0, 0.0], [0.0, -1.0], [4.0, 4.0]):
        assert float(heat_map_loss(logits_at(joints + torch.tensor(change)), joints, visible)) > least + 0.1
    for sigma in (1.0, 2.5):
        assert float(heat_map_loss(logits_at(joints, sigma), joints, visible)) > least + 0.1
    assert float(heat_map_loss(torch.zeros(1, 2, 32, 48), joints, visible)) == pytest.approx(np.log(32 * 48), rel=1e-3)


def test_joints_that_are_not_on_the_picture_teach_nothing() -> None:
    joints = torch.tensor([[[20.0, 10.0], [-30.0, 15.0]]])
    visible = torch.tensor([[True, False]])
    logits = torch.zeros(1, 2, 32, 48, requires_grad=True)
    heat_map_loss(logits, joints, visible).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert float(logits.grad[0, 0].abs().max()) > 0
    assert float(logits.grad[0, 1].abs().max()) == 0
    nothing = heat_map_loss(logits.detach(), joints, torch.zeros(1, 2, dtype=torch.bool))
    assert float(nothing) == 0


def test_the_network_has_a_map_a_joint() -> None:
    with torch.inference_mode():
        assert build_locator().eval()(torch.zeros(1, 1, 32, 32)).shape == (1, len(JOINTS), 32, 32)


@pytest.mark.slow
def test_the_command_trains_watches_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = drawn_hand()
    points = joint_array(dict(hand.joints))
    records = [record(str(n), split="tune" if n == 4 else "train") for n in range(5)]
    write_training_data(tmp_path / "data", [hand.pixels] * 5, records, joints={one.id: points for one in records})
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(locator, "FEATURES", (4, 4, 8, 8, 8, 4))
    options = LocatorOptions(tmp_path / "run", tmp_path / "cache", epochs=3, batch=2)
    state = train_locator(options)
    rows = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["step"] == 6  # 4 training films, 2 a step
    assert rows[-1]["median_percent_of_hand"] > 0
    net = build_locator().eval()
    net.load_state_dict(state)
    found, _ = heat_map_points(net(torch.zeros(1, 1, SIZE, SIZE)).float())
    assert torch.isfinite(found).all()
    again = train_locator(options)
    assert all(torch.equal(state[name], again[name]) for name in state)
