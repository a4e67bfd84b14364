"""What is refused as no usable hand, and what is only remarked on."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.anatomy import JOINTS, LABEL_VALUES, TUBULAR_BONES
from boneage.errors import Refusal
from boneage.segmentation.bone_map import HandFrame
from boneage.segmentation.hand_checks import (
    EDGE_CONFIDENCE,
    EDGE_SHARE,
    ENDS_INSIDE,
    LEAST_BONES,
    LEAST_CONFIDENCE,
    LEAST_PALM,
    LEAST_SHAFT,
    MOST_UNSURE,
    RUNS_ON,
    SURE_JOINT,
    WHOLE_CONFIDENCE,
    WORST_MISFIT,
    check_bones,
    check_cut_off,
    check_joints,
    edge_notices,
    tips_at_edge,
    unsure_joints,
)

SURE = np.full(21, 0.95)


def frame(scale: float = 2.0) -> HandFrame:
    return HandFrame(np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]]), (384, 320))


def map_of(bones: tuple[str, ...], pixels: int = LEAST_SHAFT) -> np.ndarray:
    labels = np.zeros((40, 60), dtype=np.uint8)
    for row, bone in enumerate(bones):
        labels[row, :pixels] = LABEL_VALUES[bone]
    return labels


def test_a_good_hand_passes_with_its_values() -> None:
    checks = check_joints(SURE, 0.03, frame(), 150.0)
    assert {check.name: check.value for check in checks} == {
        "joint_confidence": 0.95,
        "palm_misfit": 0.03,
        "palm_pixels": 300.0,
        "joints_unsure": 0.0,
    }
    assert all(check.passed for check in checks)
    assert [check.limit for check in checks] == [WHOLE_CONFIDENCE, WORST_MISFIT, LEAST_PALM, MOST_UNSURE]


@pytest.mark.parametrize(
    ("confidence", "misfit", "scale", "code"),
    [
        (np.full(21, LEAST_CONFIDENCE - 0.01), 0.03, 2.0, "not_a_hand"),
        (np.full(21, 0.05), 0.03, 2.0, "not_a_hand"),
        (SURE, WORST_MISFIT + 0.001, 2.0, "not_a_hand"),
        (SURE, float("nan"), 2.0, "not_a_hand"),
        (SURE, 0.03, (LEAST_PALM - 1) / 150, "hand_too_small"),
        (np.full(21, 0.05), 0.5, 0.01, "not_a_hand"),
    ],
)
def test_what_is_not_a_hand_is_refused(confidence: np.ndarray, misfit: float, scale: float, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_joints(confidence, misfit, frame(scale), 150.0)
    assert caught.value.code == code
    assert caught.value.remedy


def test_the_limits_themselves_are_allowed() -> None:
    checks = check_joints(np.full(21, WHOLE_CONFIDENCE), WORST_MISFIT, frame(LEAST_PALM / 150), 150.0)
    assert all(check.passed for check in checks)


def test_one_joint_that_is_not_certain_does_not_refuse_the_hand() -> None:
    confidence = SURE.copy()
    confidence[4] = 0.0
    assert check_joints(confidence, 0.03, frame(), 150.0)


def test_too_small_says_how_small() -> None:
    with pytest.raises(Refusal, match=r"15 pixels.*25 needed"):
        check_joints(SURE, 0.03, frame(0.1), 150.0)


def test_enough_bones_pass() -> None:
    (check,) = check_bones(map_of(TUBULAR_BONES[:LEAST_BONES]))
    assert check.passed
    assert (check.value, check.limit) == (12.0, 12.0)


def test_too_few_bones_are_refused_with_their_number() -> None:
    with pytest.raises(Refusal, match="only 11 of the 19") as caught:
        check_bones(map_of(TUBULAR_BONES[: LEAST_BONES - 1]))
    assert caught.value.code == "bones_missing"
    assert caught.value.remedy


def test_specks_epiphyses_and_the_forearm_are_no_tubular_bones() -> None:
    with pytest.raises(Refusal, match="only 0 of the 19"):
        check_bones(map_of(TUBULAR_BONES, LEAST_SHAFT - 1))
    others = tuple(name for name in LABEL_VALUES if name not in TUBULAR_BONES)
    with pytest.raises(Refusal, match="only 0 of the 19"):
        check_bones(map_of(others, 60))


@pytest.mark.parametrize(
    "confidence", [np.full(21, LEAST_CONFIDENCE + 1e-6), np.where(np.arange(21) < MOST_UNSURE, 0.4, 0.99)]
)
def test_a_hand_that_is_not_whole_is_refused_with_the_joints(confidence: np.ndarray) -> None:
    with pytest.raises(Refusal, match="wrist, cmc_1") as caught:
        check_joints(confidence, 0.03, frame(), 150.0)
    assert caught.value.code == "hand_incomplete"


def test_a_joint_that_is_not_certain_is_told() -> None:
    confidence = SURE.copy()
    assert unsure_joints(confidence) == ()
    confidence[JOINTS.index("tip_3")] = SURE_JOINT - 0.01
    (notice,) = unsure_joints(confidence)
    assert (notice.code, notice.severity) == ("joints_unsure", "warning")
    assert notice.message.endswith(": tip_3")


NEAR = 300 * EDGE_SHARE - 1
UNKNOWN = np.full(21, np.nan)
TIP = JOINTS.index("tip_3")


def at_edge(confidence: float, place: tuple[float, float] = (100.0, NEAR)) -> tuple[np.ndarray, np.ndarray]:
    """Joints inside a film of 300 x 200 and their confidence, but for one finger tip."""
    joints, sure = np.full((21, 2), 100.0), SURE.copy()
    joints[TIP], sure[TIP] = place, confidence
    return joints, sure


def left(share: float) -> np.ndarray:
    """So much of that finger's flesh is left at the edge."""
    flesh = UNKNOWN.copy()
    flesh[TIP] = share
    return flesh


