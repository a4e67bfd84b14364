"""Fitting how the two routes are combined, on films that neither was fitted on (`tune`).

The answer of each film comes from weights fitted without it (ten folds), so that the interval is not flattered. Where
there are more films, whose regression has seen none of them, weights are drawn towards what is best near an age there,
and the bounds of the interval take their shape from them (`boneage.training.belts`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boneage.combination import CombinationModel
from boneage.errors import UsageError
from boneage.software import WEIGHTS_FOLDER
from boneage.training.belts import Answered, fit_belts

Floats = NDArray[np.float64]

AGES: Final = tuple(float(age) for age in range(12, 229, 12))
"""Mean ages of the two routes, in months, at which the weights are given."""

AGREEMENT_MONTHS: Final = 25.0
"""The routes' difference that widens the interval by the square root of two.

Chosen among 15, 25 and none by halving `tune` ten times: films whose routes lie over 12 months apart were held in
98, 96 and 93 %."""
LEAST_LIMIT_MONTHS: Final = 24.0
"""The routes never contradict each other below this difference: about two of the widest reader-to-reader SDs."""
_TOLERATED: Final = 0.997
"""Share of the tune films whose routes must not be called contradicting."""
_LEAST_FILMS: Final = 100
_FOLDS: Final = 10
_KERNEL_MONTHS: Final = 24.0
_SHARED_FILMS: Final = 150.0
"""Weight, in films, of what is best on more films, or else over all ages, against what is best near an age."""


@dataclass(frozen=True, eq=False)
class RoutePairs:
    """Both routes' ages and the known age of n films, in months, and whether each is a boy; each of shape (n,)."""

    measured: Floats
    regressed: Floats
    known: Floats
    male: NDArray[np.bool_]

    def some(self, chosen: NDArray[np.bool_]) -> RoutePairs:
        """Return the chosen films."""
        return RoutePairs(self.measured[chosen], self.regressed[chosen], self.known[chosen], self.male[chosen])

    @property
    def apart(self) -> Floats:
        """How far the two routes lie apart."""
        return np.abs(self.measured - self.regressed)

    @property
    def regression(self) -> Answered:
        """The regression's answers alone."""
        return Answered(self.regressed, self.known, np.ones(len(self.known)), self.male)

    @property
    def middle(self) -> Floats:
        """Mean of the two routes."""
        return (self.measured + self.regressed) / 2


