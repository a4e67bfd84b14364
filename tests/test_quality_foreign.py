"""Metal and veils drawn over a drawn hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_films import drawn_hand

from boneage.anatomy import LABEL_VALUES
from boneage.quality.foreign import METAL, VEIL, check_foreign, metal_spot, palm_contrast
from boneage.quality.view import view_hand
from boneage.segmentation.bone_map import BoneMap, HandFrame

HAND = drawn_hand()


def hand(pixels: np.ndarray, frame: HandFrame | None = None) -> BoneMap:
    return replace(HAND, pixels=pixels.astype(np.float32), frame=frame or HAND.frame)


def faint() -> np.ndarray:
    """The drawn hand with bone at 0.4 upon 0.3, so that metal at 1.2 stands out."""
    return np.where(HAND.pixels > 0.5, 0.4, 0.3)


def marked(pixels: np.ndarray) -> np.ndarray:
    """The film of a hand with a marker brighter than all else in its corner."""
    film = pixels.astype(np.float32).copy()
    film[:4, :4] = 2.0
    return film


def ring(height: int = 10, grey: float = 1.1) -> tuple[np.ndarray, tuple[slice, slice]]:
    """A bright bar across the middle of the third proximal phalanx."""
    rows, columns = np.nonzero(HAND.labels == LABEL_VALUES["proximal_phalanx_3"])
    middle = int(rows.mean())
    part = slice(middle, middle + height), slice(int(columns.min()) - 3, int(columns.max()) + 4)
    pixels = faint()
    pixels[part] = grey
    return pixels, part


def test_a_clean_hand_has_no_metal_and_no_veil() -> None:
    findings = check_foreign(view_hand(hand(faint()), HAND.pixels.shape), faint())
    assert [(finding.verdict, finding.places) for finding in findings] == [("passed", ()), ("passed", ())]


def test_a_ring_is_found_at_its_place() -> None:
    pixels, (rows, columns) = ring()
    frame = HandFrame(np.array([[2.0, 0.0, 30.0], [0.0, 2.0, 50.0]]), HAND.frame.shape)
    metal, _ = check_foreign(view_hand(hand(pixels, frame), (2000, 2000)), marked(np.zeros((2000, 2000))))
    assert (metal.verdict, metal.check.code) == ("warning", "metal")
    (place,) = metal.places
    low, high = np.min(place, axis=0), np.max(place, axis=0)
    assert (low < [2 * columns.start + 40, 2 * rows.start + 60]).all()
    assert (high > [2 * columns.stop + 20, 2 * rows.stop + 40]).all()
    assert ((high - low) < [2 * (columns.stop - columns.start) + 24, 2 * (rows.stop - rows.start) + 24]).all()


def test_a_speck_and_dense_bone_are_no_metal() -> None:
    size, _ = metal_spot(view_hand(hand(ring(height=2)[0]), HAND.pixels.shape), ring(height=2)[0])
    assert size <= METAL.limit
    pixels = ring(grey=0.3 + 4.5 * 0.1)[0]
    dense, _ = metal_spot(view_hand(hand(pixels), HAND.pixels.shape), marked(pixels))
    assert dense == 0.0


@pytest.mark.parametrize(("others_brighter", "found"), [(False, True), (True, False)])
def test_the_brightest_of_a_film_rich_in_contrast_is_metal(others_brighter: bool, found: bool) -> None:
    _, (rows, columns) = ring()
    pixels = HAND.pixels.copy()  # bone 0.8 upon 0.3: nothing can lie five contrasts above
    pixels[rows, columns] = 1.35
    film = marked(pixels) if others_brighter else pixels
    size, _ = metal_spot(view_hand(hand(pixels), HAND.pixels.shape), film)
    assert (size > METAL.limit) == found


def test_a_bright_marker_beside_the_hand_is_no_metal() -> None:
    pixels = faint()
    pixels[:60, :60] = 1.2
    assert not HAND.labels[:70, :70].any()
    assert metal_spot(view_hand(hand(pixels), HAND.pixels.shape), pixels)[0] == 0.0


@pytest.mark.parametrize(("share", "verdict"), [(0.6, "passed"), (0.5, "warning")])
def test_a_veil_takes_the_contrast_of_the_palm(share: float, verdict: str) -> None:
    veiled = [LABEL_VALUES[f"metacarpal_{ray}"] for ray in (1, 2, 3, 4, 5)]
    veiled += [LABEL_VALUES[name] for name in ("radius", "ulna", "carpals")]
    pixels = np.where(np.isin(HAND.labels, veiled), 0.3 + 0.5 * share, HAND.pixels)
    view = view_hand(hand(pixels), HAND.pixels.shape)
    assert palm_contrast(view) == pytest.approx(share, abs=0.04)
    assert VEIL.judge(palm_contrast(view)) == verdict
