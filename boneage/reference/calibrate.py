"""Judging a lookup on films whose age is known, and fitting its temperature and correction on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.errors import Refusal, TableError
from boneage.options import PriorName
from boneage.reference.belt import Belt, fit_belt
from boneage.reference.intervals import warp
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import Curve, Floats, LookupSettings, MeasurementTable
from boneage.reference.rows import SEXES, Sex
from boneage.reference.smooth import LAST_AGE
from boneage.reference.temperature import MONTHS, fit_correction, fit_temperature, tempered_means

if TYPE_CHECKING:
    import pandas as pd

AGE_BANDS: Final = ((0.0, 48.0), (48.0, 96.0), (96.0, 144.0), (144.0, 192.0), (192.0, 229.0))
"""Months: 0-4, 4-8, 8-12, 12-16 and 16-19 years."""

_FEW_FILMS: Final = 150
"""Films of a sex below which both sexes are taken together, and films in all below which ages are not corrected."""
_FEWEST_FILMS: Final = 20
_NO_SHIFT: Final = Curve(np.array([0.0]), np.array([0.0]))


@dataclass(frozen=True)
class BandScore:
    """Agreement of looked-up with known ages in one group of films.

    Attributes
    ----------
    sex:
        ``M``, ``F`` or ``all``.
    band:
        First month and the month after the last, of the known age.
    films, failed:
        Films with an age, and films without a usable measurement.
    mad, rmse, bias:
        Mean absolute and root mean square difference and mean difference (looked up minus known) in months.
    coverage:
        Share of 95 % intervals that hold the known age.
    width:
        Mean width of the 95 % intervals in months.
    """

    sex: str
    band: tuple[float, float]
    films: int
    failed: int
    mad: float
    rmse: float
    bias: float
    coverage: float
    width: float


@dataclass(frozen=True)
class LookupEvaluation:
    """The scores over all films, by sex, and by sex and age band (groups without films are left out)."""

    overall: BandScore
    groups: tuple[BandScore, ...]

    @property
    def mad(self) -> float:
        """Mean absolute difference over all films, months."""
        return self.overall.mad

    @property
    def coverage(self) -> float:
        """Share of 95 % intervals that hold the known age, over all films."""
        return self.overall.coverage


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Evidence on films that the table has not seen.

    Attributes
    ----------
    sexes:
        Index into `SEXES`, shape (n,).
    known:
        Known ages in months, shape (n,).
    log_likelihood:
        On the months 0 to 228, shape (n, 229); ``-inf`` where the table has no cells.
    """

    sexes: NDArray[np.int64]
    known: Floats
    log_likelihood: Floats

    def joined(self, others: Sequence[HeldOut]) -> HeldOut:
        """Return these films and others."""
        every = (self, *others)
        return HeldOut(
            np.concatenate([part.sexes for part in every]),
            np.concatenate([part.known for part in every]),
            np.concatenate([part.log_likelihood for part in every]),
        )


def film_values(frame: pd.DataFrame, measurements: Sequence[str]) -> list[dict[str, float]]:
    """Return the finite measurements of each row of a frame as a mapping."""
    shared = [name for name in measurements if name in frame.columns]
    block = frame[shared].to_numpy(dtype=float)
    return [{name: float(v) for name, v in zip(shared, row, strict=True) if np.isfinite(v)} for row in block]


def looked_up(frame: pd.DataFrame, table: MeasurementTable, *, prior: PriorName = "flat") -> Floats:
    """Look every film of a frame up: age and 95 % interval in months, shape (n, 3).

    Films without a measurement that the table knows have ``nan``. Parameters as in `evaluate_lookup`; no age is read.
    """
    lookup = AgeLookup(table, prior=prior)
    sexes = frame["sex"].to_numpy(dtype=str)
    found = np.full((len(frame), 3), np.nan)
    for i, values in enumerate(film_values(frame, table.measurements)):
        try:
            answer = lookup.posterior(values, _sex(sexes[i]))
        except Refusal:
            continue
        found[i] = answer.months, *answer.interval_95
    return found


def evaluate_lookup(frame: pd.DataFrame, table: MeasurementTable) -> LookupEvaluation:
    """Look every film of a frame up and compare with its known age.

    Parameters
    ----------
    frame:
        Columns ``sex``, ``bone_age_months`` and measurements (``nan`` = missing).
    table:
        The table to judge; films must not have been used to build it.

    Raises
    ------
    TableError
        ``nothing_to_evaluate`` if no film could be looked up.
    """
    known = frame["bone_age_months"].to_numpy(dtype=float)
    sexes = frame["sex"].to_numpy(dtype=str)
    found = looked_up(frame, table)
    if np.isnan(found[:, 0]).all():
        msg = "no film of the frame has a measurement that the table knows"
        raise TableError("nothing_to_evaluate", msg, remedy="Check the column names against the table.")
    groups = []
    for sex in SEXES:
        for band in ((0.0, LAST_AGE + 1), *AGE_BANDS):
            chosen = (sexes == sex) & (known >= band[0]) & (known < band[1])
            if np.isfinite(found[chosen, 0]).any():
                groups.append(_score(sex, band, known[chosen], found[chosen]))
    for band in AGE_BANDS:
        chosen = (known >= band[0]) & (known < band[1])
        if np.isfinite(found[chosen, 0]).any():
            groups.append(_score("all", band, known[chosen], found[chosen]))
    return LookupEvaluation(_score("all", (0.0, LAST_AGE + 1), known, found), tuple(groups))


