"""Fitting a site's correction: robust, shrunk, and nothing where the films give no reason.

The line is fitted to the differences, reading minus answer, twice: over the mean of both (J. M. Bland and D. G. Altman,
*Statistical methods for assessing agreement*, Lancet 1986;327:307) and over the answer. The scatter of the answers
tilts the second downwards, the more so the closer in age the films are, and would pull every later child towards the
mean age of these films; answers that scatter less than readings tilt the first upwards. So a slope is kept only where
both lines tilt the same way, and then the flatter one. Weights are Huber's (P. J. Huber, Ann Math Statist 1964;35:73),
so that a few wrong readings count little, and standard errors are those of that estimator.

An offset, and then a slope, is kept where it lies `NEEDED_SES` standard errors or more from doing nothing. What is kept
is drawn towards doing nothing by ``tau² / (tau² + se²)``: the mean of a normal prior of standard deviation ``tau``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.calibration.site import Correction, RouteCalibration
from boneage.reference.rows import SEXES

Floats = NDArray[np.float64]

FEWEST_FILMS: Final = 25
"""Films of a sex below which its answers stay as they are."""
FEWEST_FOR_SLOPE: Final = 40
"""Films of a sex below which no slope is fitted."""
LEAST_SPREAD_MONTHS: Final = 24.0
"""Standard deviation of the ages below which no slope is fitted."""
NEEDED_SES: Final = 2.0
TAU_OFFSET_MONTHS: Final = 6.0
"""Expected size of a site's offset: 3.2 to 7.0 months have been published for networks on other populations."""
TAU_SLOPE: Final = 0.05
MOST_SLOPE: Final = 0.10
"""A slope further than this from 1 is cut there."""

_HUBER: Final = 1.345
"""Residuals beyond so many robust standard deviations lose weight (95 % efficient with normal errors)."""
_LEAST_SCALE_MONTHS: Final = 1.0


