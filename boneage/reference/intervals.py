"""Reading ages off a density: correction, mean and the shortest interval that holds a share of it."""

from __future__ import annotations

import numpy as np

from boneage.reference.measurement_table import Curve, Floats


def mean_age(log_likelihood: Floats, ages: Floats) -> float:
    """Return the mean of the normalised likelihood."""
    density = np.exp(log_likelihood - log_likelihood.max())
    return float(ages @ density / density.sum())


def warp(ages: Floats, correction: Curve) -> Floats:
    """Return corrected ages: each plus its shift, in the same order, not below 0."""
    return np.maximum.accumulate(np.maximum(ages + correction.at(ages), 0.0))


def shortest_interval(ages: Floats, density: Floats, *, mass: float = 0.95) -> tuple[float, float]:
    """Return the shortest interval of ages that holds a share of a density.

    Away from the ends of the grid it hardly differs from the central interval; where the density piles up at an end (a
    skeleton that has stopped changing), the central one would shut that end out.

    Parameters
    ----------
    ages, density:
        Rising grid in months and its probabilities, shape (g,); each grid age stands for the months round it.
    """
    low, high = shortest_intervals(ages, density[None, :], mass=mass)[0]
    return float(low), float(high)


def shortest_intervals(ages: Floats, densities: Floats, *, mass: float = 0.95) -> Floats:
    """Return the shortest intervals of many densities, shape (n, g) to (n, 2); see `shortest_interval`."""
    edges = np.concatenate([ages[:1], (ages[1:] + ages[:-1]) / 2, ages[-1:]])
    cumulative = np.zeros((len(densities), edges.size))
    np.cumsum(densities, axis=1, out=cumulative[:, 1:])
    cumulative /= cumulative[:, -1:]
    starts = np.broadcast_to(edges, cumulative.shape)
    ends = _where_reached(cumulative, cumulative + mass, edges)
    last = np.full((len(densities), 1), 1 - mass)  # the interval that ends where the grid ends may begin between edges
    low = np.concatenate([starts, _where_reached(cumulative, last, edges)], axis=1)
    high = np.concatenate([ends, np.full_like(last, edges[-1])], axis=1)
    width = high - low
    best = np.argmin(np.where(np.isnan(width), np.inf, width), axis=1)
    rows = np.arange(len(best))
    return np.column_stack([low[rows, best], high[rows, best]])


def _where_reached(cumulative: Floats, targets: Floats, edges: Floats) -> Floats:
    """Return where each row of cumulative shares reaches its targets, ``nan`` for targets outside 0 to 1."""
    rows = np.arange(len(cumulative))[:, None]
    inside = np.clip(targets, 0.0, 1.0)
    flat = np.searchsorted((cumulative + 2.0 * rows).ravel(), (inside + 2.0 * rows).ravel())
    place = np.clip(flat.reshape(targets.shape) - rows * edges.size, 1, edges.size - 1)
    below, above = cumulative[rows, place - 1], cumulative[rows, place]
    part = np.clip((inside - below) / np.maximum(above - below, 1e-300), 0.0, 1.0)
    found = edges[place - 1] + part * (edges[place] - edges[place - 1])
    return np.where(np.abs(targets - inside) > 1e-9, np.nan, found)
