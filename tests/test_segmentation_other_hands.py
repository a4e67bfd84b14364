"""Another hand on the film: where it would have room, what is believed, and real films side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from drawn_films import drawn_hand, joint_array

from boneage.errors import Refusal
from boneage.radiograph.read import read_radiograph
from boneage.segmentation.locator import Located, Locator
from boneage.segmentation.other_hands import (
    LEAST_SIZE,
    SURE,
    Box,
    box_of,
    check_beside,
    drawn_parts,
    free_parts,
    hand_beside,
    hands_in_parts,
    palm_length,
    refuse_several,
)
from boneage.segmentation.segmenter import Segmenter

FILMS = Path(__file__).resolve().parent.parent / "examples" / "films"
POINTS = joint_array(dict(drawn_hand().joints))
LOW, HIGH = POINTS.min(axis=0), POINTS.max(axis=0)
PALM = palm_length(POINTS)
TALL = int(HIGH[1] + 0.5 * PALM)


@dataclass
class StandInLocator:
    """Sees the drawn hand, moved into whatever part it is shown, with a given confidence."""

    confidence: float = 0.95
    size: float = 1.0
    asked: list[Box] = field(default_factory=list)

    def glance(self, pixels: np.ndarray, box: Box) -> Located:
        self.asked.append(box)
        return Located(self.size * (POINTS - LOW) + np.array(box[:2]), np.full(21, self.confidence))


def wide(columns: int) -> np.ndarray:
    """A film with something drawn everywhere."""
    return np.random.default_rng(0).random((TALL, columns)).astype(np.float32)


ROOMY = int(HIGH[0] + 1.5 * PALM)
FOUND = Located(POINTS, np.full(21, 0.95))


def test_there_is_room_only_beside_the_hand_and_only_if_it_is_broad_enough() -> None:
    right, bottom = (int(value) for value in HIGH - LOW)
    assert free_parts(POINTS - LOW, bottom, right) == ()
    assert free_parts(POINTS - LOW, bottom, right + int(PALM)) == ()  # the hand reaches beyond its joints
    (part,) = free_parts(POINTS - LOW, bottom, right + int(1.5 * PALM))
    assert part[0] > right
    assert part[1:] == (0, right + int(1.5 * PALM), bottom)
    (below,) = free_parts(POINTS - LOW, bottom + int(1.5 * PALM), right)
    assert below[1] > bottom


def test_a_sure_hand_beside_is_refused_with_both_boxes() -> None:
    locator = StandInLocator(confidence=SURE + 0.05)
    with pytest.raises(Refusal, match="2 were found") as caught:
        check_beside(locator, wide(ROOMY), FOUND)  # type: ignore[arg-type]
    assert caught.value.code == "two_hands"
    (check,) = caught.value.checks
    assert (check.name, check.passed, len(check.places)) == ("other_hand", False, 2)
    assert check.places[1][0][0] >= locator.asked[0][0]


def test_what_is_unsure_is_no_hand_once_the_parts_of_the_film_agree() -> None:
    locator = StandInLocator(SURE - 0.05)
    check = check_beside(locator, wide(ROOMY), FOUND)  # type: ignore[arg-type]
    assert check.passed
    assert check.value == pytest.approx(SURE - 0.05, abs=0.06)  # less the misfit of the palm
    assert len(locator.asked) == len(drawn_parts(wide(ROOMY), POINTS)) + 4


@pytest.mark.parametrize(("size", "found"), [(LEAST_SIZE * 0.9, False), (LEAST_SIZE * 1.1, True)])
def test_a_hand_of_quite_another_size_is_none(size: float, found: bool) -> None:
    parts = drawn_parts(wide(ROOMY), POINTS)
    other = hand_beside(StandInLocator(size=size), wide(ROOMY), FOUND, parts)  # type: ignore[arg-type]
    assert (other is not None) == found


def test_without_room_or_anything_drawn_the_network_is_not_asked() -> None:
    locator = StandInLocator()
    assert check_beside(locator, wide(int(HIGH[0]) + 1)[: int(HIGH[1])], FOUND).passed  # type: ignore[arg-type]
    empty = wide(ROOMY)
    empty[:, int(HIGH[0] + 0.2 * PALM) :] = 0.5
    assert check_beside(locator, empty[: int(HIGH[1])], FOUND).passed  # type: ignore[arg-type]
    assert locator.asked == []


def test_no_hands_in_parts_is_no_refusal_and_soon_known() -> None:
    locator = StandInLocator(confidence=0.5)
    assert hands_in_parts(locator, wide(ROOMY)) == ()  # type: ignore[arg-type]
    assert len(locator.asked) == 4
    refuse_several(())


def test_the_box_of_points_is_rounded_outwards() -> None:
    assert box_of(np.array([[1.5, 2.0], [7.2, 9.0]])) == (1, 2, 9, 10)


@cache
def small(name: str) -> np.ndarray:
    """An example film of 400 rows."""
    pixels = read_radiograph(FILMS / f"{name}.webp").pixels
    step = pixels.shape[0] // 400
    rows, columns = 400, pixels.shape[1] // step
    return pixels[: rows * step, : columns * step].reshape(rows, step, columns, step).mean(axis=(1, 3))


@cache
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.mark.parametrize("names", [("rsna_1744", "rsna_1667"), ("rsna_1858", "rsna_1744")])
def test_two_real_hands_side_by_side_are_refused(names: tuple[str, str]) -> None:
    pair = np.hstack([small(names[0]), np.fliplr(small(names[1]))])
    film = replace(read_radiograph(FILMS / "rsna_1744.webp"), pixels=np.ascontiguousarray(pair))
    with pytest.raises(Refusal) as caught:
        segmenter().segment(film)
    assert caught.value.code == "two_hands"
    middles = sorted(float(np.mean(place, axis=0)[0]) for place in caught.value.checks[0].places)
    assert middles[0] < small(names[0]).shape[1] < middles[-1]


def test_four_real_films_on_one_picture_are_refused() -> None:
    row = np.hstack([small("rsna_1744")[:, :280], small("rsna_1667")[:, :280]])
    film = replace(read_radiograph(FILMS / "rsna_1744.webp"), pixels=np.ascontiguousarray(np.vstack([row, row])))
    with pytest.raises(Refusal) as caught:
        segmenter().segment(film)
    assert caught.value.code == "two_hands"


def test_one_real_hand_beside_an_empty_film_is_not_two() -> None:
    pixels = small("rsna_1744")
    alone = np.hstack([pixels, np.full_like(pixels, float(np.quantile(pixels, 0.05)))])
    located = Locator().locate(np.ascontiguousarray(alone))
    assert check_beside(Locator(), alone, located).passed
