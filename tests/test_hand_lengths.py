"""The lengths of a film against both ages: only with a reliable pixel size, else the words why."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest
from stand_ins import StandInRooms, film, measurements

from boneage.anatomy import TUBULAR_BONES
from boneage.estimate import Estimator
from boneage.hand_lengths import Ages, LengthFindings, find_lengths
from boneage.measurement.measurements import CarpalMeasurement, JointLength, Measurements
from boneage.radiograph.radiograph import NO_SPACING, Spacing
from boneage.reference.lengths import hand_atlas_lengths
from boneage.report.length_lines import length_lines
from boneage.result import Contribution, HandLengths, ReaderCorrection, Result

SPACING = Spacing(0.2, "user", True, "given")
FRAME_SCALE = 2.0


def hand(share: float, *, age: float = 144.0, axis: str = "bone_age") -> Measurements:
    """The average hand of girls of an age, times ``share``, in frame pixels."""
    table = hand_atlas_lengths(axis)  # type: ignore[arg-type]
    joints = []
    for bone in TUBULAR_BONES:
        expected = table.expected(f"{bone}.joint_length_mm", age, "F")
        assert expected is not None
        length = expected[0] * share / (0.2 * FRAME_SCALE)
        joints.append(JointLength(bone, ((0.0, length), (0.0, 0.0)), length))
    return Measurements((), CarpalMeasurement(0.0, 0, float("nan")), joint_lengths=tuple(joints))


def find(measured: Measurements, bone_age: float | None, own: float | None, **changes: object) -> LengthFindings:
    options: dict[str, object] = {"sex": "F", "ages": Ages(bone_age, own)} | changes
    spacing = options.pop("spacing", SPACING)
    return find_lengths(measured, FRAME_SCALE, spacing, **options)  # type: ignore[arg-type]


def test_the_average_hand_has_no_deviation() -> None:
    found = find(hand(1.0), 144.0, None)
    score = found.summary.for_bone_age
    assert score is not None
    assert score.mean_z == pytest.approx(0, abs=1e-6) and score.bones == 19 and score.verdict == "usual"
    assert score.reference == "dha_joint_mm"
    assert set(found.for_bone_age) == set(TUBULAR_BONES)
    assert found.summary.for_chronological_age is None and not found.for_chronological_age
    assert set(found.versions) == {"dha_joint_mm"}


def test_short_for_one_age_and_usual_for_the_other() -> None:
    found = find(hand(0.93, age=120, axis="chronological_age"), 168.0, 120.0).summary
    assert found.for_bone_age is not None and found.for_chronological_age is not None
    assert found.for_bone_age.verdict == "short" and found.for_bone_age.sds < -2
    assert found.for_chronological_age.verdict == "usual"
    assert found.for_chronological_age.reference == "dha_joint_mm_chronological"
    assert "inferred" in found.message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spacing": NO_SPACING}, "pixel size is not known"),
        ({"spacing": Spacing(0.2, "detector", False, "size at the detector")}, "not reliable (size at the detector)"),
        ({"sex": None}, "sex of the child is not known"),
    ],
)
def test_where_there_is_no_score_there_are_words(changes: dict[str, object], words: str) -> None:
    found = find(hand(1.0), 144.0, 144.0, **changes)
    assert found.summary.for_bone_age is None and found.summary.for_chronological_age is None
    assert not found.for_bone_age and not found.for_chronological_age
    assert words in found.summary.message


def test_an_age_outside_the_table_has_words_and_leaves_the_other_alone() -> None:
    found = find(hand(1.0), 60.0, 144.0).summary
    assert found.for_bone_age is None and found.for_chronological_age is not None
    assert "no score for bone age: the table dha_joint_mm covers 9 to" in found.message


def test_an_age_read_from_millimetres_is_not_held_against_them() -> None:
    part = Contribution("metacarpal_3.length_mm", 50.0, 50.0, 0.0, 1.0)
    found = find(hand(1.0), 144.0, 144.0, contributions=(part,)).summary
    assert found.for_bone_age is None and found.for_chronological_age is not None
    assert "itself read from lengths in millimetres" in found.message


class _Rooms(StandInRooms):
    """Girls of 12 by bone age, with an average hand of that age."""

    def measure(self, bone_map: object) -> Measurements:
        whole = hand(1.0)
        scaled = tuple(dataclasses.replace(joint) for joint in whole.joint_lengths)
        return dataclasses.replace(measurements(), joint_lengths=scaled)


def estimate(age: float | None, *, spacing: Spacing = SPACING, bone_age: float = 144.0) -> Result:
    both = {"M": bone_age, "F": bone_age}
    rooms = _Rooms(radiograph=film(sex="F", spacing=spacing), measured=both, regressed=both)
    return Estimator(rooms=rooms).estimate_bytes(b"film", chronological_age_months=age).result


def test_the_result_holds_them_and_the_own_age_changes_no_other_score() -> None:
    without, young, old = estimate(None), estimate(110.0), estimate(200.0)
    for result in (without, young, old):
        assert result.bone_age == without.bone_age
        assert result.lengths is not None and result.lengths.for_bone_age == without.lengths.for_bone_age  # type: ignore[union-attr]
        assert [bone.length_sds_for_bone_age for bone in result.bones] == pytest.approx([0.0], abs=1e-4)
    assert without.bones[0].length_sds_for_chronological_age is None
    assert young.bones[0].length_sds_for_chronological_age > 1 > old.bones[0].length_sds_for_chronological_age  # type: ignore[operator]
    names = {reference.name: reference.version for reference in young.software.references}
    assert names["dha_joint_mm"].startswith("sha256:") and names["dha_joint_mm_chronological"].startswith("sha256:")
    assert Result.from_dict(young.to_dict()).lengths is not None


def test_a_grown_hand_has_no_length_score_for_a_bone_age_that_is_only_a_bound() -> None:
    grown = estimate(150.0, bone_age=184.0)
    assert grown.bone_age is not None
    assert grown.bone_age.bound_months is not None
    assert grown.lengths is not None
    assert grown.lengths.for_bone_age is None
    assert grown.lengths.for_chronological_age is not None


def test_joint_lengths_on_the_film_in_pixels_and_millimetres() -> None:
    (bone,) = estimate(None).bones
    assert bone.joint_length_px is not None and bone.joint_endpoints is not None
    (x0, y0), (x1, y1) = bone.joint_endpoints
    assert abs(y1 - y0) == pytest.approx(bone.joint_length_px) and x0 == x1
    assert bone.joint_length_mm == pytest.approx(bone.joint_length_px * 0.2)
    (unscaled,) = estimate(None, spacing=NO_SPACING).bones
    assert unscaled.joint_length_mm is None and unscaled.joint_length_px == bone.joint_length_px


def test_lines_for_people() -> None:
    lines = length_lines(estimate(200.0))
    assert lines[0].startswith("Bone lengths for bone age (12 y 0 mo): usual, SD score 0.0 (19 bones, dha_joint_mm")
    assert lines[1].startswith("Bone lengths for chronological age (16 y 8 mo): usual, SD score −0.9 (19")
    assert "inferred" in lines[2]
    assert length_lines(estimate(None, spacing=NO_SPACING)) == [
        "Bone lengths: no length scores: the film's pixel size is not known, so lengths are ratios only"
    ]
    assert HandLengths().message == ""


def test_beside_a_readers_age_the_lengths_are_those_for_the_automatic_one() -> None:
    plain = estimate(200.0)
    settled = replace(plain, reader_correction=ReaderCorrection(final_months=180.0))
    assert length_lines(plain)[0].startswith("Bone lengths for bone age (")
    assert length_lines(settled)[0].startswith("Bone lengths for the automatic bone age (")
    assert length_lines(settled)[1:] == length_lines(plain)[1:]
