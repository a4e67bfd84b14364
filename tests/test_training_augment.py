"""Random changes while training."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from boneage.training.augment import GRAIN, Geometry, random_affine, random_film, random_grey

STILL = Geometry(turn=0, zoom=1, stretch=1, shift=0)
SHAPE = (384, 320)
CENTRE = np.array([159.5, 191.5, 1.0])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    turn=st.floats(0, 180),
    zoom=st.floats(1, 1.6),
    stretch=st.floats(1, 1.2),
    shift=st.floats(0, 0.3),
    mirror=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_every_map_can_be_undone_and_stays_within_its_ranges(
    seed: int, turn: float, zoom: float, stretch: float, shift: float, mirror: float
) -> None:
    geometry = Geometry(turn=turn, zoom=zoom, stretch=stretch, shift=shift, mirror=mirror)
    matrix = random_affine(np.random.default_rng(seed), SHAPE, geometry)
    np.testing.assert_array_equal(matrix[2], [0, 0, 1])
    np.testing.assert_allclose(np.linalg.inv(matrix) @ matrix, np.eye(3), atol=1e-9)
    singular = np.linalg.svd(matrix[:2, :2], compute_uv=False)
    assert singular[0] <= zoom * stretch + 1e-9
    assert singular[1] >= 1 / (zoom * stretch) - 1e-9
    assert singular[0] / singular[1] <= stretch**2 + 1e-9
    moved = np.abs((matrix @ CENTRE - CENTRE)[:2])
    assert (moved <= shift * np.array([320, 384]) + 1e-9).all()
    if mirror in (0.0, 1.0):
        assert (np.linalg.det(matrix) < 0) == (mirror == 1.0)


def test_no_range_no_change() -> None:
    np.testing.assert_allclose(random_affine(np.random.default_rng(0), SHAPE, STILL), np.eye(3), atol=1e-9)


def test_the_turn_is_about_the_centre_and_within_its_range() -> None:
    random = np.random.default_rng(1)
    angles = []
    for _ in range(300):
        matrix = random_affine(random, SHAPE, Geometry(turn=20, zoom=1, stretch=1, shift=0))
        np.testing.assert_allclose(matrix @ CENTRE, CENTRE, atol=1e-9)
        angles.append(np.rad2deg(np.arctan2(matrix[1, 0], matrix[0, 0])))
    assert 18 < max(angles) <= 20
    assert -20 <= min(angles) < -18


def test_some_films_are_turned_by_any_angle() -> None:
    random = np.random.default_rng(1)
    geometry = Geometry(turn=5, any_turn=0.4, zoom=1, stretch=1, shift=0)
    matrices = [random_affine(random, SHAPE, geometry) for _ in range(400)]
    angles = np.rad2deg([np.arctan2(matrix[1, 0], matrix[0, 0]) for matrix in matrices])
    assert 0.3 < (np.abs(angles) > 5).mean() < 0.5
    assert np.abs(angles).max() > 150


def test_the_share_of_mirrored_films() -> None:
    random = np.random.default_rng(2)
    flips = [np.linalg.det(random_affine(random, SHAPE, Geometry(mirror=0.5))) < 0 for _ in range(300)]
    assert 0.4 < np.mean(flips) < 0.6


def pictures(count: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    values = torch.rand(count, 1, 64, 48, generator=torch.Generator().manual_seed(1))
    inside = torch.ones_like(values, dtype=torch.bool)
    inside[..., 40:] = False
    return values * inside, inside


def test_grey_changes_keep_shape_order_and_what_is_outside() -> None:
    images, inside = pictures()
    changed = random_grey(images, inside, np.random.default_rng(3), blurred=0, noisy=0)
    assert changed.shape == images.shape
    assert (changed[~inside] == 0).all()
    assert torch.isfinite(changed).all()
    for before, after in zip(images[..., :40], changed[..., :40], strict=True):
        order = before.flatten().argsort()
        assert (after.flatten()[order].diff() >= -1e-6).all()
        assert not torch.allclose(before, after)


def test_images_are_changed_each_in_its_own_way_and_the_same_for_the_same_seed() -> None:
    images, inside = pictures(1)
    images, inside = images.expand(6, -1, -1, -1), inside.expand(6, -1, -1, -1)
    changed = random_grey(images, inside, np.random.default_rng(3))
    assert len({round(float(image.mean()), 5) for image in changed}) == 6
    torch.testing.assert_close(changed, random_grey(images, inside, np.random.default_rng(3)), atol=0, rtol=0)
    assert not torch.equal(changed, random_grey(images, inside, np.random.default_rng(4)))


def test_blur_and_noise_do_what_they_say() -> None:
    images, inside = pictures()
    inside = torch.ones_like(inside)

    def roughness(**shares: float) -> float:
        changed = random_grey(images, inside, np.random.default_rng(5), **shares)
        return float(changed.diff(dim=-1).abs().mean())

    plain = roughness(blurred=0, noisy=0)
    assert roughness(blurred=1, noisy=0) < 0.7 * plain
    smooth = torch.full_like(images, 0.5)
    noisy = random_grey(smooth, inside, np.random.default_rng(6), blurred=0, noisy=1)
    quiet = random_grey(smooth, inside, np.random.default_rng(6), blurred=0, noisy=0)
    assert float(quiet[0].std()) == pytest.approx(0, abs=1e-6)
    assert 0.004 < float(noisy.std(dim=(1, 2, 3)).min()) < float(noisy.std(dim=(1, 2, 3)).max()) < 0.09


def test_the_images_given_are_not_changed() -> None:
    images, inside = pictures()
    kept = images.clone()
    random_grey(images, inside, np.random.default_rng(7))
    assert torch.equal(images, kept)


def test_the_grains_of_the_noise_are_as_wide_as_pixels_of_a_coarser_film() -> None:
    smooth = torch.full((40, 1, 64, 64), 0.5)
    noisy = random_grey(smooth, torch.ones_like(smooth, dtype=torch.bool), np.random.default_rng(8), blurred=0, noisy=1)
    left = noisy - noisy.mean(dim=(2, 3), keepdim=True)
    likeness = (left[..., 1:] * left[..., :-1]).mean(dim=(1, 2, 3)) / (left**2).mean(dim=(1, 2, 3))
    assert float(likeness.min()) < 0.4
    assert float(likeness.max()) > 0.6


def film() -> np.ndarray:
    rows, columns = np.mgrid[:60, :50]
    return (60 + 100 * ((rows // 6 + columns // 5) % 2)).astype(np.uint8)


def test_a_film_is_left_alone_where_nothing_is_asked_for() -> None:
    np.testing.assert_array_equal(
        random_film(film(), np.random.default_rng(0), grainy=0, compressed=0, coarse=0), film()
    )


def test_grain_has_its_strength_and_is_drawn_anew_for_every_film() -> None:
    random = np.random.default_rng(1)
    left = [random_film(film(), random, grainy=1, compressed=0, coarse=0).astype(float) - film() for _ in range(60)]
    strengths = np.array([one.std() for one in left]) / 255
    assert GRAIN[0] * 0.9 < strengths.min() < 0.006
    assert 0.02 < strengths.max() < GRAIN[1] * 1.1
    assert abs(np.corrcoef(left[0].ravel(), left[1].ravel())[0, 1]) < 0.1


def test_compression_leaves_the_artefacts_of_its_blocks_and_few_levels_are_few() -> None:
    compressed = random_film(film(), np.random.default_rng(2), grainy=0, compressed=1, coarse=0)
    assert compressed.shape == film().shape
    assert compressed.dtype == np.uint8
    assert 0.1 < np.abs(compressed.astype(float) - film()).mean() < 20
    ramp = np.tile(np.arange(256, dtype=np.uint8), (8, 1))
    coarse = random_film(ramp, np.random.default_rng(3), grainy=0, compressed=0, coarse=1)
    assert 20 < len(np.unique(coarse)) < 100


def test_the_same_seed_gives_the_same_film_and_the_film_given_is_not_changed() -> None:
    kept = film()
    first = random_film(kept, np.random.default_rng(4), grainy=1, compressed=1, coarse=1)
    np.testing.assert_array_equal(kept, film())
    np.testing.assert_array_equal(first, random_film(kept, np.random.default_rng(4), grainy=1, compressed=1, coarse=1))
