"""Which pixels of a label belong to its bone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from boneage.measurement.components import Part, part_of


def cut(labels: np.ndarray, value: int = 7, **options: object) -> Part | None:
    boxes = ndimage.find_objects(labels, max_label=43)
    return part_of(labels, value, boxes[value - 1], **options)  # type: ignore[arg-type]


@pytest.fixture
def labels() -> np.ndarray:
    drawn = np.zeros((60, 50), dtype=np.uint8)
    drawn[20:40, 10:16] = 7
    return drawn


def test_whole_component_is_kept_with_its_place(labels: np.ndarray) -> None:
    part = cut(labels)
    assert part is not None
    assert part.area == 120
    assert part.centroid() == pytest.approx([12.5, 29.5])
    points = part.points()
    assert points.min(axis=0).tolist() == [10, 20]
    assert points.max(axis=0).tolist() == [15, 39]
    assert not part.touches_edge


def test_empty_label_and_noise_are_nothing(labels: np.ndarray) -> None:
    assert cut(labels, 8) is None
    labels[2, 2] = 9
    assert cut(labels, 9) is None


def test_far_stray_and_specks_are_dropped(labels: np.ndarray) -> None:
    labels[2:8, 30:36] = 7  # large, far away
    labels[45, 12] = 7  # a speck
    part = cut(labels)
    assert part is not None
    assert part.area == 120
    assert part.offset == (18, 8)  # the crop is tight again


def test_near_fragment_is_kept_and_chains_on(labels: np.ndarray) -> None:
    labels[42:46, 10:16] = 7  # two pixels of background in between
    labels[49:53, 10:16] = 7  # near only to the first fragment
    part = cut(labels, reach=4.0)
    assert part is not None
    assert part.area == 120 + 24 + 24
    assert cut(labels, reach=1.0).area == 120  # type: ignore[union-attr]


def test_reach_counts_background_pixels(labels: np.ndarray) -> None:
    labels[44:48, 10:16] = 7  # rows 40 to 43 are background: four pixels
    assert cut(labels, reach=4.0).area == 144  # type: ignore[union-attr]
    assert cut(labels, reach=3.0).area == 120  # type: ignore[union-attr]


def test_hole_is_filled_only_when_asked(labels: np.ndarray) -> None:
    labels[28:30, 12:14] = 0
    assert cut(labels).area == 120  # type: ignore[union-attr]
    assert cut(labels, fill=False).area == 116  # type: ignore[union-attr]


def test_joints_choose_the_component_between_them(labels: np.ndarray) -> None:
    labels[2:18, 35:45] = 7  # larger than the bone, and elsewhere
    assert cut(labels).area == 160  # type: ignore[union-attr]
    chosen = cut(labels, segment=(np.array([12.5, 42.0]), np.array([12.5, 17.0])))
    assert chosen is not None
    assert chosen.area == 120


@pytest.mark.parametrize("box", [np.s_[0:10, 5:10], np.s_[50:60, 5:10], np.s_[5:10, 0:10], np.s_[5:10, 40:50]])
def test_touching_the_edge_of_the_frame_is_seen(box: tuple[slice, slice]) -> None:
    labels = np.zeros((60, 50), dtype=np.uint8)
    labels[box] = 7
    part = cut(labels)
    assert part is not None
    assert part.touches_edge
    assert part.area == 50


def test_stray_at_the_edge_does_not_make_the_bone_touch_it(labels: np.ndarray) -> None:
    labels[0:3, 0:3] = 7
    assert not cut(labels).touches_edge  # type: ignore[union-attr]
