"""Ages of the training films by networks that have not seen them: each half of the films by one fitted on the other.

The shipped networks have seen every ``train`` film, so their errors there are too small to say how far an answer may
lie off. These say it of ten times as many films as ``tune`` has.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from boneage.training.films import Films
from boneage.training.regional import DISTRIBUTION, PEAK_RATE
from boneage.training.regression import FilmSource, FitPlan, fit_network, open_source, predict_ages
from boneage.training.regression_answers import halved

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class HeldOutOptions:
    """Options of `boneage train held-out`."""

    run_dir: Path
    cache: Path
    epochs: int = 13
    batch: int = 32
    seed: int = 0


def halves(films: Films, numbers: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return two halves of some films (by their place) that are alike: in the order of sex and age they go by turns."""

    def sex_and_age(number: int) -> tuple[str, float, str]:
        record = films.records[number]
        return record.sex, record.bone_age_months, record.id

    order = sorted(numbers, key=sex_and_age)
    return order[::2], order[1::2]


def read_held_out(options: HeldOutOptions) -> dict[str, float]:
    """Fit one network on each half of the ``train`` films and return each film's age in months by the other's."""
    source = open_source(options.cache)
    first, second = halves(source.films, source.usable("train"))
    ages = dict[str, float]()
    for name, seen, unseen in (("first", first, second), ("second", second, first)):
        months = _fitted_on(source, seen, unseen, options, options.run_dir / name)
        ages |= {source.films.records[number].id: float(age) for number, age in zip(unseen, months, strict=True)}
    return ages


def _fitted_on(
    source: FilmSource, seen: Sequence[int], unseen: Sequence[int], options: HeldOutOptions, run_dir: Path
) -> Tensor:
    """Return the ages (n,) of the unseen films by a network fitted on the seen ones."""
    plan = FitPlan(options.epochs * (len(seen) // options.batch), options.batch, options.seed, PEAK_RATE)
    net = halved(fit_network(source, seen, plan, run_dir, DISTRIBUTION))
    LOGGER.info("fitted on %d films in %s; reading the other %d", len(seen), run_dir, len(unseen))
    return predict_ages(net, source, unseen, DISTRIBUTION, batch=32)
