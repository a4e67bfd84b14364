"""The grown hand: where the bones tell no more than that it is at least so old, the answer says just that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from boneage.combination import OLDEST_MONTHS
from boneage.quality.checks import Finding, QualityCheck
from boneage.reference.age_words import exact_age_words
from boneage.result.ages import BoneAge

if TYPE_CHECKING:
    from boneage.radiograph.radiograph import Sex

GROWN_FROM: Final[dict[Sex, float]] = {"M": 198.0, "F": 180.0}
"""Bone age in months from which the plates of the fingers have closed and little that is measured changes any more."""

AT_OR_ABOVE: Final[dict[Sex, float]] = {"M": 192.0, "F": 174.0}
"""What is then said: bone age at or above so many months."""

_REASON: Final = (
    "labels of 17 y and of 19 y get the same answers, about 200 to 210 months in boys and 185 to 191 in girls: with "
    "the plates of the fingers closed there is little left to tell them by. Of the films beyond the limit all 34 of "
    "`tune` and 47 of 50 of `devtest` are labelled at or above the bound that is said (2026-11-26)"
)

GROWN_BOY: Final = QualityCheck(
    "grown_boy", "mature_hand", "bone age of a boy in months", "at most", GROWN_FROM["M"], None, _REASON,
    "growth is nearly over but need not be: radius and ulna may still be open, look at the wrist; ask for a film of "
    "another region where maturity has to be timed",
)  # fmt: skip
GROWN_GIRL: Final = replace(GROWN_BOY, name="grown_girl", measures="bone age of a girl in months", warn=GROWN_FROM["F"])

CHECKS: Final = (GROWN_BOY, GROWN_GIRL)


def check_grown(age: BoneAge, sex: Sex) -> tuple[BoneAge, Finding]:
    """Return the answer with its bound where the hand is grown, and what was found.

    The months stay as they are; ``bound`` and ``bound_months`` say what can be said, and the interval has no upper end
    but that of all ages.
    """
    check = GROWN_BOY if sex == "M" else GROWN_GIRL
    bound = exact_age_words(AT_OR_ABOVE[sex])
    message = f"a grown hand: its bone age is at or above {bound}, and no film of the hand says by how much"
    finding = check.found(age.months, message)
    if finding.verdict == "passed":
        return age, finding
    interval = (min(age.interval_95[0], AT_OR_ABOVE[sex]), max(age.interval_95[1], OLDEST_MONTHS))
    return replace(age, interval_95=interval, bound="at_or_above", bound_months=AT_OR_ABOVE[sex]), finding
