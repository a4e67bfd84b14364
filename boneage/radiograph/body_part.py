"""Whether the words of BodyPartExamined name a hand, or what a hand film may be filed under."""

from __future__ import annotations

import re
from typing import Final

_STEMS: Final = re.compile(
    "HAND|WRIST|FINGER|THUMB|EXTREMIT|FOREARM|CARPUS|CARPAL|CARPO|PHALAN|SKELET|BONEAGE|UPPERLIMB"
)
"""Parts of words that stand for no other part of the body (but that toes have phalanges too)."""
_WORD: Final = re.compile(
    r"(LEFT|RIGHT|LT|RT|L|R)?"
    r"(ARMS?|UPPER|UPPERARM|BONES?|DIGITS?|RADIUS|ULNA|MANOS?|MAINS?|MUÑECA|POIGNET|POLSO|DEDOS?|DOIGTS?)"
    r"(LEFT|RIGHT|LT|RT|L|R)?\d*"
)
"""Whole words, which as parts of words might mean anything: ARMPIT, CHARM. A side may be joined to them."""


def is_hand(part: str) -> bool:
    """Tell whether a body part in capitals is one of a hand."""
    words = re.findall(r"[^\W_]+", part)
    return any(_STEMS.search(word) or _WORD.fullmatch(word) for word in words)
