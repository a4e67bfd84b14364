"""Two ages of one hand to one answer with an interval that holds, and a refusal where the routes contradict.

The answer is a weighted mean, the weight a function of age. Its interval is a confidence belt
(`boneage.reference.belt`): labelled films that neither route was fitted on say, by sex and true age, between which
bounds 95 % of the answers lie, and an age belongs to the interval where the answer lies between its bounds. The bounds
move apart by ``sqrt(1 + (d / D)²)`` where the two routes lie ``d`` months apart, and by a factor where the film is a
poor one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boneage.errors import Refusal, WeightsError

if TYPE_CHECKING:
    from boneage.radiograph.radiograph import Sex

YOUNGEST_MONTHS: Final = 0.0
OLDEST_MONTHS: Final = 240.0


LEAST_REACH_MONTHS: Final = 6.0
"""No interval reaches less far below or above its answer, whatever the belt says at ages of few films."""


@dataclass(frozen=True)
class RouteAge:
    """The age of one route and its 95 % interval, in months."""

    months: float
    interval_95: tuple[float, float]


@dataclass(frozen=True)
class CombinationModel:
    """How the two routes are put together.

    Attributes
    ----------
    ages:
        Mean age of the two routes, in months, at which the other rows are given; between them a straight line.
    measurement_weight:
        Weight of the measurement route, 0 to 1, at each of ``ages``.
    belt_ages:
        True ages in months, rising, at which the bounds are given.
    low, high:
        By sex: the bounds of answer minus true age at each of ``belt_ages``, in months, where the two routes agree.
        Empty: half of what the routes' own intervals reach together.
    agreement_months:
        The routes' difference ``D`` that moves the bounds apart by the square root of two.
    disagreement_limit_months:
        The routes contradict each other when their ages differ by more.
    fitted_on:
        The films behind these numbers, in words.
    """

    ages: tuple[float, ...] = (YOUNGEST_MONTHS, OLDEST_MONTHS)
    measurement_weight: tuple[float, ...] = (0.5, 0.5)
    belt_ages: tuple[float, ...] = ()
    low: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    high: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    agreement_months: float = 25.0
    disagreement_limit_months: float = 36.0
    fitted_on: str = "not fitted: the routes' own intervals"

    def __post_init__(self) -> None:
        bounds = [*self.low.values(), *self.high.values()]
        sound = (
            len(self.measurement_weight) == len(self.ages) >= 2
            and all(len(row) == len(self.belt_ages) >= 2 for row in bounds)
            and all(first < second for row in (self.ages, self.belt_ages) for first, second in pairwise(row))
            and all(0 <= weight <= 1 for weight in self.measurement_weight)
            and all(math.isfinite(months) for row in bounds for months in row)
            and all(math.isfinite(m) and m > 0 for m in (self.agreement_months, self.disagreement_limit_months))
            and set(self.low) == set(self.high)
            and all(low < high for sex in self.low for low, high in zip(self.low[sex], self.high[sex], strict=True))
        )
        if not sound:
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
        return CombinationModel(**{name: _frozen(value) for name, value in data.items() if name in known})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        msg = f"the weights of the combination cannot be read ({type(error).__name__})"
        raise WeightsError("combination_invalid", msg, remedy="install the package again") from error


def _frozen(value: Any) -> Any:
    """Return lists as tuples, in mappings too."""
    if isinstance(value, dict):
        return {name: _frozen(part) for name, part in value.items()}
    return tuple(value) if isinstance(value, list) else value


def combine(
    measurement: RouteAge, regression: RouteAge, model: CombinationModel, *, sex: Sex, widening: float = 1.0
) -> CombinedAge:
    """Put the two routes' ages of one hand together.

    Parameters
    ----------
    measurement, regression:
        What each route says.
    model:
        The fitted weights and reaches.
    sex:
        Of the child, or the one that is assumed.
    widening:
        Factor on the interval, above 1 for a poor film.

    Raises
    ------
    Refusal
        With code ``routes_disagree`` where the two lie further apart than ``model`` tolerates.
    """
    difference = abs(measurement.months - regression.months)
    limit = model.disagreement_limit_months
    if difference > limit:
        msg = (
            f"the bones measure {measurement.months:.0f} months, the direct reading is {regression.months:.0f} months: "
            f"{difference:.0f} months apart, more than the {limit:.0f} that can be explained"
        )
        remedy = (
            "look at the overlay and read the film by eye; --method measurement or --method regression gives one route "
            "alone, which then nothing checks"
        )
        raise Refusal("routes_disagree", msg, remedy=remedy)
    middle = (measurement.months + regression.months) / 2
    weight = _at(middle, model.ages, model.measurement_weight)
    months = weight * measurement.months + (1 - weight) * regression.months
    wider = math.hypot(1.0, difference / model.agreement_months) * widening
    low, high = _between_bounds(months, wider, model, sex) or _own_reach(months, wider, measurement, regression)
    return CombinedAge(months, (max(low, YOUNGEST_MONTHS), min(high, OLDEST_MONTHS)), weight)


def _between_bounds(months: float, wider: float, model: CombinationModel, sex: Sex) -> tuple[float, float] | None:
    """Return the interval by the belt of a sex, ``None`` where that was not fitted."""
    if sex not in model.low:
        return None
    return belt_interval(months, wider, ages=model.belt_ages, low=model.low[sex], high=model.high[sex])


def belt_interval(
    months: float, wider: float, *, ages: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> tuple[float, float]:
    """Return the ages between whose bounds an answer lies.

    Parameters
    ----------
    months:
        The answer.
    wider:
        Factor on the bounds.
    ages, low, high:
        True ages, rising, and the bounds of answer minus true age there, all in months. The last age stands for all
        that are older.
    """
    import numpy as np

    from boneage.reference.belt import Belt

    lowest, highest = np.minimum(low, -LEAST_REACH_MONTHS), np.maximum(high, LEAST_REACH_MONTHS)
    belt = Belt(np.asarray(ages), lowest, highest, usual_spread=0.0)
    youngest, oldest = belt.interval(min(max(months, ages[0]), ages[-1]), wider)
    return min(youngest, months), OLDEST_MONTHS if oldest >= ages[-1] else max(oldest, months)


def _own_reach(months: float, wider: float, *routes: RouteAge) -> tuple[float, float]:
    """Return the interval that reaches as far as the routes' own ones do in the mean."""
    half = sum(high - low for low, high in (route.interval_95 for route in routes)) / (2 * len(routes))
    return months - half * wider, months + half * wider


def _at(age: float, ages: tuple[float, ...], row: tuple[float, ...]) -> float:
    """Return a row's value at an age, by straight lines, level beyond its ends."""
    if age <= ages[0]:
        return row[0]
    for (low, first), (high, second) in pairwise(zip(ages, row, strict=True)):
        if age <= high:
            return first + (second - first) * (age - low) / (high - low)
    return row[-1]
