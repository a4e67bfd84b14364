"""The words of the figures, English unless others are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from boneage.report.wording import age_words, bone_words, joint_words, label_words, measurement_words


@dataclass(frozen=True)
class FigureWords:
    """Every word that a figure shows; the functions put names and ages (in months) into words."""

    own_age_axis: str = "chronological age (years)"
    bone_age_axis: str = "bone age (years)"
    density_axis: str = "probability (% per month)"
    weight_axis: str = "share of the weight (%)"
    pattern_axis: str = "length against the own hand (SD)"
    identity: str = "bone age = chronological age"
    reference_mean: str = "mean of the reference's children"
    band: str = "±{count} SD"
    mean: str = "mean"
    this_visit: str = "this visit"
    automatic: str = "automatic, this visit"
    reader: str = "set by the reader"
    earlier_visits: str = "earlier visits"
    this_child: str = "this child"
    measured: str = "measured bones"
    direct: str = "direct regression"
    answer: str = "answer"
    own_age: str = "chronological age"
    interval: str = "95 %"
    length: str = "length"
    age: Callable[[float], str] = age_words
    bone: Callable[[str], str] = bone_words
    label: Callable[[str], str] = label_words
    joint: Callable[[str], str] = joint_words
    measurement: Callable[[str], str] = measurement_words

    def least(self, months: float, *, at_least: bool) -> str:
        """Return an age, marked where it is the least that it can be."""
        return f"\u2265 {self.age(months)}" if at_least else self.age(months)


ENGLISH: Final = FigureWords()
