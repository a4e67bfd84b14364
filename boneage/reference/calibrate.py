"""Judging a lookup on films whose age is known, and fitting its temperature and correction on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from boneage.errors import Refusal, TableError
from boneage.reference.intervals import shortest_intervals, warp
from boneage.reference.lookup import AgeLookup
from boneage.reference.measurement_table import Curve, Floats, LookupSettings, MeasurementTable
from boneage.reference.rows import SEXES, Sex
from boneage.reference.smooth import LAST_AGE, basis, huber_weights, penalised_fit

if TYPE_CHECKING:
    import pandas as pd

AGE_BANDS: Final = ((0.0, 48.0), (48.0, 96.0), (96.0, 144.0), (144.0, 192.0), (192.0, 229.0))
"""Months: 0-4, 4-8, 8-12, 12-16 and 16-19 years."""

_GRID: Final = np.arange(0.0, LAST_AGE + 1)
_TEMPERATURES: Final = np.logspace(0.0, 2.0, 25)
"""Never below 1: the fit may widen a posterior, not sharpen it."""
_KNOTS: Final = np.array([24.0, 48.0, 72.0, 96.0, 120.0, 144.0, 168.0, 192.0, 210.0])
_BANDWIDTH: Final = 18.0
_LARGEST_SHIFT: Final = 18.0
_REACH: Final = 2.0
_FEW_FILMS: Final = 150
"""Films of a sex below which ages are not corrected and both sexes share one temperature curve."""
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


def looked_up(frame: pd.DataFrame, table: MeasurementTable) -> Floats:
    """Look every film of a frame up: age and 95 % interval in months, shape (n, 3).

    Films without a measurement that the table knows have ``nan``. Parameters as in `evaluate_lookup`; no age is read.
    """
    lookup = AgeLookup(table)
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
        row = np.full(_GRID.size, -np.inf)
        row[lookup.ages(sex).astype(int)] = evidence.log_likelihood
        rows.append(row)
        sexes.append(SEXES.index(sex))
        known.append(ages[i])
    return HeldOut(np.array(sexes, dtype=np.int64), np.array(known), np.array(rows).reshape(-1, _GRID.size))


def calibrate_temperature(frame: pd.DataFrame, table: MeasurementTable) -> MeasurementTable:
    """Return the table with temperature and correction fitted on films that were not used to build it.

    Parameters
    ----------
    frame:
        Columns ``sex``, ``bone_age_months`` and measurements.
    table:
        The table; its own temperature and correction are replaced.
    """
    return replace(table, settings=fit_settings(held_out(frame, table), table.settings))


def fit_settings(films: HeldOut, settings: LookupSettings) -> LookupSettings:
    """Fit, for each sex, the temperature that gives 95 % coverage at every age, and the correction of the mean."""
    temperature: dict[Sex, Curve] = {}
    correction: dict[Sex, Curve] = {}
    for index, sex in enumerate(SEXES):
        chosen = films.sexes == index
        if chosen.sum() < _FEW_FILMS:  # too few to tell the sexes apart
            chosen = np.ones_like(chosen)
        if chosen.sum() < _FEWEST_FILMS:
            continue
        known, log_likelihood = films.known[chosen], films.log_likelihood[chosen]
        first = Curve(_KNOTS, _best_scores(known, log_likelihood, _GRID))
        means = _tempered_means(log_likelihood, first)
        correction[sex] = _NO_SHIFT if chosen.sum() < _FEW_FILMS else _fit_correction(means, known)
        temperature[sex] = _fit_temperature(known, log_likelihood, correction[sex])
    return replace(settings, temperature=temperature, correction=correction)


def mean_ages(films: HeldOut) -> Floats:
    """Return the mean of each film's normalised likelihood in months, shape (n,)."""
    return _mean_ages(films.log_likelihood)


def _mean_ages(log_likelihood: Floats, temperature: Floats | float = 1.0) -> Floats:
    density = np.exp(log_likelihood / np.reshape(temperature, (-1, 1)))
    return np.asarray(density @ _GRID / density.sum(axis=1))


def _tempered_means(log_likelihood: Floats, temperature: Curve) -> Floats:
    return _mean_ages(log_likelihood, temperature.at(_mean_ages(log_likelihood)))