def _sex(word: str) -> Sex:
    for sex in SEXES:
        if word == sex:
            return sex
    msg = f"sex is {word!r}"
    raise TableError("table_unknown_sex", msg, remedy="Write M (boys) or F (girls).")


def _score(sex: str, band: tuple[float, float], known: Floats, found: Floats) -> BandScore:
    done = np.isfinite(found[:, 0])
    known, answers = known[done], found[done]
    error = answers[:, 0] - known
    inside = (answers[:, 1] <= known) & (known <= answers[:, 2])
    return BandScore(
        sex, band, int(done.sum()), int((~done).sum()),
        float(np.abs(error).mean()), float(np.sqrt((error**2).mean())), float(error.mean()),
        float(inside.mean()), float((answers[:, 2] - answers[:, 1]).mean()),
    )  # fmt: skip


def held_out(frame: pd.DataFrame, table: MeasurementTable) -> HeldOut:
    """Return the evidence of a table on films that it has not seen; films without a usable measurement are left out."""
    lookup = AgeLookup(table)
    sexes, known, rows = [], [], []
    words, ages = frame["sex"].to_numpy(dtype=str), frame["bone_age_months"].to_numpy(dtype=float)
    for i, values in enumerate(film_values(frame, table.measurements)):
        sex = _sex(words[i])
        try:
            evidence = lookup.evidence(values, sex)
        except Refusal:
            continue
        row = np.full(MONTHS.size, -np.inf)
        ages_of_table = lookup.ages(sex).astype(int)
        within = ages_of_table <= LAST_AGE
        row[ages_of_table[within]] = evidence.log_likelihood[within]
        rows.append(row)
        sexes.append(SEXES.index(sex))
        known.append(ages[i])
    return HeldOut(np.array(sexes, dtype=np.int64), np.array(known), np.array(rows).reshape(-1, MONTHS.size))


def calibrate_temperature(frame: pd.DataFrame, table: MeasurementTable) -> MeasurementTable:
    """Return the table with temperature, correction and belts fitted on films that were not used to build it.

    Parameters
    ----------
    frame:
        Columns ``sex``, ``bone_age_months`` and measurements.
    table:
        The table; its own are replaced.
    """
    return replace(table, settings=fit_settings(held_out(frame, table), table.settings))


def fit_settings(films: HeldOut, settings: LookupSettings) -> LookupSettings:
    """Fit, for each sex, temperature, correction of the mean, and for each prior the belt of the intervals."""
    temperature: dict[Sex, Curve] = {}
    correction: dict[Sex, Curve] = {}
    belts: dict[PriorName, dict[Sex, Belt]] = {}
    for index, sex in enumerate(SEXES):
        chosen = films.sexes == index
        if chosen.sum() < _FEW_FILMS:  # too few to tell the sexes apart
            chosen = np.ones_like(chosen)
        if chosen.sum() < _FEWEST_FILMS:
            continue
        known, log_likelihood = films.known[chosen], films.log_likelihood[chosen]
        shift = fit_correction(known, log_likelihood) if chosen.sum() >= _FEW_FILMS else _NO_SHIFT
        correction[sex], temperature[sex] = shift, fit_temperature(known, log_likelihood, shift)
        tempered = log_likelihood / temperature[sex].at(mean_ages(films))[chosen, None]
        population = settings.population.get(sex)
        priors: dict[PriorName, Floats] = {"flat": np.ones_like(MONTHS)}
        if population is not None:
            priors["population"] = population.at(MONTHS)
        for name, prior in priors.items():
            months, spread = _means_and_spreads(tempered + np.log(prior), warp(MONTHS, shift))
            belts.setdefault(name, {})[sex] = fit_belt(known, months, spread)
    return replace(settings, temperature=temperature, correction=correction, belts=belts)


def _means_and_spreads(log_density: Floats, grid: Floats) -> tuple[Floats, Floats]:
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    density /= density.sum(axis=1, keepdims=True)
    months = density @ grid
    return months, np.sqrt(np.maximum(density @ grid**2 - months**2, 0.0))


def mean_ages(films: HeldOut) -> Floats:
    """Return the mean of each film's normalised likelihood in months, shape (n,)."""
    return tempered_means(films.log_likelihood)
