"""Two ages of one hand to one answer: weights by how far each route can be trusted, a refusal where they contradict.

The weights are the least-squares ones for two estimates with errors of standard deviations ``s1``, ``s2`` and
correlation ``r``: ``w1 = (s2² - r·s1·s2) / (s1² + s2² - 2r·s1·s2)``. Where the two ages lie further apart than their
errors explain, the interval is widened by the ratio of the two (the Birge ratio: R. T. Birge, *The calculation of
errors by the method of least squares*, Phys. Rev. 40, 207, 1932).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from boneage.errors import Refusal, WeightsError

Z_95: Final = 1.959963984540054
"""Half-width of a central 95 % interval in standard deviations of a normal distribution."""

YOUNGEST_MONTHS: Final = 0.0
OLDEST_MONTHS: Final = 240.0


@dataclass(frozen=True)
class RouteAge:
    """The age of one route and its 95 % interval, in months."""

    months: float
    interval_95: tuple[float, float]

    @property
    def sd(self) -> float:
        """Standard deviation in months that the interval stands for."""
        return max((self.interval_95[1] - self.interval_95[0]) / (2 * Z_95), 0.1)


@dataclass(frozen=True)
class CombinationModel:
    """How the two routes are weighed.

    Attributes
    ----------
    measurement_sd_months, regression_sd_months:
        Standard deviation of each route's error, measured on labelled films; ``None``: the route's own interval.
    measurement_sd_scale, regression_sd_scale:
        Factor on the standard deviation that a route's own interval stands for.
    error_correlation:
        Correlation of the two routes' errors.
    interval_scale:
        Factor on the combined interval that makes it hold 95 % of labelled films.
    disagreement_limit_months, disagreement_limit_sds:
        The routes contradict each other when their ages differ by more than both of these; the second counts in
        standard deviations of the difference that their errors explain.
    fitted_on:
        The films behind these numbers, in words.
    """

    measurement_sd_months: float | None = None
    regression_sd_months: float | None = None
    measurement_sd_scale: float = 1.0
    regression_sd_scale: float = 1.0
    error_correlation: float = 0.0
    interval_scale: float = 1.0
    disagreement_limit_months: float = 36.0
    disagreement_limit_sds: float = 4.0
    fitted_on: str = "not fitted: the routes' own intervals"

    def __post_init__(self) -> None:
        positive = (
            self.measurement_sd_scale,
            self.regression_sd_scale,
            self.interval_scale,
            self.disagreement_limit_months,
            self.disagreement_limit_sds,
            *(sd for sd in (self.measurement_sd_months, self.regression_sd_months) if sd is not None),
        )
        if not all(math.isfinite(number) and number > 0 for number in positive) or not -1 < self.error_correlation < 1:
            msg = "the weights of the combination hold a number that makes no sense"
            raise WeightsError("combination_invalid", msg, remedy="install the package again")


@dataclass(frozen=True)
class CombinedAge:
    """The answer of both routes together, and the weight (0 to 1) of the measurement route in it."""

    months: float
    interval_95: tuple[float, float]
    measurement_weight: float


def load_combination(path: Path | None = None) -> CombinationModel:
    """Read the weights of the combination.

    Parameters
    ----------
    path:
        JSON file with the fields of `CombinationModel`; unknown keys are ignored. Default: the file in the package, and
        where there is none the routes' own intervals.

    Raises
    ------
    WeightsError
        If the file is not such a JSON.
    """
    source = path or Path(__file__).parent / "weights" / "combination.json"
    if path is None and not source.is_file():
        return CombinationModel()
    try:
        data: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        known = {field.name for field in fields(CombinationModel)}
        return CombinationModel(**{name: value for name, value in data.items() if name in known})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        msg = f"the weights of the combination cannot be read ({type(error).__name__})"
        raise WeightsError("combination_invalid", msg, remedy="install the package again") from error


def disagreement_limit(measurement: RouteAge, regression: RouteAge, model: CombinationModel) -> float:
    """Return by how many months the two routes may differ before they contradict each other."""
    expected_sd = math.sqrt(_expected_variance(*_route_sds(measurement, regression, model), model))
    return max(model.disagreement_limit_months, model.disagreement_limit_sds * expected_sd)


def combine(measurement: RouteAge, regression: RouteAge, model: CombinationModel) -> CombinedAge:
    """Weigh the two routes' ages of one hand.

    Raises
    ------
    Refusal
        With code ``routes_disagree`` where the two contradict each other beyond the limits of ``model``.
    """
    difference = abs(measurement.months - regression.months)
    limit = disagreement_limit(measurement, regression, model)
    if difference > limit:
        msg = (
            f"the bones measure {measurement.months:.0f} months, the direct reading is {regression.months:.0f} months: "
            f"{difference:.0f} months apart, more than the {limit:.0f} that can be explained"
        )
        remedy = "look at the overlay; ask for one route with --method measurement or --method regression"
        raise Refusal("routes_disagree", msg, remedy=remedy)
    sd_m, sd_r = _route_sds(measurement, regression, model)
    shared = model.error_correlation * sd_m * sd_r
    expected_variance = _expected_variance(sd_m, sd_r, model)
    weight = min(max((sd_r**2 - shared) / expected_variance, 0.0), 1.0)
    months = weight * measurement.months + (1 - weight) * regression.months
    variance = (weight * sd_m) ** 2 + ((1 - weight) * sd_r) ** 2 + 2 * weight * (1 - weight) * shared
    birge = max(1.0, difference / math.sqrt(expected_variance))
    half = Z_95 * math.sqrt(variance) * model.interval_scale * birge
    return CombinedAge(months, (max(months - half, YOUNGEST_MONTHS), min(months + half, OLDEST_MONTHS)), weight)


def _route_sds(measurement: RouteAge, regression: RouteAge, model: CombinationModel) -> tuple[float, float]:
    """Return the standard deviations of the two routes' errors in months."""
    sd_m = model.measurement_sd_months or measurement.sd * model.measurement_sd_scale
    sd_r = model.regression_sd_months or regression.sd * model.regression_sd_scale
    return sd_m, sd_r


def _expected_variance(sd_m: float, sd_r: float, model: CombinationModel) -> float:
    """Return the variance of the difference of the two routes that their errors explain."""
    return sd_m**2 + sd_r**2 - 2 * model.error_correlation * sd_m * sd_r
