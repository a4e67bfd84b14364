"""The sesamoid outlined by grey levels, on a drawn hand whose spot is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from boneage.anatomy import CARPALS, LABEL_VALUES, SESAMOID
from boneage.measurement.measure import measure
from boneage.measurement.phantom import BONE_LEVEL, SOFT_TISSUE_LEVEL, bone_map_of, phantom_hand
from boneage.quality.view import view_hand
from boneage.segmentation.bone_map import BoneMap
from boneage.segmentation.sesamoid import ALONG, AREA, ASIDE, outline_sesamoid

VALUE = LABEL_VALUES[SESAMOID]
MIDDLE = (sum(ALONG) / 2, sum(ASIDE) / 2)


def hand_of(turned: float = 0.0) -> BoneMap:
    """A drawn hand on a grid twice as fine; of the carpals, which need only be there, a scrap lies in a corner."""
    hand = bone_map_of(phantom_hand(turned=turned))
    labels, pixels = (part.repeat(2, axis=0).repeat(2, axis=1) for part in (hand.labels, hand.pixels))
    for number, name in enumerate(CARPALS):
        labels[-4:, 4 * number : 4 * number + 4] = LABEL_VALUES[name]
    joints = {name: (2 * x + 0.5, 2 * y + 0.5) for name, (x, y) in hand.joints.items()}
    return dataclasses.replace(hand, labels=labels, pixels=pixels, joints=joints)


HAND = hand_of()


def place(hand: BoneMap, along: float, aside: float) -> tuple[float, float]:
    """Return the point so many pixels from the end of metacarpal 1, along it and to its ulnar side."""
    ys, xs = np.nonzero(hand.labels == LABEL_VALUES["metacarpal_1"])
    start, end = (np.array(hand.joints[name]) for name in ("cmc_1", "mcp_1"))
    distal = (end - start) / np.linalg.norm(end - start)
    shaft = np.column_stack([xs, ys])
    middle = shaft.mean(axis=0)
    x, y = middle + (((shaft - middle) @ distal).max() + along) * distal + aside * np.array([distal[1], -distal[0]])
    return float(x), float(y)


def disc(hand: BoneMap, centre: tuple[float, float], radius: float, stretch: float = 1.0) -> NDArray[np.bool_]:
    rows, columns = np.indices(hand.labels.shape)
    return np.asarray(((columns - centre[0]) / stretch) ** 2 + (rows - centre[1]) ** 2 < radius**2)


def with_spot(hand: BoneMap, mask: NDArray[np.bool_], level: float = 0.6) -> BoneMap:
    return dataclasses.replace(
        hand, pixels=np.where(mask & (hand.labels == 0), np.float32(level), hand.pixels).astype(np.float32)
    )


def outlined(hand: BoneMap) -> NDArray[np.bool_]:
    labels = hand.labels.copy()
    outline_sesamoid(labels, hand.pixels, {name: np.array(xy) for name, xy in hand.joints.items()})
    np.testing.assert_array_equal(labels[labels != VALUE], hand.labels[labels != VALUE])
    assert not hand.labels[labels == VALUE].any()  # only background gets it
    return np.asarray(labels == VALUE)


@pytest.mark.parametrize("turned", [0.0, 20.0, -25.0])
@pytest.mark.parametrize("radius", [4.0, 6.0])
def test_a_spot_gets_its_own_outline(turned: float, radius: float) -> None:
    hand = HAND if turned == 0 else hand_of(turned)
    spot = disc(hand, place(hand, *MIDDLE), radius)
    found = outlined(with_spot(hand, spot))
    assert 2 * (found & spot).sum() / (found.sum() + spot.sum()) > 0.88


def test_where_there_is_no_spot_or_a_faint_one_there_is_none() -> None:
    assert not outlined(HAND).any()
    spot = disc(HAND, place(HAND, *MIDDLE), 6.0)
    faint = SOFT_TISSUE_LEVEL + 0.1 * (BONE_LEVEL - SOFT_TISSUE_LEVEL)
    assert not outlined(with_spot(HAND, spot, faint)).any()
    assert outlined(with_spot(HAND, spot, faint + 0.2 * (BONE_LEVEL - SOFT_TISSUE_LEVEL))).any()


def test_a_spot_elsewhere_is_none() -> None:
    for along, aside in ((MIDDLE[0], -MIDDLE[1]), (-60.0, MIDDLE[1]), (20.0, MIDDLE[1]), (MIDDLE[0], 60.0)):
        assert not outlined(with_spot(HAND, disc(HAND, place(HAND, along, aside), 5.0))).any(), (along, aside)


def test_what_is_too_large_too_small_or_too_long_is_none() -> None:
    centre = place(HAND, *MIDDLE)
    assert not outlined(with_spot(HAND, disc(HAND, centre, 8.0))).any()
    assert not outlined(with_spot(HAND, disc(HAND, centre, 1.2), BONE_LEVEL)).any()
    assert not outlined(with_spot(HAND, disc(HAND, centre, 3.0, stretch=3.0))).any()
    assert outlined(with_spot(HAND, disc(HAND, centre, 4.0, stretch=1.3))).any()
    assert AREA == (14, 140)


def test_a_fold_of_the_skin_and_the_edge_of_the_flesh_are_none() -> None:
    x, _ = place(HAND, *MIDDLE)
    columns = np.broadcast_to(np.arange(HAND.labels.shape[1]), HAND.labels.shape)
    assert not outlined(with_spot(HAND, np.abs(columns - x) < 4)).any()
    assert not outlined(with_spot(HAND, columns < x)).any()


def test_no_pixel_touches_a_bone() -> None:
    near = 0
    for aside in range(16, 30, 2):  # from a spot that lies half upon the head to one that is clear of it
        found = outlined(with_spot(HAND, disc(HAND, place(HAND, -12.0, float(aside)), 6.0)))
        around = ndimage.binary_dilation(found, structure=np.ones((3, 3)))
        assert not (around & (HAND.labels > 0)).any()
        near += bool((ndimage.binary_dilation(around, iterations=3) & (HAND.labels > 0)).any())
    assert near


def test_a_hand_without_all_carpals_has_none() -> None:
    spot = with_spot(HAND, disc(HAND, place(HAND, *MIDDLE), 5.0))
    assert outlined(spot).any()
    for name in ("trapezoid", "capitate", "metacarpal_1"):
        labels = np.where(spot.labels == LABEL_VALUES[name], 0, spot.labels).astype(np.uint8)
        assert not outlined(dataclasses.replace(spot, labels=labels)).any()


def test_grey_levels_may_be_scaled_and_shifted() -> None:
    spot = with_spot(HAND, disc(HAND, place(HAND, *MIDDLE), 5.0))
    other = dataclasses.replace(spot, pixels=(0.1 + 0.6 * spot.pixels).astype(np.float32))
    np.testing.assert_array_equal(outlined(spot), outlined(other))


def test_at_the_edge_of_the_frame_there_is_none() -> None:
    spot = with_spot(HAND, disc(HAND, place(HAND, *MIDDLE), 5.0))
    _, y = place(HAND, *MIDDLE)
    cut = slice(round(y) - 8, None)
    joints = {name: (x, row - cut.start) for name, (x, row) in spot.joints.items()}
    assert not outlined(
        dataclasses.replace(spot, labels=spot.labels[cut], pixels=spot.pixels[cut], joints=joints)
    ).any()
    assert not outlined(dataclasses.replace(spot, pixels=np.full_like(spot.pixels, 0.4))).any()


def test_nothing_that_is_measured_or_checked_moves_with_the_label() -> None:
    spot = with_spot(HAND, disc(HAND, place(HAND, *MIDDLE), 5.0))
    labels = spot.labels.copy()
    labels[ndimage.binary_dilation(outlined(spot), iterations=4) & (labels == 0)] = VALUE
    labelled = dataclasses.replace(spot, labels=labels)
    before, after = measure(spot), measure(labelled)
    assert before.values == after.values
    assert before.values["sesamoid.contrast"] > 0.3
    for one, other in zip(before.bones, after.bones, strict=True):
        np.testing.assert_equal(dataclasses.asdict(one), dataclasses.asdict(other))
    first, second = (view_hand(one, one.labels.shape) for one in (spot, labelled))
    np.testing.assert_array_equal(first.labels, second.labels)
    np.testing.assert_array_equal(first.nearest, second.nearest)
