"""Names of the drawn carpals, on drawings whose names are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import CARPALS, LABEL_VALUES
from boneage.segmentation.hand_frame import FINE_SHAPE
from boneage.training.carpal_names import _PLACES, name_wrist
from boneage.training.named_masks import IGNORE

UNNAMED = LABEL_VALUES["carpals"]
RADIUS = LABEL_VALUES["radius_epiphysis"]
PICTURE = np.zeros(FINE_SHAPE, dtype=np.float32)


def disc(x: float, y: float, radius: float) -> NDArray[np.bool_]:
    ys, xs = np.ogrid[: FINE_SHAPE[0], : FINE_SHAPE[1]]
    return np.asarray((xs - x) ** 2 + (ys - y) ** 2 <= radius**2)


def place(name: str) -> tuple[float, float]:
    return _PLACES[name][0]


def named(mask: NDArray[np.bool_], picture: NDArray[np.float32] = PICTURE, value: int = UNNAMED) -> NDArray[np.uint8]:
    components = ndimage.label(mask, structure=np.ones((3, 3)))[0]
    return name_wrist(np.where(mask, value, 0).astype(np.uint8), components, picture)


@pytest.mark.parametrize("shift", [(0, 0), (6, -5), (-8, 4)])
def test_carpals_that_lie_apart_get_their_names(shift: tuple[int, int]) -> None:
    centres = {name: np.array(place(name)) + shift for name in CARPALS if name != "trapezoid"}
    mask = np.any([disc(*centre, 8) for centre in centres.values()], axis=0)
    found = named(mask)
    for name, (x, y) in centres.items():
        assert found[round(y), round(x)] == LABEL_VALUES[name], name
    np.testing.assert_array_equal(found > 0, mask)


def test_carpals_that_touch_are_parted_at_the_dark_line_between_them() -> None:
    (x1, y1), (x2, y2) = place("hamate"), place("capitate")
    mask = disc(x1, y1, 22) | disc(x2, y2, 22)
    line = 308  # nearer to the capitate than the middle, 302
    picture = np.where(mask, 1.0, 0.0).astype(np.float32)
    picture[:, line - 1 : line + 2] = 0.4
    found = named(mask, picture)
    assert set(np.unique(found)) == {0, LABEL_VALUES["hamate"], LABEL_VALUES["capitate"]}
    xs = np.nonzero(found == LABEL_VALUES["hamate"])[1]
    assert abs(int(xs.max()) - line) <= 3
    assert np.nonzero(found == LABEL_VALUES["capitate"])[1].min() > line - 4


def test_a_carpal_drawn_together_with_the_radius_is_parted_from_it() -> None:
    (x, y), (rx, ry) = place("lunate"), place("radius_epiphysis")
    ys, xs = np.ogrid[: FINE_SHAPE[0], : FINE_SHAPE[1]]
    mask = disc(x, y, 14) | (((xs - rx) / 48.0) ** 2 + ((ys - ry) / 15.0) ** 2 <= 1)
    picture = np.where(mask, 1.0, 0.0).astype(np.float32)
    picture[610:613] = 0.5
    found = named(mask, picture, value=IGNORE)  # merged bones come in as not known
    assert found[round(y) - 4, round(x)] == LABEL_VALUES["lunate"]
    assert found[round(ry) + 5, round(rx)] == RADIUS


def test_what_lies_nowhere_near_keeps_no_name() -> None:
    found = named(disc(315, 480, 6))
    assert set(np.unique(found)) == {0, UNNAMED}


def test_an_epiphysis_that_was_taken_for_a_carpal_gets_its_name_once() -> None:
    x, y = place("metacarpal_1_epiphysis")
    mask = disc(x, y, 6)
    value = LABEL_VALUES["metacarpal_1_epiphysis"]
    assert found_values(named(mask)) == {value}
    labels = np.where(mask, UNNAMED, 0).astype(np.uint8)
    components = mask.astype(np.int32)
    other = disc(x - 3, y + 28, 5)
    labels[other], components[other] = value, 2
    found = name_wrist(labels, components, PICTURE)
    assert set(np.unique(found[mask | other])) <= {value, IGNORE}
    assert (found == value).any()


def test_a_name_is_given_once() -> None:
    x, y = place("lunate")
    found = named(disc(x, y - 6, 4) | disc(x, y + 6, 4))
    assert found_values(found) == {LABEL_VALUES["lunate"], UNNAMED}


def found_values(labels: NDArray[np.uint8]) -> set[int]:
    return {int(value) for value in np.unique(labels) if value}


def test_labels_elsewhere_are_not_touched() -> None:
    labels = np.zeros(FINE_SHAPE, dtype=np.uint8)
    labels[100:110, 300:310] = LABEL_VALUES["middle_phalanx_3_epiphysis"]
    labels[120:125, 300:310] = IGNORE
    components = ndimage.label(labels > 0)[0]
    np.testing.assert_array_equal(name_wrist(labels, components, PICTURE), labels)
