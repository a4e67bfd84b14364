"""Subsets of labelled films: nested, stratified, another one for each seed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from drawn_films import record

from boneage.errors import UsageError
from boneage.experiments.subsets import fingerprint, nested_order, subset

RANDOM = np.random.default_rng(3)
AGES = np.clip(RANDOM.normal(127, 41, 2000), 1, 228)
RECORDS = [
    record(str(n), sex="M" if RANDOM.random() < 0.54 else "F", bone_age_months=float(age)) for n, age in enumerate(AGES)
]
STRATUM = {one.id: (one.sex, int(one.bone_age_months // 12)) for one in RECORDS}


@pytest.mark.parametrize("seed", [0, 1])
def test_smaller_subsets_lie_within_larger_ones(seed: int) -> None:
    sizes = [50, 100, 200, 500, 1000, 2000]
    subsets = [set(subset(RECORDS, size, seed)) for size in sizes]
    assert [len(one) for one in subsets] == sizes
    assert all(small < large for small, large in pairwise(subsets))
    assert subsets[-1] == set(STRATUM)


@pytest.mark.parametrize("size", [50, 200, 1000])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_sex_and_year_has_its_share_to_within_one_film(size: int, seed: int) -> None:
    everyone = Counter(STRATUM.values())
    chosen = Counter(STRATUM[film_id] for film_id in subset(RECORDS, size, seed))
    # The beginning is cut by number of films, so the share is that of the cut's own place, near size / all.
    assert max(abs(chosen[key] - count * size / len(RECORDS)) for key, count in everyone.items()) < 1.5


def test_a_seed_gives_its_films_again_and_another_seed_others() -> None:
    first = subset(RECORDS, 100, 0)
    assert first == subset(list(reversed(RECORDS)), 100, 0)
    assert len(set(first) & set(subset(RECORDS, 100, 1))) < 30
    assert sorted(nested_order(RECORDS, 4)) == sorted(STRATUM)


@pytest.mark.parametrize("size", [0, 2001])
def test_more_films_than_there_are_cannot_be_taken(size: int) -> None:
    with pytest.raises(UsageError) as caught:
        subset(RECORDS, size, 0)
    assert caught.value.code == "subset_size"


def test_fingerprints_tell_inputs_apart() -> None:
    assert fingerprint(["1", "2"], 300) == fingerprint(["1", "2"], 300)
    assert len({fingerprint(["1", "2"], 300), fingerprint(["1", "2"], 301), fingerprint(["12"], 300)}) == 3
