"""Made-up sites for the tests of calibration: answers and readings with a known relation, and corrections."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from boneage import __version__
from boneage.calibration.fit import RouteFilms
from boneage.calibration.origin import origin_of
from boneage.calibration.site import Correction, RouteCalibration, SiteCalibration
from boneage.options import EstimateOptions
from boneage.rooms import Rooms

VERSION = __version__


def made_films(
    count: int,
    *,
    offset: float = 0.0,
    slope: float = 1.0,
    noise: float = 6.0,
    seed: int = 0,
    ages: tuple[float, float] = (40.0, 200.0),
    half: float = 20.0,
) -> RouteFilms:
    """Films of both sexes in turn: ``reading = 120 + slope * (age - 120) + offset``, noise on answer and reading."""
    generator = np.random.default_rng(seed)
    age = generator.uniform(*ages, count)
    answers = age + generator.normal(0, noise, count)
    readings = 120 + slope * (age - 120) + offset + generator.normal(0, noise, count)
    sexes = np.where(np.arange(count) % 2 == 0, "M", "F")
    return RouteFilms(answers, readings, answers - half, answers + half, sexes)


def shifted_by(months: float, **changes: Any) -> Correction:
    """A correction by one offset, fitted between 40 and 200 months."""
    fields = {"films": 50, "kept": "offset", "offset_months": months, "range_months": (40.0, 200.0), **changes}
    return Correction(**fields)  # type: ignore[arg-type]


def made_site(rooms: Rooms, options: EstimateOptions | None = None, **changes: Any) -> SiteCalibration:
    """A calibration fitted with these rooms: boys 6 months up (both routes 6), girls with too few films."""
    by_sex = {"M": shifted_by(6.0), "F": Correction(films=5)}
    fields: dict[str, Any] = {
        "name": "Hospital X",
        "created": "2026-01-31",
        "origin": origin_of(rooms, options or EstimateOptions()),
        "routes": {route: RouteCalibration(by_sex, 1.25) for route in ("combined", "measurement", "regression")},
        "sha256": "ab" * 32,
        **changes,
    }
    return SiteCalibration(**fields)


def plain(value: Any) -> Any:
    """A dataclass as plain mappings, to compare."""
    return asdict(value)
