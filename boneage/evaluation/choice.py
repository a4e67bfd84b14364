"""Some films out of many, spread over all of them or over age and sex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from boneage.evaluation.gallery_films import some_of_each_year
from boneage.evaluation.labels import Label

Item = TypeVar("Item")


def spread_evenly(items: Sequence[Item], number: int) -> tuple[Item, ...]:
    """Return so many items, evenly spread over all of them in their order; all of them for 0.

    Examples
    --------
    >>> spread_evenly("abcdef", 3)
    ('a', 'c', 'e')
    """
    if not number or number >= len(items):
        return tuple(items)
    return tuple(items[place * len(items) // number] for place in range(number))


def some_of_all_ages(labels: Iterable[Label], number: int, *, seed: int = 0) -> tuple[Label, ...]:
    """Draw so many labelled films of all ages and both sexes, the youngest first; all of them for 0.

    Parameters
    ----------
    labels:
        To draw from.
    number:
        So many of them; as many of every year of age as can be.
    seed:
        Another one draws other films.
    """
    known = tuple(labels)
    if not number or number >= len(known):
        return tuple(sorted(known, key=lambda label: label.months))
    per_year = 1
    while len(drawn := some_of_each_year(known, per_year=per_year, seed=seed)) < number:
        per_year += 1
    return spread_evenly(drawn, number)
