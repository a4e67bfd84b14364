"""The lookup: the ages whose expected measurements explain the measured ones, as a posterior over age.

For every age of a monthly grid the deviations from the table, in SDs, have a multivariate t (or normal) likelihood with
the table's residual correlation; measurements that are missing drop out of it. Three guards keep it honest:

* *a wrong bone*: a measurement far from what all the others predict for it (conditional z above 3.5) has its variance
  raised until it is no longer surprising, so that it loses its say;
* *absent centres*: a measurement that is missing although its bone was measured speaks by its absence (a bone cut off
  by the film's edge says nothing), and measurements that go missing together share one vote;
* *too sure*: the log likelihood is divided by the table's temperature, fitted so that 95 % intervals hold 95 % of
  films.

The prior over age is flat over the table's ages unless another is given. No chronological age enters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.errors import Refusal, TableError
from boneage.reference.measurement_table import Curve, Floats, MeasurementTable, SexTable, part_of
from boneage.reference.posterior import AgePosterior, Contribution
from boneage.reference.rows import Sex

Prior = Callable[[Floats], Floats]
"""A function from ages in months, shape (g,), to unnormalised probabilities, shape (g,)."""

OUTLIER_Z = 3.5
_PRESENCE_BOUND = 0.02


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


@dataclass(frozen=True, eq=False)
class _Grid:
    """One sex of a table, prepared on the monthly grid."""

    ages: Floats
    mean: Floats
    sd: Floats
    log_present: Floats
    log_absent: Floats
    has_cells: NDArray[np.bool_]
    presence_weights: Floats
    anchors: NDArray[np.int64]
    correlation: Floats
    blend: Floats


class AgeLookup:
    """Looks ages up in one measurement table.

    Parameters
    ----------
    table:
        The table; both sexes are prepared at first use.

    Examples
    --------
    >>> lookup = AgeLookup(load_reference())                          # doctest: +SKIP
    >>> lookup.posterior(measurements.values, "F").months             # doctest: +SKIP
    """

    def __init__(self, table: MeasurementTable) -> None:
        self.table = table
        self._row = {name: i for i, name in enumerate(table.measurements)}
        self._grids: dict[Sex, _Grid] = {}

    def posterior(
        self, values: Mapping[str, float], sex: Sex, *, prior: Prior | None = None, corrected: bool = True
    ) -> AgePosterior:
        """Return the posterior over age of one hand.

        Parameters
        ----------
        values:
            Measurement name to value, in the units of the table; what could not be measured is left out (or ``nan``).
            Names that the table lacks are ignored.
        sex:
            ``M`` or ``F``; where it is unknown, call twice.
        prior:
            Prior over age; flat by default.
        corrected:
            Whether the table's correction of ages is applied.

        Raises
        ------
        Refusal
            ``no_measurements`` if the table knows none of them.
        TableError
            If the table has no cells for this sex, or its correlation matrix is not one.
        """
        evidence = self.evidence(values, sex)
        return self.conclude(evidence, sex, prior=prior, corrected=corrected)

    def ages(self, sex: Sex) -> Floats:
        """Return the monthly grid of ages, shape (g,)."""
        return self._grid(sex).ages

    def evidence(self, values: Mapping[str, float], sex: Sex) -> Evidence:
        """Return the log likelihood of one hand on the grid of ages (parameters and errors as in `posterior`)."""
        grid = self._grid(sex)
        pairs = sorted((self._row[name], float(value)) for name, value in values.items() if name in self._row)
        pairs = [(row, value) for row, value in pairs if math.isfinite(value) and grid.has_cells[row]]
        if not pairs:
            msg = f"none of the measurements of this film is in the reference table {self.table.name}"
            raise Refusal(
                "no_measurements", msg, remedy="Choose another --reference, or a film that shows the hand's bones."
            )
        used = np.array([row for row, _ in pairs], dtype=np.int64)
        numbers = np.array([value for _, value in pairs])
        z = (numbers[:, None] - grid.mean[used]) / grid.sd[used]
        correlation = grid.correlation[:, used[:, None], used]
        inflation = _outlier_inflation(z, np.log(grid.sd[used]), correlation, grid.blend)
        log_likelihood = self._measured(z, correlation, inflation, grid.blend) - np.log(grid.sd[used]).sum(axis=0)
        log_likelihood += self._presence(used, grid)
        return Evidence(log_likelihood - log_likelihood.max(), used, numbers, inflation)

    def conclude(
        self, evidence: Evidence, sex: Sex, *, prior: Prior | None = None, corrected: bool = True
    ) -> AgePosterior:
        """Temper the evidence, apply the prior and read off age, interval and contributions."""
        grid = self._grid(sex)
        ages = grid.ages
        temperature = self._temperature(evidence.log_likelihood, ages, sex)
        log_density = evidence.log_likelihood / temperature
        if prior is not None:
            log_density = log_density + np.log(np.maximum(np.asarray(prior(ages), dtype=float), 1e-300))
        density = np.exp(log_density - log_density.max())
        density /= density.sum()
        correction = self.table.settings.correction.get(sex) if corrected else None
        shifted = ages if correction is None else warp(ages, correction)
        months = float(shifted @ density)
        interval = shortest_interval(shifted, density)
        contributions = self._contributions(evidence, grid, months)
        return AgePosterior(shifted, density, months, interval, contributions, self.table.name)

    def _temperature(self, log_likelihood: Floats, ages: Floats, sex: Sex) -> float:
        curve = self.table.settings.temperature.get(sex)
        return 1.0 if curve is None else float(curve.at(mean_age(log_likelihood, ages)))

    def _measured(self, z: Floats, correlation: Floats, inflation: Floats, blend: Floats) -> Floats:
        """Log density of the deviations on the grid; each age blends its two neighbouring correlation matrices."""
        m, freedom = len(z), self.table.settings.degrees_of_freedom
        total = np.zeros(z.shape[1])
        for matrix, weights in zip(correlation, blend, strict=True):
            near = np.flatnonzero(weights)
            if not near.size:
                continue
            factor = np.linalg.cholesky(matrix + np.diag(inflation))
            inverse = np.linalg.inv(factor)
            squares = np.sum((inverse @ z[:, near]) ** 2, axis=0)
            normal = np.isinf(freedom)
            log_density = -0.5 * (squares if normal else (freedom + m) * np.log1p(squares / freedom))
            log_density -= np.log(np.diag(factor)).sum()
            total[near] += weights[near] * log_density
        return total

    def _presence(self, used: NDArray[np.int64], grid: _Grid) -> Floats:
        """Log probability of what is there and what is not, among the parts of the hand that were seen."""
        present = np.zeros(len(self._row), dtype=bool)
        present[used] = True
        seen = (grid.anchors < 0) | present[grid.anchors]
        votes = np.where(present[:, None], grid.log_present, grid.log_absent)
        return (grid.presence_weights * seen) @ votes

    def _contributions(self, evidence: Evidence, grid: _Grid, months: float) -> tuple[Contribution, ...]:
        ages, used = grid.ages, evidence.used
        mean = _at(ages, grid.mean[used], months)
        sd = _at(ages, grid.sd[used], months)
        low, high = max(months - 3.0, ages[0]), min(months + 3.0, ages[-1])
        slope = (_at(ages, grid.mean[used], high) - _at(ages, grid.mean[used], low)) / max(high - low, 1e-9)
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

    def _grid(self, sex: Sex) -> _Grid:
        if sex not in self._grids:
            cells = self.table.sexes.get(sex)
            if cells is None:
                msg = f"the reference table {self.table.name} has no cells for sex {sex}"
                raise TableError("reference_sex_missing", msg, remedy="Choose another --reference.")
            self._grids[sex] = _prepare(cells, self.table, sex)
        return self._grids[sex]


def _prepare(cells: SexTable, table: MeasurementTable, sex: Sex) -> _Grid:
    ages = np.arange(np.ceil(cells.ages[0]), np.floor(cells.ages[-1]) + 1)
    shape = (len(cells.mean), ages.size)
    mean, sd, present = np.zeros(shape), np.ones(shape), np.full(shape, 0.5)
    has_cells = np.array([bool(np.isfinite(row).any()) for row in cells.mean], dtype=bool)
    for i in range(shape[0]):
        known = np.isfinite(cells.mean[i])
        if has_cells[i]:
            mean[i] = np.interp(ages, cells.ages[known], cells.mean[i, known])
            sd[i] = np.interp(ages, cells.ages[known], cells.sd[i, known])
        stated = np.isfinite(cells.present[i])
        if stated.any():
            present[i] = np.interp(ages, cells.ages[stated], cells.present[i, stated])
    present = np.clip(present, _PRESENCE_BOUND, 1 - _PRESENCE_BOUND)
    shrinkage = table.settings.shrinkage
    correlation = (1 - shrinkage) * cells.correlation + shrinkage * np.eye(shape[0])
    try:
        np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError as error:
        msg = f"a correlation matrix of the reference table {table.name} is not positive definite"
        raise TableError("table_correlation_matrix", msg, remedy="Correct it, or raise lookup.shrinkage.") from error
    blend = _blend(ages, cells.correlation_ages)
    weights = table.settings.presence_weights.get(sex, {})
    row = {name: i for i, name in enumerate(table.measurements)}
    anchor_of = table.settings.anchors.get(sex, {})
    anchors = [row.get(anchor_of.get(part_of(name), ""), -1) for name in table.measurements]
    return _Grid(
        ages=ages,
        mean=mean,
        sd=sd,
        log_present=np.log(present),
        log_absent=np.log1p(-present),
        has_cells=has_cells,
        presence_weights=np.array([weights.get(name, 0.0) for name in table.measurements]),
        anchors=np.array(anchors, dtype=np.int64),
        correlation=correlation,
        blend=blend,
    )


def _blend(ages: Floats, knots: Floats) -> Floats:
    """Return linear interpolation weights of the knots at the ages, shape (k, g); level beyond the ends."""
    return np.array([np.interp(ages, knots, row) for row in np.eye(len(knots))])


def _at(ages: Floats, rows: Floats, month: float) -> Floats:
    place = float(np.clip(np.interp(month, ages, np.arange(ages.size)), 0, ages.size - 1))
    low = min(int(place), ages.size - 2) if ages.size > 1 else 0
    high = min(low + 1, ages.size - 1)
    part = place - low
    return (1 - part) * rows[:, low] + part * rows[:, high]


def _outlier_inflation(z: Floats, log_sd: Floats, correlation: Floats, blend: Floats) -> Floats:
    """Return the variance to add to each measurement that the others contradict at the age that fits best.

    The first age comes from the deviations one by one, with Huber's loss, so that no gross error can hide behind its
    correlation with the rest.
    """
    m = len(z)
    size = np.abs(z)
    loss = np.where(size <= 2.0, 0.5 * size**2, 2.0 * size - 2.0) + log_sd
    best = int(np.argmin(loss.sum(axis=0)))
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


def mean_age(log_likelihood: Floats, ages: Floats) -> float:
    """Return the mean of the normalised likelihood."""
    density = np.exp(log_likelihood - log_likelihood.max())
    return float(ages @ density / density.sum())


def warp(ages: Floats, correction: Curve) -> Floats:
    """Return corrected ages: each plus its shift, in the same order, not below 0."""
    return np.maximum.accumulate(np.maximum(ages + correction.at(ages), 0.0))


def shortest_interval(ages: Floats, density: Floats, *, mass: float = 0.95) -> tuple[float, float]:
    """Return the shortest interval of ages that holds a share of a density.

    Away from the ends of the grid it hardly differs from the central interval; where the density piles up at an end (a
    skeleton that has stopped changing), the central one would shut that end out.

    Parameters
    ----------
    ages, density:
        Rising grid in months and its probabilities, shape (g,); each grid age stands for the months round it.
    """
    low, high = shortest_intervals(ages, density[None, :], mass=mass)[0]
    return float(low), float(high)


def shortest_intervals(ages: Floats, densities: Floats, *, mass: float = 0.95) -> Floats:
    """Return the shortest intervals of many densities, shape (n, g) to (n, 2); see `shortest_interval`."""
    edges = np.concatenate([ages[:1], (ages[1:] + ages[:-1]) / 2, ages[-1:]])
    cumulative = np.zeros((len(densities), edges.size))
    np.cumsum(densities, axis=1, out=cumulative[:, 1:])
    cumulative /= cumulative[:, -1:]
    starts = np.broadcast_to(edges, cumulative.shape)
    ends = _where_reached(cumulative, cumulative + mass, edges)
    last = np.full((len(densities), 1), 1 - mass)  # the interval that ends where the grid ends may begin between edges
    low = np.concatenate([starts, _where_reached(cumulative, last, edges)], axis=1)
    high = np.concatenate([ends, np.full_like(last, edges[-1])], axis=1)
    width = high - low
    best = np.argmin(np.where(np.isnan(width), np.inf, width), axis=1)
    rows = np.arange(len(best))
    return np.column_stack([low[rows, best], high[rows, best]])


def _where_reached(cumulative: Floats, targets: Floats, edges: Floats) -> Floats:
    """Return where each row of cumulative shares reaches its targets, ``nan`` for targets outside 0 to 1."""
    rows = np.arange(len(cumulative))[:, None]
    inside = np.clip(targets, 0.0, 1.0)
    flat = np.searchsorted((cumulative + 2.0 * rows).ravel(), (inside + 2.0 * rows).ravel())
    place = np.clip(flat.reshape(targets.shape) - rows * edges.size, 1, edges.size - 1)
    below, above = cumulative[rows, place - 1], cumulative[rows, place]
    part = np.clip((inside - below) / np.maximum(above - below, 1e-300), 0.0, 1.0)
    found = edges[place - 1] + part * (edges[place] - edges[place - 1])
    return np.where(np.abs(targets - inside) > 1e-9, np.nan, found)
