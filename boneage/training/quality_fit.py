"""Fitting the quality gate's distance from the training films, on measured films (`boneage train quality`)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from boneage.errors import Refusal, UsageError
from boneage.quality.distance import FILE, DistanceModel, Floats, features, fit_distance
from boneage.reference.build import read_films
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import MeasurementTable

if TYPE_CHECKING:
    import pandas as pd

_LEAST_FILMS: Final = 100


def fit_quality(measured: Path, tuning: Path, labels: Path, table: MeasurementTable) -> DistanceModel:
    """Fit on measured ``train`` films and count how many ``tune`` films lie beyond the limit.

    Parameters
    ----------
    measured, tuning:
        CSV files of `boneage reference measure` of the two splits.
    labels:
        Columns ``id, sex, bone_age_months, split``; only the sex is used.
    table:
        The reference table whose z scores are taken.

    Raises
    ------
    UsageError
        ``too_few_films`` with fewer than 100 films of a split.
    """
    lookup = AgeLookup(table)
    training = film_features(read_films(measured, labels, "train"), lookup)
    other = film_features(read_films(tuning, labels, "tune"), lookup)
    model = fit_distance(training, reference=table.name, fitted_on="")
    beyond = float(np.mean([model.distance_of(row) > model.limit for row in other]))
    words = (
        f"{len(training)} measured films of the RSNA split train, table {table.name} {table.metadata.version}; "
        f"{100 * beyond:.1f} % of {len(other)} films of tune lie beyond the limit"
    )
    return replace(model, fitted_on=words)


def film_features(films: pd.DataFrame, lookup: AgeLookup) -> Floats:
    """Return the features (n, 16) of measured films, looked up under their sex; films without an age are left out.

    Raises
    ------
    UsageError
        ``too_few_films`` if fewer than 100 have one.
    """
    rows = list(_features(films, lookup))
    if len(rows) < _LEAST_FILMS:
        msg = f"{len(rows)} measured films have an age"
        raise UsageError(
            "too_few_films", msg, remedy=f"the distance is fitted on at least {_LEAST_FILMS} of each split"
        )
    return np.array(rows)


def _features(films: pd.DataFrame, lookup: AgeLookup) -> Iterator[Floats]:
    names = [name for name in films.columns if name in lookup.table.measurements]
    for sex, values in zip(films["sex"], films[names].to_dict("records"), strict=True):
        known = {str(name): float(value) for name, value in values.items() if math.isfinite(value)}
        try:
            found = lookup.posterior(known, sex)
        except Refusal:
            continue
        yield features({part.measurement: part.z for part in found.contributions})


def ship_quality(model: DistanceModel, path: Path = FILE) -> Path:
    """Write the fitted model into the package and return its path."""
    path.write_text(json.dumps(asdict(model), indent=1) + "\n", encoding="utf-8")
    return path
