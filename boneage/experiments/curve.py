"""The figures of the learning curve: error by route and number of labels, on the films that every point answers.

Intervals are percentile bootstrap intervals. A sample draws the judged films anew, the same for all points, and for
each route and size its seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boneage.evaluation.metrics import RESAMPLES, SEED, Figure
from boneage.experiments.crossing import Crossing, Line, summary
from boneage.experiments.points import ROUTES, Point, Route

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SizeFigure:
    """The mean absolute difference of a route at a size, over its seeds, in months."""

    route: Route
    n: int
    seeds: tuple[int, ...]
    mad: Figure


@dataclass(frozen=True)
class Curve:
    """The learning curve.

    Attributes
    ----------
    films:
        Judged films that every point answers.
    left_out:
        Judged films that some point does not answer.
    points:
        Each point and its mean absolute difference in months.
    sizes:
        The same over the seeds of a route and size.
    differences:
        Other route and size to its error minus that of the measurement, on the same films.
    extra_labels:
        Annotated films that a route needs besides its age labels.
    crossings:
        Other route to the number of age labels from which on it is better than the measurement; none where either is
        missing.
    crossings_all_labels:
        The same, the annotated films of each route counted.
    """

    films: int
    left_out: int
    points: tuple[tuple[Point, Figure], ...]
    sizes: tuple[SizeFigure, ...]
    differences: dict[tuple[Route, int], Figure]
    extra_labels: dict[Route, int]
    crossings: dict[Route, Crossing]
    crossings_all_labels: dict[Route, Crossing]


def current_points(points: Sequence[Point]) -> list[Point]:
    """Leave out points of a route that were made from other measured rows than its newest point."""
    newest = {point.key.route: point.source for point in sorted(points, key=lambda point: point.date)}
    return [point for point in points if point.source == newest[point.key.route]]


def learning_curve(
    points: Sequence[Point],
    ages: Mapping[str, float],
    extra_labels: Mapping[Route, int],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Curve:
    """Compute the figures of finished points.

    Parameters
    ----------
    points:
        At least one.
    ages:
        Film id to labelled age in months.
    extra_labels:
        Annotated films that a route needs besides its age labels.
    resamples, seed:
        Of the bootstrap.
    """
    ids = sorted(set.intersection(*(set(point.answers) for point in points)) & set(ages))
    everyone = set().union(*(point.answers for point in points))
    known = np.array([ages[film_id] for film_id in ids])
    errors = np.array([[abs(point.answers[i] - age) for i, age in zip(ids, known, strict=True)] for point in points])
    random = np.random.default_rng(seed)
    counts = random.multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=resamples)
    drawn = counts @ errors.T / len(ids)  # (resamples, points)
    plain = errors.mean(axis=1)
    sizes, values, samples = [], {}, {}
    for route, n in sorted({(p.key.route, p.key.n) for p in points}, key=lambda key: (ROUTES.index(key[0]), key[1])):
        places = np.array([i for i, p in enumerate(points) if (p.key.route, p.key.n) == (route, n)])
        seeds = random.integers(0, places.size, size=(resamples, places.size))
        values[route, n] = float(plain[places].mean())
        samples[route, n] = np.take_along_axis(drawn[:, places], seeds, axis=1).mean(axis=1)
        figure = _figure(values[route, n], samples[route, n])
        sizes.append(SizeFigure(route, n, tuple(points[int(i)].key.seed for i in places), figure))
    differences: dict[tuple[Route, int], Figure] = {
        (route, n): _figure(value - values["measurement", n], samples[route, n] - samples["measurement", n])
        for (route, n), value in values.items()
        if route != "measurement" and ("measurement", n) in values
    }
    extra = {route: extra_labels[route] for route in ROUTES}
    return Curve(
        films=len(ids),
        left_out=len(everyone - set(ids)),
        points=tuple((point, _figure(plain[i], drawn[:, i])) for i, point in enumerate(points)),
        sizes=tuple(sizes),
        differences=differences,
        extra_labels=extra,
        crossings=_crossings(values, samples, dict.fromkeys(ROUTES, 0)),
        crossings_all_labels=_crossings(values, samples, extra),
    )


def _figure(value: float, samples: Floats) -> Figure:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Figure(float(value), float(low), float(high))


def _crossings(
    values: Mapping[tuple[Route, int], float],
    samples: Mapping[tuple[Route, int], Floats],
    extra: Mapping[Route, int],
) -> dict[Route, Crossing]:
    """Return where each other route crosses the measurement; those that cannot be compared are left out."""

    def line(route: Route, errors: Mapping[tuple[Route, int], Floats | float], stack: Callable[..., Floats]) -> Line:
        sizes = sorted(n for one, n in values if one == route)
        return Line(np.array([float(n + extra[route]) for n in sizes]), stack([errors[route, n] for n in sizes]))

    found: dict[Route, Crossing] = {}
    there = [route for route in ROUTES if any(one == route for one, _ in values)]
    if "measurement" not in there:
        return found
    for route in there[1:]:
        pair: tuple[Route, Route] = ("measurement", route)
        first, second = (line(one, values, np.array) for one in pair)
        drawn = [line(one, samples, np.column_stack) for one in pair]
        with suppress(ValueError):  # no number of labels in common
            found[route] = summary(first, second, (drawn[0], drawn[1]))
    return found