def _best_scores(known: Floats, log_likelihood: Floats, grid: Floats) -> Floats:
    """Return at every knot the temperature of the best log score of the films near it."""
    raw = _mean_ages(log_likelihood)
    place = np.abs(grid[None, :] - known[:, None]).argmin(axis=1)
    loss = np.empty((known.size, _TEMPERATURES.size))
    for j, t in enumerate(_TEMPERATURES):
        density = np.exp(log_likelihood / t)
        at_known = density[np.arange(known.size), place] / density.sum(axis=1)
        loss[:, j] = -np.log(0.99 * at_known + 0.01 / grid.size)
    return np.array([_TEMPERATURES[int(np.argmin(_near(raw, knot) @ loss))] for knot in _KNOTS])


def _fit_temperature(known: Floats, log_likelihood: Floats, correction: Curve) -> Curve:
    """At every knot the least temperature with 95 % of the films near it inside their intervals.

    It stays within a factor `_REACH` of the temperature of the best log score there, because coverage alone cannot tell
    how wide to make a posterior that ends at the last age of the table.
    """
    grid = warp(_GRID, correction)
    best = _best_scores(known, log_likelihood, grid)
    raw = _mean_ages(log_likelihood)
    inside = np.empty((known.size, _TEMPERATURES.size))
    for j, t in enumerate(_TEMPERATURES):
        intervals = shortest_intervals(grid, np.exp(log_likelihood / t))
        inside[:, j] = (intervals[:, 0] <= known) & (known <= intervals[:, 1])
    values = []
    for knot, start in zip(_KNOTS, best, strict=True):
        weights = _near(raw, knot)
        coverage = np.maximum.accumulate(weights @ inside / weights.sum())
        reached = _first_reaching(coverage, 0.95)
        values.append(float(np.clip(reached, max(start / _REACH, 1.0), start * _REACH)))
    return Curve(_KNOTS, np.array(values))


def _near(ages: Floats, knot: float) -> Floats:
    """Return weights of the films near an age; where they are too few, look further."""
    width = _BANDWIDTH
    weights = np.exp(-0.5 * ((ages - knot) / width) ** 2)
    while weights.sum() < 40 and width < 400:
        width *= 1.3
        weights = np.exp(-0.5 * ((ages - knot) / width) ** 2)
    return weights


def _first_reaching(coverage: Floats, aim: float) -> float:
    """Return the temperature at which a rising coverage reaches its aim, interpolated on the log scale."""
    place = int(np.searchsorted(coverage, aim))
    if place == 0:
        return float(_TEMPERATURES[0])
    if place >= coverage.size:
        return float(_TEMPERATURES[-1])
    low, high = coverage[place - 1], coverage[place]
    part = (aim - low) / (high - low)
    logs = np.log(_TEMPERATURES[place - 1 : place + 1])
    return float(np.exp(logs[0] + part * (logs[1] - logs[0])))


def _fit_correction(means: Floats, known: Floats) -> Curve:
    """Robust smooth mean of (known - looked up) by looked-up age, bounded, and level where films are few."""
    design = basis(means)
    difference = known - means
    weights = np.ones_like(difference)
    coefficients = penalised_fit(design, difference, weights)
    for _ in range(5):
        residual = difference - design @ coefficients
        scale = max(1.4826 * float(np.median(np.abs(residual))), 1e-6)
        coefficients = penalised_fit(design, difference, huber_weights(residual / scale))
    low, high = np.quantile(means, [0.005, 0.995])
    knots = np.unique(np.clip(np.arange(0.0, LAST_AGE + 1, 12.0), low, high))
    shift = np.clip(basis(knots) @ coefficients, -_LARGEST_SHIFT, _LARGEST_SHIFT)
    return Curve(np.round(knots, 1), shift)


def describe(evaluation: LookupEvaluation) -> list[dict[str, object]]:
    """Return an evaluation as rows for a table or a CSV file."""
    names = ("films", "failed", "mad", "rmse", "bias", "coverage", "width")
    return [
        {"sex": score.sex, "from_months": score.band[0], "to_months": score.band[1]}
        | {name: getattr(score, name) for name in names}
        for score in (evaluation.overall, *evaluation.groups)
    ]
