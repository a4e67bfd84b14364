"""Building a measurement table from measured films of known age (`boneage reference build`).

Equal inputs give equal bytes: no clock, no chance, numbers rounded when written.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.errors import TableError
from boneage.reference.calibrate import HeldOut, fit_settings, held_out, mean_ages
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
from boneage.reference.smooth import LAST_AGE, basis, fit_mean_sd, fit_presence
from boneage.reference.table_file import write_table

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)

TABLE_AGES: Final = np.concatenate([np.arange(0.0, 36.0, 3.0), np.arange(36.0, LAST_AGE + 1, 6.0)])
"""Ages of the rows: every three months under three years, every six after."""

CORRELATION_AGES: Final = np.array([30.0, 72.0, 114.0, 156.0, 198.0])
WINDOW_MONTHS: Final = 6.0
MIN_FILMS_IN_CELL: Final = 5
MIN_FILMS: Final = 60
SAME_SHARE: Final = 0.05
"""Quartiles closer than this share of the SD mean that most films have the same value."""
ANCHOR_PRESENCE: Final = 0.9
_LABEL_COLUMNS: Final = ("id", "sex", "bone_age_months")
_SHRINKAGES: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
_FREEDOMS: Final = (float("inf"), 100.0, 30.0, 10.0)
_CHOICE_FILMS: Final = 1000


@dataclass(frozen=True)
class BuildOptions:
    """How a table is built.

    Attributes
    ----------
    folds:
        Parts of the films, each looked up in a table built from the others, to fit the lookup settings; below 2 the
        settings stay at their defaults.
    choose:
        Whether shrinkage and degrees of freedom are chosen on those films too (by mean absolute difference, then by
        log score), or kept as `settings` has them.
    settings:
        Where the choice starts.
    """

    folds: int = 5
    choose: bool = True
    settings: LookupSettings = field(default_factory=LookupSettings)


DEFAULT_OPTIONS: Final = BuildOptions()


def build_table(
    frame: pd.DataFrame, metadata: TableMetadata, *, options: BuildOptions = DEFAULT_OPTIONS
) -> MeasurementTable:
    """Build a table of smooth mean, SD, presence and correlation by sex and age.

    Parameters
    ----------
    frame:
        Columns ``id``, ``sex`` (M or F), ``bone_age_months`` and one for each measurement (``nan`` = missing).
    metadata:
        Provenance of the films.
    options:
        Folds and lookup settings.

    Raises
    ------
    TableError
        If columns are missing, ids repeat, ages lie outside 0 to 228 months, or a sex has fewer than 60 films.
    """
    frame, measurements = _checked(frame)
    settings = options.settings
    if options.folds >= 2:
        settings = _cross_fitted(frame, measurements, metadata, options)
    return _fit(frame, measurements, metadata, settings)


def build_reference(
    measurements_csv: Path,
    labels_csv: Path,
    split: str,
    output_dir: Path,
    name: str,
    *,
    metadata: TableMetadata | None = None,
    options: BuildOptions = DEFAULT_OPTIONS,
) -> MeasurementTable:
    """Build a table from files and write ``NAME.csv``, ``NAME.correlation.csv`` and ``NAME.json``.

    Parameters
    ----------
    measurements_csv:
        Column ``id`` and one for each measurement (``.gz`` allowed); other label columns in it are ignored.
    labels_csv:
        Columns ``id, sex, bone_age_months, split``.
    split:
        The part of the labels to use, for instance ``train``.
    output_dir, name:
        Where the table goes and what it is called.
    metadata:
        Source and population, if other than the RSNA training films; name, split, command and hashes are filled in.
    options:
        Folds and lookup settings.

    Returns
    -------
    MeasurementTable
        The table as it was built (before rounding to the file's digits).

    Raises
    ------
    TableError
        If a file is missing or lacks columns, or too few films have both measurements and a label.
    """
    frame = read_films(measurements_csv, labels_csv, split)
    base = metadata or TableMetadata(
        name, "",
        source="RSNA Pediatric Bone Age Challenge 2017 (Halabi SS et al., Radiology 2019;290:498-503)",
        population="children examined at two hospitals in the United States; one clinical bone age reading a film",
        age_axis="bone_age",
        notes="ages are single clinical readings: the SDs hold reading error as well as differences between children",
    )  # fmt: skip
    inputs = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (measurements_csv, labels_csv)}
    command = f"boneage reference build {measurements_csv.name} {labels_csv.name} --split {split} --name {name}"
    stamped = replace(base, name=name, split=split, inputs=inputs, created_by=command)
    table = build_table(frame, stamped, options=options)
    return write_table(table, output_dir, films={sex: int((frame["sex"] == sex).sum()) for sex in SEXES})


def read_films(measurements_csv: Path, labels_csv: Path, split: str) -> pd.DataFrame:
    """Join measurements and labels of one split by id, in the order of the ids (parameters as in `build_reference`)."""
    import pandas as pd

    for path in (measurements_csv, labels_csv):
        if not path.is_file():
            msg = f"there is no file {path.name}"
            raise TableError("table_not_found", msg, remedy="Check the path.")
    labels = pd.read_csv(labels_csv, dtype={"id": str})
    wanted = {*_LABEL_COLUMNS, "split"}
    if not wanted <= set(labels.columns):
        msg = f"{labels_csv.name} lacks the columns {', '.join(sorted(wanted - set(labels.columns)))}"
        raise TableError("table_missing_column", msg, remedy="Labels need id, sex, bone_age_months and split.")
    measured = pd.read_csv(measurements_csv, dtype={"id": str})
    if "id" not in measured.columns:
        msg = f"{measurements_csv.name} lacks the column id"
        raise TableError("table_missing_column", msg, remedy="Measurements need the id of each film.")
    labels = labels.loc[labels["split"] == split, list(_LABEL_COLUMNS)]
    labelled = [column for column in ("sex", "bone_age_months", "split") if column in measured.columns]
    numbers = measured.drop(columns=labelled).select_dtypes("number").assign(id=measured["id"])
    joined = labels.merge(numbers, on="id", how="inner")
    return joined.sort_values("id", key=lambda ids: ids.str.zfill(12), kind="stable").reset_index(drop=True)


def _checked(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    missing = [column for column in _LABEL_COLUMNS if column not in frame.columns]
    measurements = tuple(
        name for name in frame.columns if name not in _LABEL_COLUMNS and np.issubdtype(frame[name].dtype, np.number)
    )
    if missing or not measurements:
        msg = f"the films lack {', '.join(missing) or 'any column of measurements'}"
        raise TableError("table_missing_column", msg, remedy="Give id, sex, bone_age_months and measurement columns.")
    if frame["id"].duplicated().any():
        msg = f"film {frame.loc[frame['id'].duplicated(), 'id'].iloc[0]} is there twice"
        raise TableError("table_duplicate_film", msg, remedy="Every film once.")
    ages = frame["bone_age_months"].to_numpy(dtype=float)
    if not (np.isfinite(ages) & (ages >= 0) & (ages <= LAST_AGE)).all():
        msg = f"an age is missing or outside 0 to {LAST_AGE:g} months"
        raise TableError("table_age_out_of_range", msg, remedy="Leave such films out.")
    for sex in SEXES:
        films = int((frame["sex"] == sex).sum())
        if films < MIN_FILMS:
            msg = f"{films} films of sex {sex}"
            raise TableError("too_few_films", msg, remedy=f"A table needs at least {MIN_FILMS} films of each sex.")
    kept = frame[[*_LABEL_COLUMNS, *measurements]]
    values = kept[list(measurements)].to_numpy(dtype=float)
    usable = tuple(name for i, name in enumerate(measurements) if _varies(values[:, i]))
    for name in measurements:
        if name not in usable:
            _log.warning("%s left out: on fewer than %d films, or the same on most of them", name, MIN_FILMS)
    return kept[kept["sex"].isin(SEXES)].reset_index(drop=True), usable


def _varies(values: Floats) -> bool:
    """Tell whether enough films have a value, and most of them not the same one (say, a closed gap)."""
    known = values[np.isfinite(values)]
    if known.size < MIN_FILMS:
        return False
    low, high = np.quantile(known, [0.25, 0.75])
    return bool(high - low > SAME_SHARE * known.std())


def _fit(
    frame: pd.DataFrame, measurements: tuple[str, ...], metadata: TableMetadata, settings: LookupSettings
) -> MeasurementTable:
    sexes: dict[Sex, SexTable] = {}
    weights: dict[Sex, dict[str, float]] = {}
    anchors: dict[Sex, dict[str, str]] = {}
    for sex in SEXES:
        chosen = (frame["sex"] == sex).to_numpy()
        ages = frame["bone_age_months"].to_numpy(dtype=float)[chosen]
        values = frame[list(measurements)].to_numpy(dtype=float)[chosen]
        values = np.where(np.isfinite(values), values, np.nan)
        sexes[sex], shares, anchors[sex] = _fit_sex(ages, values, measurements)
        weights[sex] = {name: round(float(share), 4) for name, share in zip(measurements, shares, strict=True)}
    units = tuple(unit_from_name(name) for name in measurements)
    fitted = replace(settings, presence_weights=weights, anchors=anchors)
    return MeasurementTable(metadata, measurements, units, sexes, fitted)


def _fit_sex(ages: Floats, values: Floats, measurements: tuple[str, ...]) -> tuple[SexTable, Floats, dict[str, str]]:
    films = _counts(ages, np.ones((ages.size, 1)))[0]
    covered = np.flatnonzero(films >= MIN_FILMS_IN_CELL)
    grid = TABLE_AGES[covered[0] : covered[-1] + 1]
    shape = (len(measurements), grid.size)
    mean, sd, present = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    known = np.isfinite(values)
    counts = _counts(ages, known.astype(float))[:, covered[0] : covered[-1] + 1]
    z, probability = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    anchors = _anchors(known, ages, measurements)
    seen = _parts_seen(known, measurements, anchors)
    at_films, at_grid = basis(ages), basis(grid)
    for i in range(len(measurements)):
        here, cells = known[:, i], np.flatnonzero(counts[i] >= MIN_FILMS_IN_CELL)
        coefficients = fit_presence(ages[seen[:, i]], here[seen[:, i]])
        present[i] = _logistic(at_grid @ coefficients)
        probability[:, i] = _logistic(at_films @ coefficients)
        if here.sum() < MIN_FILMS or not cells.size:
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
    shares = presence_weights(present_or_not, probability)
    return SexTable(grid, mean, sd, counts, present, knots, correlation), shares, anchors


def _counts(ages: Floats, known: Floats) -> Floats:
    """Number of films within six months of each table age, shape (m, A)."""
    near = (np.abs(ages[None, :] - TABLE_AGES[:, None]) <= WINDOW_MONTHS).astype(float)
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


def _folds(frame: pd.DataFrame, folds: int) -> NDArray[np.int64]:
    """Deal films sorted by sex and age (then row) out to folds in turn, so that every fold holds every age."""
    order = np.lexsort((np.arange(len(frame)), frame["bone_age_months"].to_numpy(), frame["sex"].to_numpy(dtype=str)))
    fold = np.empty(len(frame), dtype=np.int64)
    fold[order] = np.arange(len(frame)) % folds
    return fold


def _cross_fitted(
    frame: pd.DataFrame, measurements: tuple[str, ...], metadata: TableMetadata, options: BuildOptions
) -> LookupSettings:
    """Fit the lookup settings on films looked up in tables that were built without them."""
    fold = _folds(frame, options.folds)
    tables = []
    for k in range(options.folds):
        _log.info("fitting without part %d of %d", k + 1, options.folds)
        tables.append(_fit(frame[fold != k], measurements, metadata, options.settings))
    settings = options.settings
    if options.choose:
        few = np.flatnonzero(np.arange(len(frame)) % max(1, len(frame) // _CHOICE_FILMS) == 0)
        small = frame.iloc[few]
        settings = _choose(small, fold[few], tables, settings)
    return fit_settings(_evidence(frame, fold, tables, settings), settings)


def _evidence(
    frame: pd.DataFrame, fold: NDArray[np.int64], tables: Sequence[MeasurementTable], settings: LookupSettings
) -> HeldOut:
    parts = []
    for k, table in enumerate(tables):
        own = table.settings
        plain = replace(
            settings, presence_weights=own.presence_weights, anchors=own.anchors, temperature={}, correction={}
        )
        tried = replace(table, settings=plain)
        parts.append(held_out(frame[fold == k], tried))
    return parts[0].joined(parts[1:])


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
