"""Both routes' ages of the ``train`` films, neither of which has seen them, for the combined answer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from boneage.errors import UsageError
from boneage.reference.build import read_films
from boneage.reference.left_out import looked_up_without
from boneage.reference.measurement_table import MeasurementTable
from boneage.training.combination_fit import RoutePairs
from boneage.training.held_out_ages import read_held_out_ages

PARTS: Final = 5
"""Parts of the films that are looked up without."""


def read_held_out_pairs(held_out: Path, measured: Path, labels: Path, table: MeasurementTable) -> RoutePairs:
    """Return the films of ``train`` that have an age by both routes.

    Each film's measurements are looked up in a table that was fitted without its part of the films.

    Parameters
    ----------
    held_out:
        CSV of `boneage train held-out`: ``id, regression_months``.
    measured:
        CSV of `boneage reference measure` of the split ``train``.
    labels:
        Columns ``id, sex, bone_age_months, split``.
    table:
        The table built from these films, of which measurements and settings are taken.

    Raises
    ------
    UsageError
        ``no_held_out_ages`` if the file is not such a CSV or none of its films is measured.
    TableError
        If measurements or labels cannot be read.
    """
    films = read_films(measured, labels, "train")
    ages = read_held_out_ages(held_out)
    regressed = films["id"].map(ages).to_numpy(dtype=float)
    found = looked_up_without(films, table, folds=PARTS)[:, 0]
    both = np.isfinite(regressed) & np.isfinite(found)
    if not both.any():
        msg = f"no film of {held_out.name} is measured in {measured.name}"
        raise UsageError("no_held_out_ages", msg, remedy="give the files of the same films")
    known = films["bone_age_months"].to_numpy(dtype=float)
    male = films["sex"].to_numpy(dtype=str) == "M"
    return RoutePairs(found[both], regressed[both], known[both], male[both])
