"""The size of the hand that lengths are compared with."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from boneage.measurement.measurements import BoneMeasurement
from boneage.measurement.scale import TYPICAL_SHARES, hand_scale

NAN = float("nan")


def hand(size: float) -> dict[str, BoneMeasurement]:
    """A hand of exactly the typical proportions."""
    ends = ((0.0, 0.0), (0.0, 0.0))
    return {
        name: BoneMeasurement(name, ends, share * size, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN)
        for name, share in TYPICAL_SHARES.items()
    }


def test_scale_is_the_length_of_metacarpal_3() -> None:
    assert hand_scale(hand(80)) == pytest.approx(80)


@pytest.mark.parametrize("missing", list(TYPICAL_SHARES))
def test_a_missing_bone_does_not_move_it(missing: str) -> None:
    bones = hand(80)
    del bones[missing]
    assert hand_scale(bones) == pytest.approx(80)


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_one_wrong_bone_does_not_move_it(factor: float) -> None:
    bones = hand(80)
    bones["metacarpal_3"] = dataclasses.replace(bones["metacarpal_3"], length_px=80 * factor)
    assert hand_scale(bones) == pytest.approx(80)


def test_cut_bones_do_not_count_and_three_are_needed() -> None:
    bones = hand(80)
    names = list(bones)
    for name in names[3:]:
        bones[name] = dataclasses.replace(bones[name], length_px=NAN)
    assert hand_scale(bones) == pytest.approx(80)
    del bones[names[0]]
    assert np.isnan(hand_scale(bones))


def test_shares_are_those_of_the_digital_hand_atlas(shared_data) -> None:  # type: ignore[no-untyped-def]
    pandas = pytest.importorskip("pandas")
    hands = pandas.read_csv(shared_data / "dha" / "hands_joint_segment_px.csv")
    for name, share in TYPICAL_SHARES.items():
        median = float((hands[f"{name}_px"] / hands["metacarpal_3_px"]).median())
        assert share == pytest.approx(median, abs=0.0006), name