@dataclass(frozen=True, eq=False)
class RouteFilms:
    """One route on n films: its answers, the readings and the answers' intervals in months, and the sexes, all (n,).

    The interval is ``nan`` where it is not known.
    """

    answers: Floats
    readings: Floats
    low: Floats
    high: Floats
    sexes: NDArray[np.str_]

    @property
    def differences(self) -> Floats:
        """Answer minus reading, months."""
        return self.answers - self.readings

    @property
    def has_intervals(self) -> bool:
        """Whether every film has its interval."""
        return self.answers.size > 0 and bool(np.isfinite(self.high - self.low).all())

    def take(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> RouteFilms:
        """Return some of the films."""
        return RouteFilms(
            self.answers[chosen], self.readings[chosen], self.low[chosen], self.high[chosen], self.sexes[chosen]
        )


def fit_route(films: RouteFilms, *, share: float = 1.0) -> RouteCalibration:
    """Fit the corrections of one route.

    Parameters
    ----------
    films:
        With readings.
    share:
        Which part of the site's films these are; a fit within a cross-validation needs only so many of them.
    """
    by_sex: dict[str, Correction] = {sex: fit_correction(films.take(films.sexes == sex), share=share) for sex in SEXES}
    return RouteCalibration(by_sex, _interval_scale(films, RouteCalibration(by_sex)))


def fit_correction(films: RouteFilms, *, share: float = 1.0) -> Correction:
    """Fit the correction of one sex; see the module for how."""
    count = films.answers.size
    if count < FEWEST_FILMS * share:
        return Correction(films=count)
    span = (float(films.answers.min()), float(films.answers.max()))
    middles = (films.answers + films.readings) / 2
    centre = float(np.median(middles))
    if count >= FEWEST_FOR_SLOPE * share and films.answers.std() >= LEAST_SPREAD_MONTHS:
        over_means = _line(middles - centre, -films.differences)
        over_answers = _line(films.answers - centre, -films.differences)
        over_means = over_means.solved_for_the_answer()
        flatter = min(over_means, over_answers, key=lambda line: abs(line.tilt))
        if over_means.tilts and over_answers.tilts and over_means.tilt * over_answers.tilt > 0:
            tilt = min(max(_shrunk(flatter.tilt, flatter.tilt_se, TAU_SLOPE), -MOST_SLOPE), MOST_SLOPE)
            level = _shrunk(flatter.level, flatter.level_se, TAU_OFFSET_MONTHS)
            return Correction(count, "line", level, 1.0 + tilt, centre, span)
    (offset,), (offset_se,) = _huber(np.ones((count, 1)), -films.differences)
    if abs(offset) >= NEEDED_SES * offset_se:
        shrunk = _shrunk(offset, offset_se, TAU_OFFSET_MONTHS)
        return Correction(count, "offset", shrunk, 1.0, centre, span)
    return Correction(count, "none", centre_months=centre, range_months=span)


@dataclass(frozen=True)
class _Line:
    """A line through differences, ``level + tilt * x``, with the standard errors of both."""

    level: float
    tilt: float
    level_se: float
    tilt_se: float

    @property
    def tilts(self) -> bool:
        return abs(self.tilt) >= NEEDED_SES * self.tilt_se

    def solved_for_the_answer(self) -> _Line:
        """Return a line over the mean of answer and reading as one over the answer: ``d = a + t (x + d / 2)``."""
        share = 1 - self.tilt / 2
        return _Line(self.level / share, self.tilt / share, self.level_se / share, self.tilt_se / share**2)


def _line(x: Floats, differences: Floats) -> _Line:
    (level, tilt), (level_se, tilt_se) = _huber(np.column_stack([np.ones(x.size), x]), differences)
    return _Line(level, tilt, level_se, tilt_se)


def _shrunk(value: float, se: float, tau: float) -> float:
    return value * tau**2 / (tau**2 + se**2)


def _huber(design: Floats, target: Floats) -> tuple[list[float], list[float]]:
    """Return Huber's estimate of each coefficient, the first one the level, and its standard error."""
    rows, columns = design.shape
    coefficients: Floats = np.zeros(columns)
    coefficients[0] = np.median(target)
    for _ in range(100):
        residuals = target - design @ coefficients
        limit = _HUBER * _robust_sd(residuals)
        weights = limit / np.maximum(np.abs(residuals), limit)
        better: Floats = np.asarray(
            np.linalg.lstsq(design * np.sqrt(weights)[:, None], target * np.sqrt(weights), rcond=None)[0],
            dtype=np.float64,
        )
        settled = np.allclose(better, coefficients, rtol=0, atol=1e-4)
        coefficients = better
        if settled:
            break
    residuals = target - design @ coefficients
    limit = _HUBER * _robust_sd(residuals)
    bread = np.linalg.pinv(design[np.abs(residuals) <= limit].T @ design[np.abs(residuals) <= limit])
    scores = design * np.clip(residuals, -limit, limit)[:, None]
    covariance = bread @ (scores.T @ scores) @ bread * rows / max(rows - columns, 1)
    return coefficients.tolist(), np.sqrt(np.diag(covariance)).tolist()


def _robust_sd(residuals: Floats) -> float:
    spread = 1.4826 * float(np.median(np.abs(residuals - np.median(residuals))))
    return max(spread, _LEAST_SCALE_MONTHS)


def _interval_scale(films: RouteFilms, route: RouteCalibration) -> float:
    """Return the factor with which the corrected intervals hold 95 % of the readings, never below 1.

    It is the split-conformal quantile (the ``ceil(0.95 * (n + 1))``-th smallest) of how far each reading lies from the
    corrected answer, in halves of the interval on that side, over the films of all sexes that are corrected.
    """
    if not films.has_intervals:
        return 1.0
    needed = []
    for answer, reading, low, high, sex in zip(
        films.answers, films.readings, films.low, films.high, films.sexes, strict=True
    ):
        if route.by_sex[str(sex)].kept != "few_films":
            months, (lower, upper) = route.correct(str(sex), float(answer), (float(low), float(high)))
            half = upper - months if reading > months else months - lower
            needed.append(abs(float(reading) - months) / max(half, _LEAST_SCALE_MONTHS))
    if not needed:
        return 1.0
    rank = min(ceil(0.95 * (len(needed) + 1)), len(needed))
    return max(1.0, sorted(needed)[rank - 1])
