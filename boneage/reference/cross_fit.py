"""Choosing and fitting the lookup settings of a table on films that were left out of its fit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.reference.calibrate import HeldOut, film_values, fit_settings, held_out, mean_ages
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import Floats, LookupSettings, MeasurementTable
from boneage.reference.rows import SEXES, Sex
from boneage.reference.temperature import MONTHS, coverage_temperature

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)

_SHRINKAGES: Final = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
_FREEDOMS: Final = (float("inf"), 100.0, 30.0, 10.0)
_CHOICE_FILMS: Final = 4000
_FEWEST_FILMS: Final = 20

Fit = Callable[["pd.DataFrame"], MeasurementTable]
"""A function that fits a table, its settings still to be chosen, to films."""


def deal_folds(frame: pd.DataFrame, folds: int) -> NDArray[np.int64]:
    """Deal films sorted by sex and age (then row) out to folds in turn, so that every fold holds every age."""
    order = np.lexsort((np.arange(len(frame)), frame["bone_age_months"].to_numpy(), frame["sex"].to_numpy(dtype=str)))
    fold = np.empty(len(frame), dtype=np.int64)
    fold[order] = np.arange(len(frame)) % folds
    return fold


def cross_fitted(
    frame: pd.DataFrame, fit: Fit, settings: LookupSettings, *, folds: int, choose: bool
) -> LookupSettings:
    """Fit the lookup settings on films looked up in tables that were built without them.

    Parameters
    ----------
    frame:
        Columns ``sex``, ``bone_age_months`` and the measurements.
    fit:
        Fits a table to films.
    settings:
        Where the choice starts.
    folds:
        Number of parts, each looked up in a table built from the others.
    choose:
        Whether shrinkage and degrees of freedom are chosen too.
    """
    fold = deal_folds(frame, folds)
    tables = []
    for k in range(folds):
        _log.info("fitting without part %d of %d", k + 1, folds)
        tables.append(fit(frame[fold != k]))
    few = np.flatnonzero(np.arange(len(frame)) % max(1, len(frame) // _CHOICE_FILMS) == 0)
    if choose:
        settings = _choose(frame.iloc[few], fold[few], tables, settings)
    parts = _part_temperatures(frame.iloc[few], fold[few], tables, settings)
    fitted = fit_settings(_evidence(frame, fold, tables, settings), settings)
    return replace(fitted, part_temperature=parts)


def _evidence(
    frame: pd.DataFrame, fold: NDArray[np.int64], tables: Sequence[MeasurementTable], settings: LookupSettings
) -> HeldOut:
    parts = [held_out(frame[fold == k], _with_settings(table, settings)) for k, table in enumerate(tables)]
    return parts[0].joined(parts[1:])


def _with_settings(table: MeasurementTable, settings: LookupSettings) -> MeasurementTable:
    """Return a table with settings to try; what was counted on its own films stays."""
    own = table.settings
    plain = replace(
        settings, presence_weights=own.presence_weights, anchors=own.anchors, temperature={}, correction={}, belts={}
    )
    return replace(table, settings=plain)


def _part_temperatures(
    frame: pd.DataFrame, fold: NDArray[np.int64], tables: Sequence[MeasurementTable], settings: LookupSettings
) -> dict[Sex, dict[str, float]]:
    """Return for each sex and part of the hand the temperature at which its own intervals hold 95 % of the films."""
    known: dict[tuple[Sex, str], list[float]] = {}
    found: dict[tuple[Sex, str], list[Floats]] = {}
    for k, table in enumerate(tables):
        lookup = AgeLookup(_with_settings(table, settings))
        films = frame[fold == k]
        values = film_values(films, table.measurements)
        for own, sex, age in zip(values, films["sex"], films["bone_age_months"], strict=True):
            for part, log_likelihood in lookup.part_evidence(own, sex).items():
                row = np.full(MONTHS.size, -np.inf)
                row[lookup.ages(sex).astype(int)] = log_likelihood - log_likelihood.max()
                known.setdefault((sex, part), []).append(float(age))
                found.setdefault((sex, part), []).append(row)
    fitted: dict[Sex, dict[str, float]] = {sex: {} for sex in SEXES}
    for sex, part in sorted(known):
        if len(known[sex, part]) >= _FEWEST_FILMS:
            temperature = coverage_temperature(np.array(known[sex, part]), np.array(found[sex, part]))
            fitted[sex][part] = round(temperature, 4)
    return fitted


def _choose(
    frame: pd.DataFrame, fold: NDArray[np.int64], tables: Sequence[MeasurementTable], settings: LookupSettings
) -> LookupSettings:
    """Choose the shrinkage by mean absolute difference, then the degrees of freedom by log score."""
    scores = []
    for shrinkage in _SHRINKAGES:
        films = _evidence(frame, fold, tables, replace(settings, shrinkage=shrinkage))
        scores.append(float(np.abs(mean_ages(films) - films.known).mean()))
        _log.info("shrinkage %.2f: mean absolute difference %.2f months", shrinkage, scores[-1])
    settings = replace(settings, shrinkage=_SHRINKAGES[int(np.argmin(scores))])
    losses = []
    for freedom in _FREEDOMS:
        films = _evidence(frame, fold, tables, replace(settings, degrees_of_freedom=freedom))
        losses.append(log_score(films, fit_settings(films, settings)))
        _log.info("degrees of freedom %g: log score %.4f", freedom, losses[-1])
    return replace(settings, degrees_of_freedom=_FREEDOMS[int(np.argmin(losses))])


def log_score(films: HeldOut, settings: LookupSettings) -> float:
    """Return the mean negative log probability of the known ages (lower is better)."""
    ages = np.arange(films.log_likelihood.shape[1], dtype=float)
    total = 0.0
    for sex_index, known, row in zip(films.sexes, films.known, films.log_likelihood, strict=True):
        curve = settings.temperature.get(SEXES[int(sex_index)])
        raw = np.exp(row)
        temperature = 1.0 if curve is None else float(curve.at(float(ages @ raw / raw.sum())))
        density = np.exp(row / temperature)
        density = 0.999 * density / density.sum() + 0.001 / ages.size
        total -= float(np.log(np.interp(known, ages, density)))
    return total / max(len(films.known), 1)
