"""How well a measurement repeats: the spread within a film, over the ways in which it may come.

For each film the standard deviation of a measurement over its variants is taken, and pooled over films as the root mean
square; the coefficient of variation likewise, each film's standard deviation first divided by the mean of its absolute
values (Glüer CC et al., *Accurate assessment of precision errors*, Osteoporos Int 1995;5:262-270).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from boneage.evaluation.metrics import Floats, root_mean_square
from boneage.evaluation.repeat_reading import AGE, RepeatedReading
from boneage.evaluation.variants import ORIGINAL

ALL: Final = "all"
"""Stands for all variants together."""

NEAR_ZERO: Final = frozenset(
    {
        *("gap_ratio", "gap_px", "plate_contrast", "fusion", "joint_space_ratio", "variance_ratio", "contrast"),
        *("area_share", "centres"),
    }
)
"""Kinds that may be zero or nearly so, or are counts: a share of their mean says nothing, so they have an SD alone."""


@dataclass(frozen=True)
class Repeatability:
    """How one measurement repeats.

    Attributes
    ----------
    name:
        Of the measurement, ``<bone>.<kind>``.
    variant:
        Of the film, against the film as it is; ``all`` for all together.
    film_names:
        Of the films behind it: those that have the measurement at least twice.
    film_sd:
        Standard deviation within each of those films, shape (films,).
    film_cv:
        The same over the film's mean absolute value; ``nan`` where that is zero or the kind has no such figure.
    film_mean:
        Mean of each of those films.
    film_largest:
        Largest absolute difference of a variant from the film as it is; ``nan`` where the latter has none.
    unequal:
        Share of answered variants that have the measurement where the film as it is has not, or the other way round.
    """

    name: str
    variant: str
    film_names: tuple[str, ...] = ()
    film_sd: Floats = field(default_factory=lambda: np.zeros(0))
    film_cv: Floats = field(default_factory=lambda: np.zeros(0))
    film_mean: Floats = field(default_factory=lambda: np.zeros(0))
    film_largest: Floats = field(default_factory=lambda: np.zeros(0))
    unequal: float = float("nan")

    @property
    def films(self) -> int:
        """Number of films behind it."""
        return len(self.film_names)

    @property
    def kind(self) -> str:
        """What is measured, without the bone."""
        return kind_of(self.name)

    @property
    def sd(self) -> float:
        """Pooled standard deviation within films, in the unit of the measurement."""
        return finite_root_mean_square(self.film_sd)

    @property
    def cv(self) -> float:
        """Pooled coefficient of variation in percent; ``nan`` where the measurement may be near zero."""
        return 100 * finite_root_mean_square(self.film_cv)

    @property
    def between_sd(self) -> float:
        """Standard deviation of the films' means: what the spread within a film is to be compared with."""
        return float(np.std(self.film_mean, ddof=1)) if self.films > 1 else float("nan")


def kind_of(name: str) -> str:
    """Return the part of a measurement's name after the dot."""
    return name.partition(".")[2]


def finite_root_mean_square(values: Floats) -> float:
    """Return the root mean square of the finite values, ``nan`` where there is none."""
    known = values[np.isfinite(values)]
    return float(root_mean_square(known)) if known.size else float("nan")


ByFilm = Mapping[str, Mapping[str, RepeatedReading]]
"""Film to variant to its reading."""


def by_film(readings: Iterable[RepeatedReading]) -> dict[str, dict[str, RepeatedReading]]:
    """Sort readings by film and variant; films that were not answered as they are are left out."""
    films: dict[str, dict[str, RepeatedReading]] = {}
    for reading in readings:
        films.setdefault(reading.film, {})[reading.variant] = reading
    return {
        name: variants
        for name, variants in films.items()
        if ORIGINAL.name in variants and variants[ORIGINAL.name].status == "ok"
    }


def repeatability(readings: ByFilm, names: Sequence[str], variants: Sequence[str]) -> tuple[Repeatability, ...]:
    """Return the figures of every measurement: all variants together, then each against the film as it is."""
    return tuple(
        _figures(readings, name, variant, variants if variant == ALL else (variant,))
        for name in names
        for variant in (ALL, *variants)
    )


def names_of(readings: ByFilm) -> tuple[str, ...]:
    """Return the names of everything measured on any film, in the order in which they first appear."""
    return tuple(
        dict.fromkeys(
            name for variants in readings.values() for reading in variants.values() for name in reading.values
        )
    )


def _figures(readings: ByFilm, name: str, label: str, variants: Sequence[str]) -> Repeatability:
    names, spread, relative, means, largest, unequal = [], [], [], [], [], []
    has_cv = kind_of(name) not in NEAR_ZERO and not name.startswith(AGE)
    for film, found in readings.items():
        first = found[ORIGINAL.name].values.get(name, np.nan)
        answered = [found[variant] for variant in variants if variant in found and found[variant].status == "ok"]
        others = np.array([reading.values.get(name, np.nan) for reading in answered], dtype=float)
        unequal += (np.isfinite(others) != np.isfinite(first)).tolist()
        values = np.append(others, first)
        values = values[np.isfinite(values)]
        if values.size < 2:
            continue
        size = float(np.mean(np.abs(values)))
        names.append(film)
        spread.append(float(np.std(values, ddof=1)))
        relative.append(spread[-1] / size if has_cv and size > 0 else np.nan)
        means.append(float(np.mean(values)))
        differences = np.abs(others - first)
        largest.append(float(np.nanmax(differences)) if np.isfinite(differences).any() else np.nan)
    return Repeatability(
        name,
        label,
        tuple(names),
        np.array(spread),
        np.array(relative),
        np.array(means),
        np.array(largest),
        float(np.mean(unequal)) if unequal else float("nan"),
    )
