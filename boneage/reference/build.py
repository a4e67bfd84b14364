"""Building a measurement table from measured films of known age (`boneage reference build`).

Equal inputs give equal bytes: no clock, no chance, numbers rounded when written.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from boneage.errors import TableError
from boneage.measurement.definitions import DEFINITIONS
from boneage.reference.cross_fit import cross_fitted
from boneage.reference.fit_table import fit_table
from boneage.reference.measurement_table import (
    Curve,
    Floats,
    LookupSettings,
    MeasurementTable,
    TableMetadata,
)
from boneage.reference.population import population_curve
from boneage.reference.rows import SEXES, Sex
from boneage.reference.smooth import LAST_AGE
from boneage.reference.table_file import write_table

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)

MIN_FILMS: Final = 60
LEAST_FILMS: Final = 10
SAME_SHARE: Final = 0.05
"""Quartiles closer than this share of the SD mean that most films have the same value."""
_LABEL_COLUMNS: Final = ("id", "sex", "bone_age_months")


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
    min_films:
        Films that each sex, and each measurement, must have at least. Below some hundred films the curves are stiffer,
        the windows wider and the correlations weaker; 10 is the least that is allowed.
    presence:
        Whether it speaks for an age that a measurement is there or missing.
    """

    folds: int = 5
    choose: bool = True
    settings: LookupSettings = field(default_factory=LookupSettings)
    min_films: int = MIN_FILMS
    presence: bool = True

    def __post_init__(self) -> None:
        if self.min_films < LEAST_FILMS:
            msg = f"min_films is {self.min_films}"
            raise TableError("too_few_films", msg, remedy=f"No table is built from fewer than {LEAST_FILMS} films.")


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
        If columns are missing, ids repeat, ages lie outside 0 to 228 months, or a sex has fewer films than
        ``options.min_films``.
    """
    frame, measurements = _checked(frame, options.min_films)
    silent = frozenset(name for name in measurements if name in DEFINITIONS and DEFINITIONS[name].kind.silent)
    settings = replace(options.settings, population=_population(frame), silent=silent)

    def fit(films: pd.DataFrame) -> MeasurementTable:
        table = fit_table(films, measurements, metadata, settings, min_films=options.min_films)
        return table if options.presence else replace(table, settings=replace(table.settings, presence_weights={}))

    if options.folds >= 2:
        chosen = cross_fitted(frame, fit, settings, folds=options.folds, choose=options.choose)
        fitted = fit(frame)
        own = fitted.settings
        return replace(fitted, settings=replace(chosen, presence_weights=own.presence_weights, anchors=own.anchors))
    return fit(frame)


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
    command += "".join(
        f" {word} {value}"
        for word, value, usual in (
            ("--folds", options.folds, DEFAULT_OPTIONS.folds),
            ("--min-films", options.min_films, DEFAULT_OPTIONS.min_films),
        )
        if value != usual
    )
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
    numbers = measured.drop(columns=[*labelled, "id"]).select_dtypes("number").columns
    joined = labels.merge(measured[["id", *numbers]], on="id", how="inner")
    return joined.sort_values("id", key=lambda ids: ids.str.zfill(12), kind="stable").reset_index(drop=True)


def _population(frame: pd.DataFrame) -> dict[Sex, Curve]:
    ages = frame["bone_age_months"].to_numpy(dtype=float)
    return {sex: population_curve(ages[(frame["sex"] == sex).to_numpy()]) for sex in SEXES}


def _checked(frame: pd.DataFrame, min_films: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
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
        if films < min_films:
            msg = f"{films} films of sex {sex}"
            raise TableError("too_few_films", msg, remedy=f"A table needs at least {min_films} films of each sex.")
    kept = frame[[*_LABEL_COLUMNS, *measurements]]
    values = kept[list(measurements)].to_numpy(dtype=float)
    usable = tuple(name for i, name in enumerate(measurements) if _varies(values[:, i], min_films))
    for name in measurements:
        if name not in usable:
            _log.warning("%s left out: on fewer than %d films, or the same on most of them", name, min_films)
    return kept[kept["sex"].isin(SEXES)].reset_index(drop=True), usable


def _varies(values: Floats, min_films: int) -> bool:
    """Tell whether enough films have a value, and most of them not the same one (say, a closed gap)."""
    known = values[np.isfinite(values)]
    if known.size < min_films:
        return False
    low, high = np.quantile(known, [0.25, 0.75])
    return bool(high - low > SAME_SHARE * known.std())
