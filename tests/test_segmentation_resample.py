"""Sampling through affine maps and contrast normalisation, on pictures whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from boneage.segmentation.resample import normalise, sample, warp

IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def noise(rows: int = 7, columns: int = 9, *, count: int = 1) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(1).random((count, 1, rows, columns), dtype=np.float32)) + 0.1


def matrices(*each: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.stack(each))


def shift(x: float, y: float) -> np.ndarray:
    return IDENTITY + np.array([[0.0, 0.0, x], [0.0, 0.0, y]])


def test_identity_changes_nothing() -> None:
    image = noise()
    sampled, inside = sample(image, matrices(IDENTITY), (7, 9))
    torch.testing.assert_close(sampled, image)
    assert inside.all()
    assert inside.shape == (1, 1, 7, 9)


def test_a_whole_shift_moves_pixels_and_leaves_zeros() -> None:
    image = noise()
    sampled, inside = sample(image, matrices(shift(3, -2)), (7, 9))
    torch.testing.assert_close(sampled[0, 0, 2:, :6], image[0, 0, :5, 3:])
    assert (sampled[0, 0, :2] == 0).all()
    assert (sampled[0, 0, :, 6:] == 0).all()
    expected = torch.zeros(7, 9, dtype=torch.bool)
    expected[2:, :6] = True
    assert torch.equal(inside[0, 0], expected)


def test_half_a_pixel_is_the_mean_of_neighbours() -> None:
    image = noise()
    sampled, _ = sample(image, matrices(shift(0.5, 0)), (7, 8))
    torch.testing.assert_close(sampled[0, 0], (image[0, 0, :, :-1] + image[0, 0, :, 1:]) / 2)


def test_inside_reaches_to_the_edge_of_the_outer_pixels() -> None:
    image = noise()
    _, near = sample(image, matrices(shift(-0.49, -0.49)), (1, 1))
    _, beyond = sample(image, matrices(shift(-0.51, 0)), (1, 1))
    _, last = sample(image, matrices(shift(8.49, 6.49)), (1, 1))
    _, after = sample(image, matrices(shift(8.0, 6.51)), (1, 1))
    assert [bool(mask) for mask in (near, beyond, last, after)] == [True, False, True, False]


def test_each_image_has_its_own_matrix() -> None:
    image = noise(count=2)
    quarter = np.array([[0.0, -1.0, 8.0], [1.0, 0.0, 0.0]])  # image x = 8 - target y, image y = target x
    sampled, inside = sample(image, matrices(IDENTITY, quarter), (9, 7))
    torch.testing.assert_close(sampled[0, 0, :7], image[0, 0, :, :7])
    torch.testing.assert_close(sampled[1, 0], torch.rot90(image[1, 0], 1))
    assert inside[1].all()
    assert not inside[0].all()


def test_warp_enlarges_like_sample() -> None:
    image = noise()
    matrix = np.array([[0.5, 0.0, 1.0], [0.0, 0.5, 1.0]])
    warped, inside = warp(image[0, 0].numpy(), matrix, (8, 10))
    expected, mask = sample(image, matrices(matrix), (8, 10))
    torch.testing.assert_close(warped, expected)
    assert torch.equal(inside, mask)


def test_warp_smooths_before_it_shrinks() -> None:
    checks = (np.indices((120, 120)).sum(axis=0) % 2).astype(np.float32)
    matrix = np.array([[6.0, 0.0, 2.0], [0.0, 6.0, 2.0]])
    warped, inside = warp(checks, matrix, (20, 20))
    assert inside.all()
    assert float((warped - 0.5).abs().max()) < 1e-5
    aliased, _ = sample(torch.from_numpy(checks)[None, None], matrices(matrix), (20, 20))
    assert float((aliased - 0.5).abs().max()) == 0.5


@pytest.mark.parametrize(("step", "tolerance"), [(1.0, 1e-3), (3.0, 1e-3), (2.4, 0.6), (7.3, 1.5)])
def test_warp_keeps_places(step: float, tolerance: float) -> None:
    y, x = np.indices((240, 180)).astype(np.float32)
    matrix = np.array([[step, 0.0, 30.0], [0.0, step, 20.0]])
    rows, columns = int(180 / step), int(120 / step)
    for film, axis in ((x, 1), (y, 0)):
        warped, _ = warp(film, matrix, (rows, columns))
        place = np.indices((rows, columns))[axis] * step + (30.0, 20.0)[1 - axis]
        assert np.abs(warped[0, 0].numpy() - place).max() < tolerance


def test_warp_turns_while_it_shrinks() -> None:
    film = np.zeros((200, 300), dtype=np.float32)
    film[146:155, 96:105] = 1.0  # a bright square about x = 100, y = 150
    angle, step = np.deg2rad(30), 2.5
    linear = step * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = np.column_stack([linear, np.array([100.0, 150.0]) - linear @ [20.0, 12.0]])
    kept = matrix.copy()
    warped, inside = warp(film, matrix, (40, 40))
    ys, xs = np.mgrid[:40, :40]
    weight = warped[0, 0].numpy()
    assert (weight * xs).sum() / weight.sum() == pytest.approx(20.0, abs=0.1)
    assert (weight * ys).sum() / weight.sum() == pytest.approx(12.0, abs=0.1)
    assert weight.sum() == pytest.approx(81 / step**2, rel=0.05)
    assert not inside.all()
    assert np.array_equal(matrix, kept)


def test_warp_takes_arrays_that_are_not_contiguous() -> None:
    image = noise()[0, 0].numpy()
    flipped, _ = warp(image[::-1, ::-1], IDENTITY, (7, 9))
    torch.testing.assert_close(flipped[0, 0], torch.from_numpy(image[::-1, ::-1].copy()))


@settings(max_examples=25, deadline=None)
@given(gain=st.floats(0.02, 50), offset=st.floats(-5, 5))
def test_normalise_forgets_gain_and_offset(gain: float, offset: float) -> None:
    image = noise(40, 30)
    inside = torch.ones_like(image, dtype=torch.bool)
    torch.testing.assert_close(normalise(image * gain + offset, inside), normalise(image, inside), atol=2e-3, rtol=0)


def test_normalise_puts_the_quantiles_at_0_and_1_and_clips() -> None:
    ramp = torch.arange(1000.0).repeat_interleave(2)[None, None, None].expand(1, 1, 2, 2000).clone()
    inside = torch.ones_like(ramp, dtype=torch.bool)
    result = normalise(ramp, inside)[0, 0, 0, ::2]
    assert float(result[20]) == pytest.approx(0.0, abs=2e-3)
    assert float(result[994]) == pytest.approx(1.0, abs=2e-3)
    ramp[..., -2:], ramp[..., :2] = 1e6, -1e6  # a marker and a hole
    result = normalise(ramp, inside)
    assert float(result.max()) == pytest.approx(1.2)
    assert float(result.min()) == pytest.approx(-0.1)
    assert float(result[0, 0, 0, 1000]) == pytest.approx(0.49, abs=0.02)


def test_nearly_flat_films_are_stretched_like_all_others() -> None:
    image = noise(40, 30)
    inside = torch.ones_like(image, dtype=torch.bool)
    flat = 0.4 + image * 0.01
    assert float(normalise(flat, inside).std()) == pytest.approx(float(normalise(image, inside).std()), rel=0.01)


def test_blank_films_and_empty_frames_stay_finite() -> None:
    blank = torch.full((2, 1, 10, 10), 0.7)
    inside = torch.ones_like(blank, dtype=torch.bool)
    inside[1] = False
    assert (normalise(blank, inside) == 0).all()


def test_what_is_outside_counts_for_nothing() -> None:
    image = noise(40, 30)
    inside = torch.zeros_like(image, dtype=torch.bool)
    inside[..., :20] = True
    other = image.clone()
    other[..., 20:] = 1000.0
    result = normalise(other, inside)
    torch.testing.assert_close(result, normalise(image, inside))
    assert (result[..., 20:] == 0).all()
    assert float(result[..., :20].max()) > 0.9


def test_each_image_is_normalised_by_itself() -> None:
    pair = noise(20, 20, count=2)
    pair[1] = pair[1] * 9 + 4
    inside = torch.ones_like(pair, dtype=torch.bool)
    torch.testing.assert_close(normalise(pair, inside)[:1], normalise(pair[:1], inside[:1]))
    torch.testing.assert_close(normalise(pair, inside)[1:], normalise(pair[1:], inside[1:]))
