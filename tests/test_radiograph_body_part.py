"""Body parts that are, or may hold, a hand."""

from __future__ import annotations

import pytest

from boneage.radiograph.body_part import is_hand

HANDS = [
    "HAND",
    "LHAND",
    "HANDS",
    "XHANDX",
    "HAND_LT",
    "LEFT-HAND",
    "WRIST",
    "WRISTR",
    "FINGER",
    "THUMB",
    "EXTREMITY",
    "FOREARM",
    "ARM",
    "LARM",
    "ARML",
    "MANO",
    "MAIN",
    "CARPUS",
    "CARPAL",
    "METACARPAL",
    "METACARPUS",
    "PHALANX",
    "PHALANGES",
    "RADIUS",
    "ULNA",
    "DIGIT",
    "DIGITS",
    "HANDGELENK",
    "BONE",
    "BONEAGE",
    "SKELETON",
    "UPPERLIMB",
    "RADIUSL",
]


@pytest.mark.parametrize("part", [*HANDS, "UPPER LIMB", "UPPER EXTREMITY", "MANO IZQ.", "MAIN GAUCHE", "BONE AGE"])
def test_hands(part: str) -> None:
    assert is_hand(part)


@pytest.mark.parametrize(
    "part", ["ARMPIT", "CHARM", "CHEST", "HIP", "KNEE", "FOOT", "TSRA", "DOMAIN", "REMAIN", "TARSUS", "左手"]
)
def test_others(part: str) -> None:
    assert not is_hand(part)
