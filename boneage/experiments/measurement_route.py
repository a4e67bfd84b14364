"""The measurement route of the learning curve: a table built from the measured films of a subset, and looked up.

No film is read anew: the rows come from `boneage reference measure`. Settings of the lookup are cross-fitted on the
subset itself, as in `boneage reference build`, so that no label outside it is used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from boneage.experiments.measured_rows import MeasuredRows
from boneage.experiments.points import Point, PointKey, read_point, write_point
from boneage.experiments.subsets import fingerprint
from boneage.reference.build import LEAST_FILMS, MIN_FILMS, BuildOptions, build_table
from boneage.reference.calibrate import looked_up
from boneage.reference.measurement_table import TableMetadata

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class MeasurementSetup:
    """What all measurement points share.

    Attributes
    ----------
    rows:
        Measured films.
    run_dir:
        Holds a JSON file for each point.
    judged:
        Number of films of the judged split, measured or not.
    folds:
        Parts of the subset for fitting the lookup settings.
    """

    rows: MeasuredRows
    run_dir: Path
    judged: int
    folds: int = 5


def build_options(films: int, folds: int = 5) -> BuildOptions:
    """Return how a table is built from so many films: as shipped, but for the least number of films of a measurement.

    That is a tenth of the films, between 10 and the 60 of shipped tables. The rule was set beforehand.
    """
    return BuildOptions(folds=folds, min_films=min(MIN_FILMS, max(LEAST_FILMS, films // 10)))


def measurement_point(setup: MeasurementSetup, key: PointKey, ids: Sequence[str]) -> Point:
    """Return a point, from its JSON where it was made from the same rows, else built now.

    Raises
    ------
    TableError
        ``too_few_films`` if the subset has fewer than ten films of a sex.
    """
    inputs = fingerprint("measurement", sorted(ids), setup.rows.digest, setup.folds)
    done = read_point(setup.run_dir, key)
    if done is not None and done.inputs == inputs:
        return done
    chosen = setup.rows.train[setup.rows.train["id"].isin(set(ids))].reset_index(drop=True)
    LOGGER.info("%s: a table from %d films", key.name, len(chosen))
    begun = time.process_time()
    table = build_table(chosen, TableMetadata(key.name, "1"), options=build_options(key.n, setup.folds))
    seconds = round(time.process_time() - begun, 1)
    months = looked_up(setup.rows.judged, table)[:, 0]
    found = zip(setup.rows.judged["id"], months, strict=True)
    answers = {film_id: round(float(age), 3) for film_id, age in found if np.isfinite(age)}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    point = Point(
        key=key,
        inputs=inputs,
        source=setup.rows.digest,
        fitted_films=len(chosen),
        answers=answers,
        unanswered=setup.judged - len(answers),
        date=now,
        steps=None,
        seconds=seconds,
        how=f"a table of {len(table.measurements)} measurements from {len(chosen)} films",
    )
    write_point(point, setup.run_dir)
    return point