def read_pairs(answers: Path, labels: Path) -> RoutePairs:
    """Read the JSON files of ``boneage batch --output-dir`` and the ages of ``labels`` (id, sex, bone_age_months).

    Raises
    ------
    UsageError
        If an answer was changed by a site's calibration or by a reader (the combination is one of what the routes say
        by themselves), or fewer than 100 films have both routes and a label.
    """
    with labels.open(newline="", encoding="utf-8") as file:
        known = {row["id"]: (float(row["bone_age_months"]), row["sex"] == "M") for row in csv.DictReader(file)}
    rows = []
    for path in sorted(answers.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        estimates = document.get("estimates") or {}
        measured, regressed = estimates.get("measurement"), estimates.get("regression")
        if measured and regressed and path.stem in known:
            _check_untouched(document, path.stem)
            rows.append((measured["months"], regressed["months"], *known[path.stem]))
    if len(rows) < _LEAST_FILMS:
        msg = f"{len(rows)} films have both routes and a label"
        raise UsageError("too_few_films", msg, remedy=f"the combination is fitted on at least {_LEAST_FILMS}")
    measured, regressed, age, male = np.array(rows, dtype=float).T
    return RoutePairs(measured, regressed, age, male > 0)


def _check_untouched(document: Mapping[str, Any], film: str) -> None:
    """Refuse an answer that is not the routes' own."""
    if document.get("calibration"):
        msg = f"the answer of {film} has been corrected by a site's calibration"
        raise UsageError("already_calibrated", msg, remedy="read the films without --calibration")
    if document.get("reader_correction"):
        msg = f"the answer of {film} has been corrected by a reader"
        raise UsageError("corrected_by_reader", msg, remedy="give the answers as they were read")


def fit_combination(pairs: RoutePairs, *, fitted_on: str, held_out: RoutePairs | None = None) -> CombinationModel:
    """Fit weights, the belt of the interval and the limit of disagreement.

    Parameters
    ----------
    pairs:
        Films that neither route was fitted on (`tune`).
    fitted_on:
        All films behind the numbers, in words.
    held_out:
        More films, of which the regression has seen none. Weights are drawn towards theirs; they give the belts their
        shape, ``pairs`` then only their reach (`boneage.training.belts`).
    """
    answers = np.empty_like(pairs.known)
    fold = np.random.default_rng(0).permutation(len(answers)) % _FOLDS
    for number in range(_FOLDS):
        own = fold == number
        answers[own] = weighted(pairs.some(own), fit_weights(pairs.some(~own), held_out))
    weights = fit_weights(pairs, held_out)
    limit = round(max(LEAST_LIMIT_MONTHS, float(np.quantile(pairs.apart, _TOLERATED))), 1)
    more = None
    if held_out is not None:
        kept = held_out.some(held_out.apart <= limit)
        more = _answered(kept, weighted(kept, weights))
    belts = fit_belts(_answered(pairs, answers), more)
    return CombinationModel(
        ages=AGES,
        measurement_weight=weights,
        belt_ages=tuple(float(age) for age in belts["M"].ages),
        low={sex: rounded(belt.low) for sex, belt in belts.items()},
        high={sex: rounded(belt.high) for sex, belt in belts.items()},
        agreement_months=AGREEMENT_MONTHS,
        disagreement_limit_months=limit,
        fitted_on=fitted_on,
    )


def _answered(pairs: RoutePairs, months: Floats) -> Answered:
    return Answered(months, pairs.known, np.hypot(1.0, pairs.apart / AGREEMENT_MONTHS), pairs.male)


def fit_weights(pairs: RoutePairs, held_out: RoutePairs | None = None) -> tuple[float, ...]:
    """Return the weight of the measurement route at each of `AGES` that makes the mean absolute difference least.

    Films count by a normal kernel of 24 months about the age. To them come 150 films more: with the errors of the
    held-out films near the age, or, where there are none, of all films.
    """
    grid = np.linspace(0, 1, 51)
    errors = _errors(pairs, grid)
    many = None if held_out is None else _errors(held_out, grid)
    weights = []
    for age in AGES:
        if held_out is None or many is None:
            shared = errors.mean(axis=1)
        else:
            shared = np.average(many, axis=1, weights=_near(held_out, age))
        weights.append(round(float(grid[np.argmin(errors @ _near(pairs, age) + _SHARED_FILMS * shared)]), 2))
    return tuple(weights)


def _errors(pairs: RoutePairs, grid: Floats) -> Floats:
    """Return the absolute errors (k, n) of n films under k weights of the measurement route."""
    return np.abs(grid[:, None] * pairs.measured + (1 - grid[:, None]) * pairs.regressed - pairs.known)


def _near(pairs: RoutePairs, age: float) -> Floats:
    return np.exp(-0.5 * ((pairs.middle - age) / _KERNEL_MONTHS) ** 2)


def weighted(pairs: RoutePairs, weights: tuple[float, ...]) -> Floats:
    """Return the answers (n,) under weights given at `AGES`."""
    weight = np.interp(pairs.middle, AGES, weights)
    return weight * pairs.measured + (1 - weight) * pairs.regressed


def rounded(bounds: Floats) -> tuple[float, ...]:
    """Return bounds in months to two decimals, as they are kept."""
    return tuple(round(float(bound), 2) for bound in bounds)


def ship_combination(model: CombinationModel, folder: Path = WEIGHTS_FOLDER) -> Path:
    """Write the fitted model into the package and return its path."""
    path = folder / "combination.json"
    path.write_text(json.dumps(asdict(model), indent=2) + "\n", encoding="utf-8")
    return path