@pytest.mark.parametrize(
    "place", [(100.0, NEAR), (NEAR, 100.0), (199.0 - NEAR, 100.0), (100.0, 299.0 - NEAR), (230.0, 9.0)]
)
@pytest.mark.parametrize("flesh", [UNKNOWN, left(ENDS_INSIDE), left(1.0)], ids=["unknown", "some", "all"])
def test_an_unsure_joint_at_the_edge_is_cut_off(place: tuple[float, float], flesh: np.ndarray) -> None:
    with pytest.raises(Refusal, match="tip_3") as caught:
        check_cut_off(*at_edge(EDGE_CONFIDENCE - 0.01, place), (300, 200), flesh)
    assert caught.value.code == "cut_off"
    assert "mcp" not in caught.value.message
    assert [check.passed for check in caught.value.checks] == [False, True]


def test_an_unsure_tip_with_air_behind_it_is_not_cut_off() -> None:
    cut, touching = check_cut_off(*at_edge(EDGE_CONFIDENCE - 0.2), (300, 200), left(ENDS_INSIDE - 0.01))
    assert (cut.passed, cut.value, touching.passed) == (True, 0.0, True)


@pytest.mark.parametrize(("share", "passed"), [(RUNS_ON, True), (RUNS_ON + 0.01, False)])
def test_a_sure_tip_whose_flesh_runs_on_is_told_and_not_refused(share: float, passed: bool) -> None:
    joints, confidence = at_edge(EDGE_CONFIDENCE)
    cut, touching = check_cut_off(joints, confidence, (300, 200), left(share))
    assert (cut.passed, touching.passed, len(touching.places)) == (True, passed, 0 if passed else 1)
    assert tips_at_edge(confidence, left(share)) == (() if passed else ("tip_3",))


def test_fingers_at_the_edge_are_named() -> None:
    assert edge_notices(()) == ()
    (notice,) = edge_notices(("tip_1", "tip_3"))
    assert (notice.code, notice.severity) == ("tips_at_edge", "warning")
    assert notice.message.endswith(": tip_1, tip_3")


def test_a_sure_joint_at_the_edge_and_an_unsure_one_inside_are_not_cut_off() -> None:
    joints = np.full((21, 2), 100.0)
    joints[0] = (0.0, 0.0)
    confidence = SURE.copy()
    confidence[1] = 0.1
    (check, _) = check_cut_off(joints, confidence, (300, 200), UNKNOWN)
    assert (check.name, check.passed, check.value) == ("joints_cut_off", True, 0.0)
