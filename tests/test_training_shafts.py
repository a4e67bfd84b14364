"""Shafts grown between named ends, on a drawn hand whose shafts are known."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_films import drawn_hand
from scipy import ndimage

from boneage.anatomy import BONES, LABEL_VALUES, TUBULAR_BONES, epiphysis_of
from boneage.measurement.phantom import DrawnBone, draw_bone
from boneage.training.named_masks import IGNORE
from boneage.training.shafts import bone_axis, edge_path, grow_shaft, grow_shafts, straighten

HAND = drawn_hand()
NAMED_VALUES = [LABEL_VALUES[epiphysis_of(bone)] for bone in BONES] + [LABEL_VALUES["carpals"]]


def film(labels: np.ndarray = HAND.labels) -> np.ndarray:
    """The drawn hand as a film shows it: soft edges, brighter bone sides, a little noise."""
    random = np.random.default_rng(0)
    bone = labels > 0
    shell = bone & ~ndimage.binary_erosion(bone, iterations=2)
    picture = 0.35 + 0.25 * bone + 0.15 * shell
    return (ndimage.gaussian_filter(picture, 0.8) + random.normal(0, 0.01, bone.shape)).astype(np.float32)


def named() -> np.ndarray:
    return np.where(np.isin(HAND.labels, NAMED_VALUES), HAND.labels, 0).astype(np.uint8)


def joints() -> dict[str, np.ndarray]:
    return {name: np.array(place) for name, place in HAND.joints.items()}


def dice(one: np.ndarray, other: np.ndarray) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


def test_the_shafts_of_the_drawn_hand_are_found() -> None:
    grown = grow_shafts(film(), HAND.joints, named())
    found = {bone: dice(grown == LABEL_VALUES[bone], HAND.labels == LABEL_VALUES[bone]) for bone in TUBULAR_BONES}
    assert np.median(list(found.values())) > 0.93
    # The drawing's fourth and fifth metacarpals begin elsewhere than those of the mean hand.
    sure = {bone: value for bone, value in found.items() if bone not in {"metacarpal_4", "metacarpal_5"}}
    assert min(sure.values()) > 0.85, found


def test_a_metacarpal_is_grown_from_the_base_of_the_mean_hand() -> None:
    places = joints()
    base, head = bone_axis("metacarpal_5", places, np.zeros_like(HAND.labels))
    across, up = (head - base)[0], -(head - base)[1]
    length = float(np.hypot(across, up))
    bone = DrawnBone(
        "metacarpal_5", (base[0], base[1]), float(np.degrees(np.arctan2(up, across))), length - 7, 12, 12, 5, 2
    )
    labels, pixels = np.zeros_like(HAND.labels), np.zeros_like(HAND.pixels)
    draw_bone(labels, pixels, bone)
    grown = grow_shafts(film(labels), HAND.joints, np.where(labels == LABEL_VALUES[bone.bone], 0, labels))
    assert dice(grown == LABEL_VALUES["metacarpal_5"], labels == LABEL_VALUES["metacarpal_5"]) > 0.9


def test_what_was_named_stays_as_it_is() -> None:
    before = named()
    grown = grow_shafts(film(), HAND.joints, before)
    np.testing.assert_array_equal(grown[before > 0], before[before > 0])
    np.testing.assert_array_equal(before, named())  # what was given is not changed


def test_nothing_is_learned_from_bones_that_do_not_stand_out() -> None:
    flat = np.full(HAND.labels.shape, 0.4, dtype=np.float32)
    grown = grow_shafts(flat, HAND.joints, named())
    assert not np.isin(grown, [LABEL_VALUES[bone] for bone in TUBULAR_BONES]).any()
    for bone in TUBULAR_BONES:
        middle = np.mean(bone_axis(bone, joints(), named()), axis=0)
        assert grown[round(middle[1]), round(middle[0])] == IGNORE, bone


def test_one_bone_that_is_hidden_does_not_spoil_the_others() -> None:
    picture = film()
    hidden = ndimage.binary_dilation(HAND.labels == LABEL_VALUES["proximal_phalanx_3"], iterations=6)
    picture[hidden] = 0.4
    grown = grow_shafts(picture, HAND.joints, named())
    assert not (grown == LABEL_VALUES["proximal_phalanx_3"]).any()
    assert dice(grown == LABEL_VALUES["proximal_phalanx_2"], HAND.labels == LABEL_VALUES["proximal_phalanx_2"]) > 0.85


@pytest.mark.parametrize("bone", ["metacarpal_2", "proximal_phalanx_4", "middle_phalanx_3"])
def test_a_shaft_ends_where_its_growth_plate_begins(bone: str) -> None:
    mask, convinces = grow_shaft(bone, film(), joints(), named())
    assert convinces
    proximal, distal = bone_axis(bone, joints(), named())
    along = (distal - proximal) / np.linalg.norm(distal - proximal)

    def extent(chosen: np.ndarray) -> tuple[float, float]:
        ys, xs = np.nonzero(chosen)
        places = (np.column_stack([xs, ys]) - proximal) @ along
        return float(places.min()), float(places.max())

    assert extent(mask) == pytest.approx(extent(HAND.labels == LABEL_VALUES[bone]), abs=2.5)


def test_the_axis_runs_from_joint_to_joint_and_through_the_drawn_epiphysis() -> None:
    empty = np.zeros_like(HAND.labels)
    proximal, distal = bone_axis("proximal_phalanx_3", joints(), empty)
    np.testing.assert_allclose([proximal, distal], [HAND.joints["mcp_3"], HAND.joints["pip_3"]])
    proximal, _ = bone_axis("proximal_phalanx_3", joints(), named())
    ys, xs = np.nonzero(HAND.labels == LABEL_VALUES["proximal_phalanx_3_epiphysis"])
    np.testing.assert_allclose(proximal, [xs.mean(), ys.mean()])
    _, distal = bone_axis("metacarpal_4", joints(), named())
    ys, xs = np.nonzero(HAND.labels == LABEL_VALUES["metacarpal_4_epiphysis"])
    np.testing.assert_allclose(distal, [xs.mean(), ys.mean()])


@pytest.mark.parametrize("ray", [2, 3, 4, 5])
def test_the_bases_of_the_metacarpals_turn_with_the_hand(ray: int) -> None:
    empty = np.zeros_like(HAND.labels)
    palm = {"wrist": np.array([0.0, 0.0]), "mcp_3": np.array([0.0, -100.0]), f"mcp_{ray}": np.array([5.0, -95.0])}
    base, _ = bone_axis(f"metacarpal_{ray}", palm, empty)
    assert -35 < base[1] < -27  # about a third of the way up
    assert (base[0] > 0) == (ray < 4)  # second and third on the side of the thumb
    quarter = np.array([[0.0, -1.0], [1.0, 0.0]])
    turned = {name: quarter @ place for name, place in palm.items()}
    np.testing.assert_allclose(bone_axis(f"metacarpal_{ray}", turned, empty)[0], quarter @ base, atol=1e-9)


def test_the_path_follows_the_strongest_edge() -> None:
    rows = np.arange(40)
    wave = np.round(15 + 6 * np.sin(rows / 6)).astype(int)
    strength = np.zeros((40, 30))
    strength[rows, wave] = 1.0
    strength[7, 2] = 5.0  # a stronger speck far away
    np.testing.assert_array_equal(edge_path(strength), wave)


def test_the_path_moves_two_columns_a_row_at_most() -> None:
    strength = np.zeros((20, 30))
    strength[:10, 3] = 1.0
    strength[10:, 25] = 1.0
    path = edge_path(strength)
    assert np.abs(np.diff(path)).max() <= 2
    assert path[0] == 3


def test_the_path_can_be_as_steep_as_that() -> None:
    rows = np.arange(14)
    strength = np.zeros((14, 30))
    strength[rows, 2 * rows + 1] = 1.0
    np.testing.assert_array_equal(edge_path(strength), 2 * rows + 1)


def test_a_smooth_path_is_preferred_to_a_slightly_stronger_one() -> None:
    strength = np.zeros((20, 12))
    strength[:, 5:7] = 0.9
    strength[::2, 5] = strength[1::2, 6] = 1.0
    assert np.ptp(edge_path(strength)) == 0
    assert np.ptp(edge_path(strength, smoothness=0.0)) == 1


def test_the_straightened_picture_shows_the_bone_upright() -> None:
    picture = film()
    proximal, distal = (np.array(HAND.joints[name]) for name in ("mcp_5", "pip_5"))
    straight = straighten(picture, proximal, distal)
    length = np.linalg.norm(distal - proximal)
    assert straight.u[0] == pytest.approx(-0.22 * length)
    assert straight.v[0] == pytest.approx(-0.5 * length)
    middle = int(np.argmin(np.abs(straight.u - 0.5 * length)))
    bright = straight.v[straight.image[middle] > 0.5]
    assert bright.mean() == pytest.approx(0, abs=1.0)
    assert np.ptp(bright) == pytest.approx(13, abs=1.5)
    place = straight.origin + straight.u[middle] * straight.along + 3.0 * straight.across
    column = int(np.argmin(np.abs(straight.v - 3.0)))
    expected = ndimage.map_coordinates(ndimage.gaussian_filter(picture, 0.5), [[place[1]], [place[0]]], order=1)[0]
    assert straight.image[middle, column] == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("gap", [3.0, 7.0])
def test_a_wide_growth_plate_belongs_to_no_bone(gap: float) -> None:
    bone = DrawnBone("proximal_phalanx_3", (190.0, 249.0), 90.0, 52 - gap, 13, 13, 5, gap)
    labels, pixels = np.zeros_like(HAND.labels), np.zeros_like(HAND.pixels)
    draw_bone(labels, pixels, bone)
    epiphysis = np.where(labels == LABEL_VALUES[bone.bone], 0, labels)
    mask, convinces = grow_shaft(bone.bone, film(labels), joints(), epiphysis)
    assert convinces
    lowest = np.nonzero(labels == LABEL_VALUES[bone.bone])[0].max()
    assert np.nonzero(mask)[0].max() == pytest.approx(lowest, abs=1.5)
