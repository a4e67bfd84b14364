"""Both routes' ages of the ``train`` films, for the belts of the combined answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from boneage.errors import UsageError
from boneage.reference.build import read_films
from boneage.reference.calibrate import looked_up
from boneage.reference.measurement_table import MeasurementTable
from boneage.training.combination_fit import RoutePairs
from boneage.training.held_out import COLUMN


def read_held_out_pairs(held_out: Path, measured: Path, labels: Path, table: MeasurementTable) -> RoutePairs:
    """Return the films of ``train`` that have an age by both routes.

    The measured ages come from the table that was built from these films: one film among thousands hardly moves a cell,
    and the reach of the belts is that of `tune`.

    Parameters
    ----------
    held_out:
        CSV of `boneage train held-out`: ``id, regression_months``.
    measured:
        CSV of `boneage reference measure` of the split ``train``.
    labels:
        Columns ``id, sex, bone_age_months, split``.
    table:
        What the measurements are looked up in, under a flat prior.

    Raises
    ------
    UsageError
        ``no_held_out_ages`` if the file is not such a CSV or none of its films is measured.
    TableError
        If measurements or labels cannot be read.
    """
    import pandas as pd

    films = read_films(measured, labels, "train")
    try:
        ages = pd.read_csv(held_out, dtype={"id": str}).set_index("id")[COLUMN].astype(float)
    except (OSError, ValueError, KeyError) as error:
        msg = f"{held_out.name} is no table of id and {COLUMN} ({type(error).__name__})"
        raise UsageError("no_held_out_ages", msg, remedy="make it with boneage train held-out") from error
    regressed = films["id"].map(ages).to_numpy(dtype=float)
    found = looked_up(films, table)[:, 0]
    both = np.isfinite(regressed) & np.isfinite(found)
    if not both.any():
        msg = f"no film of {held_out.name} is measured in {measured.name}"
        raise UsageError("no_held_out_ages", msg, remedy="give the files of the same films")
    known = films["bone_age_months"].to_numpy(dtype=float)
    male = films["sex"].to_numpy(dtype=str) == "M"
    return RoutePairs(found[both], regressed[both], known[both], male[both])
