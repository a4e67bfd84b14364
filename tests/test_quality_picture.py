"""Sharpness and contrast of drawn hands, on both sides of their limits."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from drawn_films import drawn_hand
from scipy.ndimage import gaussian_filter

from boneage.quality.picture import CONTRAST, SHARPNESS, check_picture, contrast_steps, edge_sharpness
from boneage.quality.view import HandView, view_hand

DRAWN = drawn_hand()
HAND = replace(
    DRAWN, pixels=np.kron(DRAWN.pixels, np.ones((2, 2))), labels=np.kron(DRAWN.labels, np.ones((2, 2), np.uint8))
)
"""Twice as large, so that it has the size of a hand on the fine grid."""


def view(blur: float = 0.0, *, gain: float = 1.0, shift: float = 0.0) -> HandView:
    pixels = gaussian_filter(HAND.pixels, blur) * gain + shift
    return view_hand(replace(HAND, pixels=pixels.astype(np.float32)), HAND.pixels.shape)


def levels(steps: float) -> np.ndarray:
    """The drawn hand with bone so many of 256 levels brighter than flesh, and noise above it that uses every level."""
    film = 0.3 + (HAND.pixels > 0.5) * steps / 255
    film[:40] = np.random.default_rng(0).integers(0, 256, film[:40].shape) / 255
    return film.astype(np.float32)


def test_a_sharp_hand_passes_and_a_blurred_one_is_refused() -> None:
    assert edge_sharpness(view()) > SHARPNESS.limit
    assert [finding.verdict for finding in check_picture(view(), levels(60))] == ["passed", "passed"]
    (blurred, _) = check_picture(view(9.0), levels(60))
    assert (blurred.verdict, blurred.check.code) == ("refused", "too_blurred")


def test_sharpness_falls_with_every_blur_and_meets_the_warning_before_the_refusal() -> None:
    found = [edge_sharpness(view(blur)) for blur in np.linspace(0, 5, 21)]
    assert all(later < sooner for sooner, later in pairwise(found))
    verdicts = [SHARPNESS.judge(value) for value in found]
    assert verdicts == sorted(verdicts, key=["passed", "warning", "refused"].index)
    assert set(verdicts) == {"passed", "warning", "refused"}


def test_sharpness_does_not_depend_on_brightness_and_contrast() -> None:
    assert edge_sharpness(view(1.0, gain=0.4, shift=0.2)) == pytest.approx(edge_sharpness(view(1.0)), rel=1e-3)


def test_a_hand_without_contrast_has_no_sharpness() -> None:
    flat = view_hand(replace(HAND, pixels=np.full_like(HAND.pixels, 0.5)), HAND.pixels.shape)
    assert np.isnan(edge_sharpness(flat))


@pytest.mark.parametrize(
    ("steps", "verdict"), [(12, "passed"), (4, "passed"), (3, "warning"), (2, "warning"), (1, "refused")]
)
def test_contrast_is_counted_in_steps_of_grey(steps: int, verdict: str) -> None:
    assert contrast_steps(view(), levels(steps)) == pytest.approx(steps, abs=0.05)
    assert CONTRAST.judge(contrast_steps(view(), levels(steps)) + 0.05) == verdict


def test_finer_steps_make_a_faint_hand_readable() -> None:
    coarse, fine = levels(2), levels(2)
    fine[:40] = np.random.default_rng(0).integers(0, 65536, fine[:40].shape) / 65535
    assert contrast_steps(view(), coarse) == pytest.approx(2, abs=0.05)
    assert contrast_steps(view(), fine) > 5


def test_a_film_of_one_grey_has_no_contrast() -> None:
    assert contrast_steps(view(), np.full_like(HAND.pixels, 0.5)) == 0.0
