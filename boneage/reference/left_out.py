"""Looking films up in the table that was built from them, but without each in its turn: part by part.

A table knows its own films: looked up in it they come out nearer to their labels, and their intervals hold more of
them, than films to come. Here each part of the films is looked up in a table that is fitted to the other parts, with
the settings of the whole one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from boneage.options import PriorName
from boneage.reference.build import MIN_FILMS
from boneage.reference.calibrate import looked_up
from boneage.reference.cross_fit import deal_folds
from boneage.reference.fit_table import fit_table
from boneage.reference.measurement_table import Floats, MeasurementTable

if TYPE_CHECKING:
    import pandas as pd


def looked_up_without(
    frame: pd.DataFrame,
    table: MeasurementTable,
    *,
    folds: int,
    prior: PriorName = "flat",
    min_films: int = MIN_FILMS,
) -> Floats:
    """Look every film up in a table that was fitted without its part of the films.

    Parameters
    ----------
    frame:
        The films that the table was built from: columns ``sex``, ``bone_age_months`` and measurements.
    table:
        Its measurements and settings are taken; the belts of its intervals were cross-fitted when it was built.
    folds:
        Number of parts, at least 2.
    prior:
        As in `boneage.reference.calibrate.looked_up`.
    min_films:
        A measurement that fewer films of a sex have is not fitted.

    Returns
    -------
    array of float
        Age and 95 % interval in months, shape (n, 3); ``nan`` for films without a usable measurement.
    """
    fold = deal_folds(frame, folds)
    found = np.full((len(frame), 3), np.nan)
    for part in range(folds):
        others = fit_table(frame[fold != part], table.measurements, table.metadata, table.settings, min_films=min_films)
        own = others.settings
        settings = replace(table.settings, presence_weights=own.presence_weights, anchors=own.anchors)
        found[fold == part] = looked_up(frame[fold == part], replace(others, settings=settings), prior=prior)
    return found
