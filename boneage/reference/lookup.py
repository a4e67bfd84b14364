"""The lookup: the ages whose expected measurements explain the measured ones, as a posterior over age.

For every age of a monthly grid the deviations from the table, in SDs, have a multivariate t (or normal) likelihood with
the table's residual correlation; measurements that are missing drop out of it. Three guards keep it honest:

* *a wrong bone*: a measurement far from what all the others predict for it (conditional z above 3.5) has its variance
  raised until it is no longer surprising, so that it loses its say;
* *absent centres*: a measurement that is missing although its bone was measured speaks by its absence (a bone cut off
  by the film's edge says nothing), and measurements that go missing together share one vote;
* *too sure*: the log likelihood is divided by the table's temperature, fitted so that 95 % intervals hold 95 % of
  films.

The prior over age is flat over the table's ages, or the ages of the films behind the table. No chronological age
enters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boneage.errors import Refusal, TableError
from boneage.options import PriorName
from boneage.reference.bone_ages import bone_of, part_ages, part_evidence
from boneage.reference.intervals import mean_age, shortest_interval, warp
from boneage.reference.measurement_table import Floats, MeasurementTable
from boneage.reference.pattern_profile import pattern_profile
from boneage.reference.posterior import AgePosterior, Contribution
from boneage.reference.rows import Sex
from boneage.reference.table_grid import TableGrid, prepare, presence_evidence, rows_at

OUTLIER_Z = 3.5

WRONG_SHARE = 0.2
"""Share of a measurement's own say about age that is spread evenly over all ages, in case it is wrong."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one film says about age, before tempering and prior.

    Attributes
    ----------
    log_likelihood:
        On the grid of ages, shape (g,), up to a constant.
    used:
        Rows of the measurements that were used, shape (m,).
    values:
        Their values, shape (m,).
    inflation:
        Variance (in SD²) that was added to each because it disagreed with the rest, shape (m,); 0 for most.
    """

    log_likelihood: Floats
    used: NDArray[np.int64]
    values: Floats
    inflation: Floats


class AgeLookup:
    """Looks ages up in one measurement table.

    Parameters
    ----------
    table:
        The table; both sexes are prepared at first use.
    prior:
        Prior over age.

    Raises
    ------
    TableError
        ``reference_no_population`` if the population is asked for and the table does not state it.

    Examples
    --------
    >>> lookup = AgeLookup(load_reference())                          # doctest: +SKIP
    >>> lookup.posterior(measurements.values, "F").months             # doctest: +SKIP
    """

    def __init__(self, table: MeasurementTable, *, prior: PriorName = "flat") -> None:
        if prior == "population" and not table.settings.population:
            msg = f"the reference table {table.name} does not say how its films are spread over the ages"
            raise TableError("reference_no_population", msg, remedy="Use --prior flat, or build the table again.")
        self.table = table
        self.prior = prior
        self._row = {name: i for i, name in enumerate(table.measurements) if name not in table.settings.silent}
        self._grids: dict[Sex, TableGrid] = {}

    def posterior(self, values: Mapping[str, float], sex: Sex, *, unseen: Collection[str] = ()) -> AgePosterior:
        """Return the posterior over age of one hand.

        Parameters
        ----------
        values:
            Measurement name to value, in the units of the table; what could not be measured is left out (or ``nan``).
            Names that the table lacks are ignored.
        sex:
            ``M`` or ``F``; where it is unknown, call twice.
        unseen:
            Parts of the hand (bones, ``carpals``) whose absence says nothing, as of one that a reader left out.

        Raises
        ------
        Refusal
            ``no_measurements`` if the table knows none of them.
        TableError
            If the table has no cells for this sex, or its correlation matrix is not one.
        """
        return self._conclude(self.evidence(values, sex, unseen=unseen), sex)

    def explain(self, values: Mapping[str, float], sex: Sex, *, unseen: Collection[str] = ()) -> AgePosterior:
        """Return the posterior with the ages of the single bones and the pattern profile (otherwise as `posterior`)."""
        found = self.posterior(values, sex, unseen=unseen)
        grid = self.grid(sex)
        rows, numbers = self._known(values, grid)
        settings = self.table.settings
        ages = part_ages(rows, numbers, grid, self.table.measurements, settings, sex)
        pattern = pattern_profile(rows, numbers, grid, self.table.measurements, found.months)
        return replace(found, bone_ages=ages, pattern=pattern)

    def part_evidence(self, values: Mapping[str, float], sex: Sex) -> dict[str, Floats]:
        """Return the log likelihood of age by part of the hand (see `boneage.reference.bone_ages.part_evidence`)."""
        grid = self.grid(sex)
        return part_evidence(*self._known(values, grid), grid, self.table.measurements)

    def ages(self, sex: Sex) -> Floats:
        """Return the monthly grid of ages, shape (g,)."""
        return self.grid(sex).ages

    def evidence(self, values: Mapping[str, float], sex: Sex, *, unseen: Collection[str] = ()) -> Evidence:
        """Return the log likelihood of one hand on the grid of ages (parameters and errors as in `posterior`)."""
        grid = self.grid(sex)
        used, numbers = self._known(values, grid)
        if not used.size:
            msg = f"none of the measurements of this film is in the reference table {self.table.name}"
            remedy = "Choose another --reference, or a film that shows the hand's bones."
            if set(self.table.units) == {"mm"}:
                remedy = "This table is in millimetres: give --pixel-spacing, or choose another --reference."
            raise Refusal("no_measurements", msg, remedy=remedy)
        z = (numbers[:, None] - grid.mean[used]) / grid.sd[used]
        correlation = grid.correlation[:, used[:, None], used]
        inflation = _outlier_inflation(z, np.log(grid.sd[used]), correlation, grid.blend)
        log_likelihood = self._measured(z, correlation, inflation, grid.blend) - np.log(grid.sd[used]).sum(axis=0)
        voting = [row for row, name in enumerate(self.table.measurements) if bone_of(name) not in unseen]
        log_likelihood += presence_evidence(used, grid, np.array(voting, dtype=np.int64))
        return Evidence(log_likelihood - log_likelihood.max(), used, numbers, inflation)

    def _conclude(self, evidence: Evidence, sex: Sex) -> AgePosterior:
        """Temper the evidence, apply the prior and read off age, interval and contributions."""
        grid = self.grid(sex)
        log_likelihood = evidence.log_likelihood / self._temperature(evidence.log_likelihood, grid.ages, sex)
        log_density = log_likelihood + self._log_prior(grid.ages, sex)
        density = np.exp(log_density - log_density.max())
        density /= density.sum()
        correction = self.table.settings.correction.get(sex)
        shifted = grid.ages if correction is None else warp(grid.ages, correction)
        months = float(shifted @ density)
        belt = self.table.settings.belts.get(self.prior, {}).get(sex)
        if belt is None:
            interval = shortest_interval(shifted, density)
        else:
            interval = belt.interval(months, float(np.sqrt(max(density @ (shifted - months) ** 2, 0.0))))
        parts = self._contributions(evidence, grid, months)
        ends = _beyond_ends(evidence, grid)
        return AgePosterior(shifted, density, months, interval, parts, self.table.name, self.prior, ends)

    def _known(self, values: Mapping[str, float], grid: TableGrid) -> tuple[NDArray[np.int64], Floats]:
        """Return the rows of the measurements that film and table share, rising, and their values."""
        pairs = sorted((self._row[name], float(value)) for name, value in values.items() if name in self._row)
        pairs = [(row, value) for row, value in pairs if math.isfinite(value) and grid.has_cells[row]]
        return np.array([row for row, _ in pairs], dtype=np.int64), np.array([value for _, value in pairs])

    def _log_prior(self, ages: Floats, sex: Sex) -> Floats:
        if self.prior == "population" and sex in self.table.settings.population:
            return np.log(self.table.settings.population[sex].at(ages))
        return np.zeros_like(ages)

    def _temperature(self, log_likelihood: Floats, ages: Floats, sex: Sex) -> float:
        curve = self.table.settings.temperature.get(sex)
        return 1.0 if curve is None else float(curve.at(mean_age(log_likelihood, ages)))

    def _measured(self, z: Floats, correlation: Floats, inflation: Floats, blend: Floats) -> Floats:
        """Log density of the deviations on the grid; each age blends its two neighbouring correlation matrices."""
        from scipy.linalg import solve_triangular  # here: loading a table must stay light

        m, freedom = len(z), self.table.settings.degrees_of_freedom
        total = np.zeros(z.shape[1])
        for matrix, weights in zip(correlation, blend, strict=True):
            near = np.flatnonzero(weights)
            if not near.size:
                continue
            factor = np.linalg.cholesky(matrix + np.diag(inflation))
            white = solve_triangular(factor, z[:, near], lower=True, check_finite=False)
            squares = np.sum(white**2, axis=0)
            normal = np.isinf(freedom)
            log_density = -0.5 * (squares if normal else (freedom + m) * np.log1p(squares / freedom))
            log_density -= np.log(np.diag(factor)).sum()
            total[near] += weights[near] * log_density
        return total

    def _contributions(self, evidence: Evidence, grid: TableGrid, months: float) -> tuple[Contribution, ...]:
        ages, used = grid.ages, evidence.used
        mean = rows_at(ages, grid.mean[used], months)
        sd = rows_at(ages, grid.sd[used], months)
        low, high = max(months - 3.0, ages[0]), min(months + 3.0, ages[-1])
        slope = (rows_at(ages, grid.mean[used], high) - rows_at(ages, grid.mean[used], low)) / max(high - low, 1e-9)
        k = np.array([np.interp(months, ages, row) for row in grid.blend])
        matrix = np.tensordot(k, grid.correlation[:, used[:, None], used], axes=1) + np.diag(evidence.inflation)
        weights = information_shares(slope / sd, matrix)
        z = (evidence.values - mean) / sd
        names = self.table.measurements
        order = np.lexsort((used, -weights))
        return tuple(
            Contribution(names[used[i]], float(evidence.values[i]), float(mean[i]), float(z[i]), float(weights[i]))
            for i in order
        )

    def grid(self, sex: Sex) -> TableGrid:
        """Return one sex of the table on whole months."""
        if sex not in self._grids:
            cells = self.table.sexes.get(sex)
            if cells is None:
                msg = f"the reference table {self.table.name} has no cells for sex {sex}"
                raise TableError("reference_sex_missing", msg, remedy="Choose another --reference.")
            self._grids[sex] = prepare(cells, self.table, sex)
        return self._grids[sex]


def _beyond_ends(evidence: Evidence, grid: TableGrid) -> tuple[float, float]:
    """Return the median SDs by which the measurements lie before the first and after the last age of the table."""
    mean, sd = grid.mean[evidence.used], grid.sd[evidence.used]
    grows = np.sign(mean[:, -1] - mean[:, 0])
    if not grows.any():
        return math.nan, math.nan
    before, after = (grows * (evidence.values - mean[:, end]) / sd[:, end] for end in (0, -1))
    return -float(np.median(before[grows != 0])), float(np.median(after[grows != 0]))


def _outlier_inflation(z: Floats, log_sd: Floats, correlation: Floats, blend: Floats) -> Floats:
    """Return the variance to add to each measurement that the others contradict at the age that fits best.

    The first age is a vote of the measurements one by one, each with a share for being wrong, so that no gross error
    can hide behind its correlation with the rest, nor pull further than one vote.
    """
    m = len(z)
    alone = np.exp(-0.5 * np.minimum(z**2, 1400.0) - log_sd)
    alone /= np.maximum(alone.sum(axis=1, keepdims=True), 1e-300)
    best = int(np.argmax(np.log(alone + WRONG_SHARE / z.shape[1]).sum(axis=0)))
    inflation = np.zeros(m)
    if m < 3:
        return inflation
    for _ in range(3):
        matrix = np.tensordot(blend[:, best], correlation, axes=1)
        precision = np.linalg.inv(matrix)
        inflation = np.zeros(m)
        for _ in range(2 * m):
            pull = precision @ z[:, best]
            diagonal = np.diag(precision)
            surprise = np.abs(pull) / np.sqrt(diagonal)
            worst = int(np.argmax(surprise))
            if surprise[worst] <= OUTLIER_Z * 1.001:
                break
            added = ((surprise[worst] / OUTLIER_Z) ** 2 - 1.0) / diagonal[worst]
            inflation[worst] += added
            column = precision[:, worst]
            precision = precision - (added / (1.0 + added * column[worst])) * np.outer(column, column)
        fit = -0.5 * np.sum(z * (precision @ z), axis=0) - log_sd.sum(axis=0)
        found = int(np.argmax(fit))
        if abs(found - best) <= 1:
            break
        best = found
    return inflation


def information_shares(slope: Floats, covariance: Floats) -> Floats:
    """Split the Fisher information about age among correlated measurements; shares are 0 to 1 and sum to 1.

    The deviations are decorrelated by the symmetric inverse square root of their covariance, which keeps each as close
    as possible to its own measurement; each share is then a square (the CAR decomposition, Zuber & Strimmer, Stat Appl
    Genet Mol Biol 2011;10:34). Two copies of one measurement receive half of its share each.

    Parameters
    ----------
    slope:
        Change of the mean with age in SDs a month, shape (m,).
    covariance:
        Of the deviations in SDs, shape (m, m).
    """
    values, vectors = np.linalg.eigh(covariance)
    decorrelated = vectors @ ((vectors.T @ slope) / np.sqrt(np.maximum(values, 1e-9)))
    squares = decorrelated**2
    total = float(squares.sum())
    return squares / total if total > 0 else np.full(slope.size, 1.0 / slope.size)
