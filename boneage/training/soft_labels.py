"""Labels with less of one reader's noise: drawn towards the age that a network read which had not seen the film.

The label is one clinical reading, off by as much as a network that has learned from the other half of the films. Both
err for different reasons, so what lies between them is nearer to the truth than either (self-distillation with
cross-fitted teachers: Bagherinezhad H et al., *Label Refinery*, 2018; Furlanello T et al., *Born-Again Neural
Networks*, 2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from boneage.training.films import Films

LABEL_SHARE: Final = 0.4
"""Share of the label where a teacher has seen many films of that age."""

RAMP_MONTHS: Final = (24.0, 72.0)
"""Teacher's ages below which the label stands alone, and from which on it has `LABEL_SHARE`: teachers have seen few
infants, and readers differ less on them."""


def soft_label(label: float, teacher: float) -> float:
    """Return the age to learn, in months, from a film's label and its held-out age.

    Examples
    --------
    >>> soft_label(100.0, 110.0), soft_label(20.0, 24.0)
    (106.0, 20.0)
    """
    share = float(np.interp(teacher, RAMP_MONTHS, (1.0, LABEL_SHARE)))
    return share * label + (1 - share) * teacher


def with_soft_labels(films: Films, held_out: Mapping[str, float]) -> Films:
    """Return the films with soft labels wherever there is a held-out age; the pictures are the same."""
    records = [
        replace(record, bone_age_months=soft_label(record.bone_age_months, held_out[record.id]))
        if record.id in held_out
        else record
        for record in films.records
    ]
    return replace(films, records=records)
