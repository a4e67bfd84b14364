"""What a site's calibration does by the number of its films and the size of its shift, on films with known labels.

A site is made of films drawn at random, with a shift put on their readings. It is calibrated, and judged on all films
that were not drawn, with the same shift on theirs: so without a shift it shows what harm the calibration may do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from boneage.calibration.fit import RouteFilms, fit_route
from boneage.calibration.validate import correct_films

FILMS: Final = (30, 50, 100, 150)
SHIFTS_MONTHS: Final = (0.0, 3.2, 5.0, 7.0)
"""3.2 and 7.0 months are the ends of what has been published for three networks on normal children elsewhere."""
DRAWS: Final = 100
SEED: Final = 0


@dataclass(frozen=True)
class SitePoint:
    """Sites of one size and shift.

    Attributes
    ----------
    films, shift_months, draws:
        Films of a site, shift of its readings, number of sites drawn.
    others:
        Films that a site is judged on.
    mad_before, mad_after:
        Mean absolute difference in months on these, mean over the sites.
    worst_change, best_change:
        97.5th and 2.5th percentile over the sites of the change of the mean absolute difference.
    corrected:
        Percentage of the corrections (one for each sex) that moved ages at all.
    coverage_after:
        Percentage of readings in the 95 % interval after, mean over the sites.
    """

    films: int
    shift_months: float
    draws: int
    others: int
    mad_before: float
    mad_after: float
    worst_change: float
    best_change: float
    corrected: float
    coverage_after: float


def site_points(
    films: RouteFilms,
    *,
    sizes: Sequence[int] = FILMS,
    shifts: Sequence[float] = SHIFTS_MONTHS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Iterator[SitePoint]:
    """Calibrate made-up sites.

    Parameters
    ----------
    films:
        Answers and labels of many films.
    sizes, shifts:
        Films of a site, and months that its readings lie above the labels.
    draws, seed:
        Sites of each size and shift, and what they are drawn with; the same films are drawn for every shift.
    """
    for size in sizes:
        for shift in shifts:
            generator = np.random.default_rng([seed, size])
            shifted = replace(films, readings=films.readings + shift)
            yield _point(shifted, size, shift, [generator.permutation(films.answers.size) for _ in range(draws)])


def _point(films: RouteFilms, size: int, shift: float, orders: Sequence[np.ndarray]) -> SitePoint:
    before, after, covered, moved = [], [], [], []
    for order in orders:
        fitted, others = fit_route(films.take(order[:size])), films.take(order[size:])
        months, low, high = correct_films(fitted, others)
        before.append(float(np.abs(others.differences).mean()))
        after.append(float(np.abs(months - others.readings).mean()))
        covered.append(float(((low <= others.readings) & (others.readings <= high)).mean()))
        moved += [correction.kept in {"offset", "line"} for correction in fitted.by_sex.values()]
    best, worst = np.percentile(np.subtract(after, before), [2.5, 97.5])
    return SitePoint(
        films=size,
        shift_months=shift,
        draws=len(orders),
        others=films.answers.size - size,
        mad_before=float(np.mean(before)),
        mad_after=float(np.mean(after)),
        worst_change=float(worst),
        best_change=float(best),
        corrected=100.0 * float(np.mean(moved)),
        coverage_after=100.0 * float(np.mean(covered)),
    )


def to_markdown(points: Sequence[SitePoint]) -> str:
    """Return the points as a Markdown table."""
    lines = [
        "| films | shift | MAD before | MAD after | 95 % of changes | corrections that move | in interval after |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {point.films} | {point.shift_months:g} | {point.mad_before:.2f} | {point.mad_after:.2f} | "
        f"{point.best_change:+.2f} to {point.worst_change:+.2f} | {point.corrected:.0f} % | "
        f"{point.coverage_after:.1f} % |"
        for point in points
    ]
    return "\n".join(lines) + "\n"


def to_csv(points: Sequence[SitePoint]) -> str:
    """Return the points as a CSV."""
    names = list(SitePoint.__dataclass_fields__)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([f"{getattr(point, name):.6g}" for name in names] for point in points)
    return buffer.getvalue()
