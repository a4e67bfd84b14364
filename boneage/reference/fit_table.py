"""Fitting the cells of a measurement table: mean, SD, presence, counts and correlation by sex and age.

Few films are met with wider windows, stiffer curves (`boneage.reference.smooth`) and correlations drawn to zero, so
that a table from some twenty-five films a sex still answers over the whole range, only less surely.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.reference.correlation import correlation_by_age, presence_weights
from boneage.reference.measurement_table import (
    Floats,
    LookupSettings,
    MeasurementTable,
    SexTable,
    TableMetadata,
    part_of,
    unit_from_name,
)
from boneage.reference.rows import SEXES, Sex
from boneage.reference.smooth import LAST_AGE, curve_at, fit_mean_sd, fit_presence

if TYPE_CHECKING:
    import pandas as pd

TABLE_AGES: Final = np.concatenate([np.arange(0.0, 36.0, 3.0), np.arange(36.0, LAST_AGE + 1, 6.0)])
"""Ages of the rows: every three months under three years, every six after."""

CORRELATION_AGES: Final = np.array([30.0, 72.0, 114.0, 156.0, 198.0])
WINDOW_MONTHS: Final = 6.0
MIN_FILMS_IN_CELL: Final = 5
ANCHOR_PRESENCE: Final = 0.9
_WINDOW_FILMS: Final = 4000.0
"""Window in months times films of a sex: below 667 films the window within which a cell needs its films grows."""


def fit_table(
    frame: pd.DataFrame,
    measurements: tuple[str, ...],
    metadata: TableMetadata,
    settings: LookupSettings,
    *,
    min_films: int,
) -> MeasurementTable:
    """Fit every cell; the lookup settings are taken over, with presence weights and anchors filled in.

    Parameters
    ----------
    frame:
        Columns ``sex``, ``bone_age_months`` and the measurements (``nan`` = missing).
    measurements:
        The columns to fit.
    metadata, settings:
        Taken over.
    min_films:
        A measurement that fewer films of a sex have gets no mean and SD there.
    """
    sexes: dict[Sex, SexTable] = {}
    weights: dict[Sex, dict[str, float]] = {}
    anchors: dict[Sex, dict[str, str]] = {}
    for sex in SEXES:
        chosen = (frame["sex"] == sex).to_numpy()
        ages = frame["bone_age_months"].to_numpy(dtype=float)[chosen]
        values = frame[list(measurements)].to_numpy(dtype=float)[chosen]
        values = np.where(np.isfinite(values), values, np.nan)
        silent = np.array([name in settings.silent for name in measurements])
        sexes[sex], shares, anchors[sex] = _fit_sex(ages, values, measurements, min_films, silent)
        weights[sex] = {name: round(float(share), 4) for name, share in zip(measurements, shares, strict=True)}
    units = tuple(unit_from_name(name) for name in measurements)
    fitted = replace(settings, presence_weights=weights, anchors=anchors)
    return MeasurementTable(metadata, measurements, units, sexes, fitted)


def _fit_sex(
    ages: Floats, values: Floats, measurements: tuple[str, ...], min_films: int, silent: NDArray[np.bool_]
) -> tuple[SexTable, Floats, dict[str, str]]:
    window = max(WINDOW_MONTHS, _WINDOW_FILMS / ages.size)
    covered = np.flatnonzero(_counts(ages, np.ones((ages.size, 1)), window)[0] >= MIN_FILMS_IN_CELL)
    grid = TABLE_AGES[covered[0] : covered[-1] + 1]
    shape = (len(measurements), grid.size)
    mean, sd, present = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    known = np.isfinite(values)
    span = slice(covered[0], covered[-1] + 1)
    counts, near = (_counts(ages, known.astype(float), months)[:, span] for months in (WINDOW_MONTHS, window))
    z, probability = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    anchors = _anchors(known & ~silent, ages, measurements)
    seen = _parts_seen(known, measurements, anchors)
    for i in range(len(measurements)):
        here, cells = known[:, i], np.flatnonzero(near[i] >= MIN_FILMS_IN_CELL)
        coefficients = fit_presence(ages[seen[:, i]], here[seen[:, i]])
        present[i] = _logistic(curve_at(grid, coefficients))
        probability[:, i] = _logistic(curve_at(ages, coefficients))
        if here.sum() < min_films or not cells.size:
            continue
        step = 1.0 if np.all(values[here, i] == np.round(values[here, i])) else 0.0
        fitted = fit_mean_sd(ages[here], values[here, i], step=step)
        inside = slice(cells[0], cells[-1] + 1)
        mean[i, inside], sd[i, inside] = fitted.mean(grid[inside]), fitted.sd(grid[inside])
        z[here, i] = (values[here, i] - fitted.mean(ages[here])) / fitted.sd(ages[here])
    knots = np.array([age for age in CORRELATION_AGES if grid[0] <= age <= grid[-1]])
    knots = knots if knots.size else np.array([float(np.median(ages))])
    correlation = correlation_by_age(z, ages, knots)
    present_or_not = np.where(seen, known.astype(float), np.nan)
    shares = np.zeros(len(measurements))
    shares[~silent] = presence_weights(present_or_not[:, ~silent], probability[:, ~silent])
    return SexTable(grid, mean, sd, counts, present, knots, correlation), shares, anchors


def _counts(ages: Floats, known: Floats, window: float) -> Floats:
    """Number of films within so many months of each table age, shape (m, A)."""
    near = (np.abs(ages[None, :] - TABLE_AGES[:, None]) <= window).astype(float)
    return (near @ known).T


def _anchors(known: NDArray[np.bool_], ages: Floats, measurements: tuple[str, ...]) -> dict[str, str]:
    """Return for each part of the hand the measurement that is there on nine films in ten at every age, if any."""
    bins = [(ages >= low) & (ages < low + 36) for low in range(0, 228, 36)]
    bins = [chosen for chosen in bins if chosen.sum() >= 20] or [np.ones(ages.size, dtype=bool)]
    anchors: dict[str, str] = {}
    best: dict[str, float] = {}
    for i, name in enumerate(measurements):
        least = min(float(known[chosen, i].mean()) for chosen in bins)
        part = part_of(name)
        if least >= ANCHOR_PRESENCE and least > best.get(part, 0.0):
            anchors[part], best[part] = name, least
    return anchors


def _parts_seen(known: NDArray[np.bool_], measurements: tuple[str, ...], anchors: dict[str, str]) -> NDArray[np.bool_]:
    """Tell for every film and measurement whether its part was seen; parts without an anchor count as seen."""
    seen = np.ones_like(known)
    for i, name in enumerate(measurements):
        anchor = anchors.get(part_of(name))
        if anchor is not None:
            seen[:, i] = known[:, measurements.index(anchor)]
    return seen


def _logistic(logit: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-logit))
