"""Reading of drawn joints and masks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from drawn_films import record, write_training_data

from boneage.anatomy import JOINTS
from boneage.training.annotations import MaskArchive, read_joints

# The names of the points as they stand in the file, with the joint that each of them is (data description).
KEYPOINTS = {
    "wrist": "wrist",
    **{f"thumb{n}": joint for n, joint in enumerate(("cmc_1", "mcp_1", "ip_1", "tip_1"), start=1)},
    **{
        f"{finger}{n}": f"{joint}_{ray}"
        for ray, finger in enumerate(("forefinger", "middle_finger", "ring_finger", "pinky_finger"), start=2)
        for n, joint in enumerate(("mcp", "pip", "dip", "tip"), start=1)
    },
}


def write_keypoints(root: Path, rows: list[tuple[str, str, str, str]]) -> None:
    """Write rows of (id, keypoint, x, y)."""
    folder = root / "rsna" / "annotations"
    folder.mkdir(parents=True)
    with (folder / "keypoints_21.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "side", "native_height", "native_width", "keypoint", "x", "y", "visible"])
        for film_id, keypoint, x, y in rows:
            writer.writerow([film_id, "R" if film_id == "8" else "L", 900, 700, keypoint, x, y, 2])


def test_every_point_becomes_its_joint(tmp_path: Path) -> None:
    names = list(KEYPOINTS)
    write_keypoints(tmp_path, [("8", name, str(n), str(100.5 + n)) for n, name in reversed(list(enumerate(names)))])
    (found,) = read_joints(tmp_path).values()
    assert (found.id, found.side, found.height, found.width) == ("8", "R", 900, 700)
    assert found.points.shape == (21, 2)
    for joint, (x, y) in zip(JOINTS, found.points, strict=True):
        assert KEYPOINTS[names[int(x)]] == joint
        assert y == 100.5 + x


@pytest.mark.parametrize("missing", ["absent", "empty"])
def test_films_with_a_missing_point_are_left_out(missing: str, tmp_path: Path) -> None:
    rows = [("7", name, "1", "2") for name in KEYPOINTS] + [("9", name, "3", "4") for name in KEYPOINTS]
    rows = [row for row in rows if row[:2] != ("7", "ring_finger3")]
    if missing == "empty":
        rows.append(("7", "ring_finger3", "", ""))
    write_keypoints(tmp_path, rows)
    assert set(read_joints(tmp_path)) == {"9"}


def test_masks_are_read_one_by_one_at_their_own_size(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    masks = {"5": random.random((30, 20)) > 0.5, "12": random.random((8, 40)) > 0.5}
    write_training_data(tmp_path, [np.zeros((9, 9), np.float32)], [record("5")], masks=masks)
    with MaskArchive(tmp_path) as archive:
        assert set(archive.ids) == {"5", "12"}
        for film_id, mask in masks.items():
            found = archive.read(film_id)
            assert found.dtype == bool
            np.testing.assert_array_equal(found, mask)


def test_the_real_joints_are_hands(shared_data: Path) -> None:
    found = read_joints(shared_data)
    assert len(found) > 500
    up = [a.points[JOINTS.index("wrist"), 1] > a.points[JOINTS.index("tip_3"), 1] for a in found.values()]
    assert np.mean(up) > 0.99
    inside = [((a.points >= 0) & (a.points < [a.width, a.height])).all() for a in found.values()]
    assert np.mean(inside) > 0.95
