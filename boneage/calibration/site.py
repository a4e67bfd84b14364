"""A site's correction: how an age and its interval are moved, by route and sex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from boneage.combination import OLDEST_MONTHS, YOUNGEST_MONTHS

Interval = tuple[float, float]
Kept = Literal["few_films", "none", "offset", "line"]
"""What the films of one sex gave reason for: too few films to say, nothing, one offset, or an offset and a slope."""


ROUTES: Final = ("combined", "measurement", "regression")
"""The answers that are corrected, named as the method of a bone age."""


@dataclass(frozen=True)
class Correction:
    """How the ages of one route and sex are moved; that of the defaults moves nothing.

    Attributes
    ----------
    films:
        Number of films that it was fitted on.
    kept:
        What they gave reason for.
    offset_months, slope, centre_months:
        ``corrected = age + offset + (slope - 1) * (age - centre)``.
    range_months:
        Youngest and oldest answer among the films; beyond it the shift stays what it is at that end.
    """

    films: int = 0
    kept: Kept = "few_films"
    offset_months: float = 0.0
    slope: float = 1.0
    centre_months: float = 0.0
    range_months: Interval = (YOUNGEST_MONTHS, OLDEST_MONTHS)

    def shift(self, months: float) -> float:
        """Return by how many months an age is moved."""
        low, high = self.range_months
        inside = min(max(months, low), high)
        return self.offset_months + (self.slope - 1) * (inside - self.centre_months)

    def holds(self, months: float) -> bool:
        """Return whether an age lies among those that the correction was fitted on."""
        return self.range_months[0] <= months <= self.range_months[1]


@dataclass(frozen=True)
class RouteCalibration:
    """The corrections of one route.

    Attributes
    ----------
    by_sex:
        ``M`` and ``F`` to the correction of that sex.
    interval_scale:
        Factor, never below 1, on both halves of the interval of each corrected sex.
    """

    by_sex: Mapping[str, Correction]
    interval_scale: float = 1.0

    def stretch(self, sex: str) -> float:
        """Return the factor on the halves of an interval: never below 1, so that no interval gets narrower."""
        correction = self.by_sex[sex]
        return 1.0 if correction.kept == "few_films" else self.interval_scale * max(1.0, correction.slope)

    def correct(self, sex: str, months: float, interval_95: Interval) -> tuple[float, Interval]:
        """Return an age and its 95 % interval, moved and widened, within 0 to 240 months.

        An end of the interval that lies on one of these limits was cut there; that half is taken to be as long as the
        other one, so that an age moved away from the limit does not keep the cut half.
        """
        correction = self.by_sex[sex]
        if correction.kept == "few_films":
            return months, interval_95
        low, high = interval_95
        below, above = months - low, high - months
        below = max(below, above) if low <= YOUNGEST_MONTHS else below
        above = max(below, above) if high >= OLDEST_MONTHS else above
        moved = _within_limits(months + correction.shift(months))
        stretch = self.stretch(sex)
        return moved, (_within_limits(moved - below * stretch), _within_limits(moved + above * stretch))


def _within_limits(months: float) -> float:
    return min(max(months, YOUNGEST_MONTHS), OLDEST_MONTHS)


@dataclass(frozen=True)
class Origin:
    """What gave the answers that a calibration was fitted on.

    Attributes
    ----------
    version:
        Of the program.
    prior:
        Prior over age of the measurement route, empty where it is not known.
    models:
        Network to the hash of its weights.
    references:
        Reference table of the lookup to its version, empty where it is not known.
    combination:
        Hash of the numbers that weigh the two routes, empty where it is not known.
    """

    version: str
    prior: str
    models: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    combination: str = ""


@dataclass(frozen=True)
class SiteCalibration:
    """A calibration that may be applied.

    Attributes
    ----------
    name:
        Of the site, shown on every result.
    created:
        Day of the fit, ``YYYY-MM-DD``.
    origin:
        What it was fitted with.
    routes:
        Route (of `ROUTES`) to its corrections; a route that was not fitted is missing.
    sha256:
        Hash of the file that it was read from.
    """

    name: str
    created: str
    origin: Origin
    routes: Mapping[str, RouteCalibration]
    sha256: str = ""
