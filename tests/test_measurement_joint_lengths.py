"""Joint-to-joint lengths: between which ends they run, on a drawn hand whose bones are known."""

from __future__ import annotations

import csv
import dataclasses
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from boneage.anatomy import TUBULAR_BONES
from boneage.measurement.joint_lengths import PLACES, bone_end, joint_lengths, places_of
from boneage.measurement.measure import measure
from boneage.measurement.phantom import DrawnBone, bone_map_of, phantom_hand

HAND = {bone.bone: bone for bone in phantom_hand()}
MEASURED = measure(bone_map_of(phantom_hand()))
BONES = {bone.bone: bone for bone in MEASURED.bones}


def ends(bone: DrawnBone) -> tuple[np.ndarray, np.ndarray]:
    return np.array(bone.base), np.array(bone.tip)


def test_every_tubular_bone_has_a_length() -> None:
    assert tuple(joint.bone for joint in MEASURED.joint_lengths) == TUBULAR_BONES


@pytest.mark.parametrize("ray", [1, 2, 3, 4, 5])
def test_which_ends_they_run_between(ray: int) -> None:
    found = {joint.bone: joint for joint in MEASURED.joint_lengths}
    metacarpal, proximal = HAND[f"metacarpal_{ray}"], HAND[f"proximal_phalanx_{ray}"]
    distal = HAND[f"distal_phalanx_{ray}"]
    before = proximal if ray == 1 else HAND[f"middle_phalanx_{ray}"]
    expected = {
        f"metacarpal_{ray}": (ends(metacarpal)[0], ends(proximal)[0]),  # with the space before the knuckle
        f"proximal_phalanx_{ray}": ends(proximal),  # without any
        f"distal_phalanx_{ray}": (ends(before)[1], ends(distal)[1]),  # with the space before it
    }
    for bone, (first, last) in expected.items():
        assert found[bone].length_px == pytest.approx(np.linalg.norm(last - first), abs=2.0), bone
        assert np.array(found[bone].points) == pytest.approx(np.array([first, last]), abs=1.6), bone


def test_neighbouring_lengths_share_their_points() -> None:
    found = {joint.bone: joint for joint in MEASURED.joint_lengths}
    for chain in (("metacarpal_1", "proximal_phalanx_1", "distal_phalanx_1"), ("metacarpal_4", "proximal_phalanx_4",
                  "middle_phalanx_4", "distal_phalanx_4")):  # fmt: skip
        for first, last in pairwise(chain):
            assert found[first].points[1] == found[last].points[0]
    assert len(PLACES) == 24


def test_a_missing_or_cut_bone_takes_the_lengths_that_need_it() -> None:
    pixels = bone_map_of(phantom_hand()).pixels
    without = {name: bone for name, bone in BONES.items() if name != "proximal_phalanx_2"}
    missing = set(TUBULAR_BONES) - {joint.bone for joint in joint_lengths(without, pixels)}
    assert missing == {"metacarpal_2", "proximal_phalanx_2", "middle_phalanx_2"}
    cut = BONES | {"distal_phalanx_3": dataclasses.replace(BONES["distal_phalanx_3"], cut=True)}
    missing = set(TUBULAR_BONES) - {joint.bone for joint in joint_lengths(cut, pixels)}
    assert missing == {"distal_phalanx_3"}


def test_the_width_at_an_end_is_that_of_its_side_of_the_bone() -> None:
    bone = dataclasses.replace(BONES["metacarpal_3"], metaphysis_width_px=30.0, width_px=12.0)
    head, base = bone_end(bone, "distal"), bone_end(bone, "proximal")
    assert head is not None and base is not None
    assert (head.width, base.width) == (30.0, 12.0)
    assert head.outward == pytest.approx(-base.outward)
    assert bone_end(dataclasses.replace(bone, width_px=float("nan")), "proximal") is None


@pytest.mark.shared
def test_the_places_follow_the_landmarks_of_the_atlas() -> None:
    """Two of our places are one exactly where the atlas uses one landmark."""
    root = os.environ.get("BONEAGE_DATA", "../shared/data")
    path = Path(root) / "dha" / "landmark_to_segment_map.csv"
    if not path.is_file():
        pytest.skip("needs the shared data")
    with path.open(newline="") as file:
        pairs = {row["segment"]: tuple(list(row.values())[1:]) for row in csv.DictReader(file)}
    assert set(pairs) == set(TUBULAR_BONES)
    landmark: dict[tuple[str, str], str] = {}
    for bone in TUBULAR_BONES:
        for place, number in zip(places_of(bone), pairs[bone], strict=True):
            assert landmark.setdefault(place, number) == number
    assert len(set(landmark.values())) == len(landmark) == 24
