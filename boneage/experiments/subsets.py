"""Nested subsets of labelled films, each stratified by sex and age.

All films are put into one order whose every beginning is a stratified subset, so that the 100 films of a seed hold its
50. Within each stratum (sex and year of age) the films are shuffled; the k-th of m comes at ``(k + u) / m`` of the way,
with one random ``u`` a stratum. Any beginning then holds each stratum's share of it, to within about one film. The
order depends on the labels and the seed alone, never on which films a network could read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from boneage.errors import UsageError
from boneage.training.films import FilmRecord

YEAR: Final = 12.0
"""Width of an age stratum in months."""

_STREAM: Final = 50_100
"""Keeps these random numbers apart from those of the training with the same seed."""


def nested_order(records: Sequence[FilmRecord], seed: int) -> list[str]:
    """Return the ids of all films in an order whose every beginning is stratified by sex and year of age."""
    generator = np.random.default_rng([seed, _STREAM])
    strata: dict[tuple[str, int], list[str]] = {}
    for record in sorted(records, key=lambda one: one.id):
        strata.setdefault((record.sex, int(record.bone_age_months // YEAR)), []).append(record.id)
    places: list[tuple[float, str]] = []
    for key in sorted(strata):
        ids = strata[key]
        offset = generator.random()
        places += [
            ((number + offset) / len(ids), ids[int(chosen)])
            for number, chosen in enumerate(generator.permutation(len(ids)))
        ]
    return [film_id for _, film_id in sorted(places)]


def subset(records: Sequence[FilmRecord], count: int, seed: int) -> list[str]:
    """Return the ids of ``count`` films of a seed, sorted.

    Raises
    ------
    UsageError
        With code ``subset_size`` if there are not so many films.
    """
    if not 0 < count <= len(records):
        msg = f"{count} of {len(records)} labelled films cannot be taken"
        raise UsageError("subset_size", msg, remedy=f"name a size from 1 to {len(records)}, or all")
    return sorted(nested_order(records, seed)[:count])


def fingerprint(*parts: object) -> str:
    """Return a short hash of what an outcome depends on."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
