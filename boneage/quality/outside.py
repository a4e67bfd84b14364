"""Hands that are younger or older than all ages of the table that they are looked up in."""

from __future__ import annotations

from typing import Final

import numpy as np

from boneage.quality.checks import Finding, QualityCheck
from boneage.quality.distance import load_distance
from boneage.reference.age_words import exact_age_words
from boneage.reference.posterior import AgePosterior

CHECK: Final = QualityCheck(
    "beyond_table",
    "outside_table",
    "median SDs by which the measurements lie beyond the first or the last age of a table other than `rsna`",
    "at most",
    warn=None,
    refuse=2.5,
    reason="of the children of its first or its last age about one in 160 lies further off; who does most likely has "
    "an age that the table lacks, and any age within it would be made up",
    remedy="look the film up in a table that holds the child's age, as the one that is taken without --reference",
)


def check_outside(posterior: AgePosterior) -> tuple[Finding, ...]:
    """Hold a looked-up hand against the ends of its table.

    Nothing for the table that the distance from the training films (`boneage.quality.distance`) is known for, which
    holds all ages, and where no measurement grows from one end to the other.
    """
    before, after = posterior.beyond_ends
    if posterior.reference == load_distance().reference or np.isnan(before):
        return ()
    beyond, where, end = (before, "first", 0) if before > after else (after, "last", -1)
    message = (
        f"the measurements of this hand lie {beyond:.1f} SD beyond those of the {where} age, "
        f"{exact_age_words(float(posterior.ages[end]))}, of the table {posterior.reference}"
    )
    return (CHECK.found(beyond, message),)
