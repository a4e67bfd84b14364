"""Fitting how the two routes are combined, on films that neither was fitted on (`tune`)."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.combination import Z_95, CombinationModel, RouteAge, combine
from boneage.errors import Refusal, UsageError
from boneage.software import WEIGHTS_FOLDER

Floats = NDArray[np.float64]

LEAST_LIMIT_MONTHS: Final = 24.0
"""The routes never contradict each other below this difference: about two of the widest reader-to-reader SDs."""
_TOLERATED: Final = 0.997
"""Share of the tune films whose routes must not be called contradicting."""
_LEAST_FILMS: Final = 100


@dataclass(frozen=True, eq=False)
class RoutePairs:
    """Both routes' ages and interval SDs and the known age of n films, in months, each of shape (n,)."""

    measured: Floats
    measured_sd: Floats
    regressed: Floats
    regressed_sd: Floats
    known: Floats


def read_pairs(answers: Path, labels: Path) -> RoutePairs:
    """Read the JSON files of ``boneage batch --output-dir`` and the ages of ``labels`` (id, bone_age_months).

    Raises
    ------
    UsageError
        If fewer than 100 films have both routes and a label.
    """
    with labels.open(newline="", encoding="utf-8") as file:
        known = {row["id"]: float(row["bone_age_months"]) for row in csv.DictReader(file)}
    rows = []
    for path in sorted(answers.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        estimates = document.get("estimates") or {}
        measured, regressed = estimates.get("measurement"), estimates.get("regression")
        if measured and regressed and path.stem in known:
            sds = [(route["interval_95"][1] - route["interval_95"][0]) / (2 * Z_95) for route in (measured, regressed)]
            rows.append((measured["months"], sds[0], regressed["months"], sds[1], known[path.stem]))
    if len(rows) < _LEAST_FILMS:
        msg = f"{len(rows)} films have both routes and a label"
        raise UsageError("too_few_films", msg, remedy=f"the combination is fitted on at least {_LEAST_FILMS}")
    return RoutePairs(*np.array(rows, dtype=float).T)


def fit_combination(pairs: RoutePairs, *, fitted_on: str) -> CombinationModel:
    """Fit weights, interval and the limit of disagreement.

    Each route's SDs are scaled to the spread of its errors, their correlation is that of the scaled errors, and the
    combined interval is scaled, split-conformally, to hold 95 % of the films, but never below 1: weights fitted on the
    same films flatter it, and an interval that is too wide does less harm than one too narrow.
    """
    error_m, error_r = pairs.measured - pairs.known, pairs.regressed - pairs.known
    scale_m = float(np.sqrt(np.mean((error_m / pairs.measured_sd) ** 2)))
    scale_r = float(np.sqrt(np.mean((error_r / pairs.regressed_sd) ** 2)))
    z_m, z_r = error_m / (pairs.measured_sd * scale_m), error_r / (pairs.regressed_sd * scale_r)
    correlation = float(np.clip(np.mean(z_m * z_r), -0.9, 0.9))
    sd_m, sd_r = pairs.measured_sd * scale_m, pairs.regressed_sd * scale_r
    expected = np.sqrt(sd_m**2 + sd_r**2 - 2 * correlation * sd_m * sd_r)
    apart = np.quantile(np.abs(pairs.measured - pairs.regressed) / expected, _TOLERATED)
    model = CombinationModel(
        measurement_sd_scale=round(scale_m, 4),
        regression_sd_scale=round(scale_r, 4),
        error_correlation=round(correlation, 4),
        disagreement_limit_months=LEAST_LIMIT_MONTHS,
        disagreement_limit_sds=round(float(apart), 2),
        fitted_on=fitted_on,
    )
    ratios = []
    for measured, sd_one, regressed, sd_two, known in zip(
        pairs.measured, pairs.measured_sd, pairs.regressed, pairs.regressed_sd, pairs.known, strict=True
    ):
        routes = [
            RouteAge(age, (age - Z_95 * sd, age + Z_95 * sd)) for age, sd in ((measured, sd_one), (regressed, sd_two))
        ]
        try:
            both = combine(routes[0], routes[1], model)
        except Refusal:
            continue
        half = max(both.months - both.interval_95[0], both.interval_95[1] - both.months, 0.1)
        ratios.append(abs(both.months - known) / half)
    ordered = np.sort(ratios)
    rank = min(len(ordered), int(np.ceil(0.95 * (len(ordered) + 1))))
    return CombinationModel(**{**asdict(model), "interval_scale": round(max(1.0, float(ordered[rank - 1])), 4)})


def ship_combination(model: CombinationModel, folder: Path = WEIGHTS_FOLDER) -> Path:
    """Write the fitted model into the package and return its path."""
    path = folder / "combination.json"
    path.write_text(json.dumps(asdict(model), indent=2) + "\n", encoding="utf-8")
    return path
