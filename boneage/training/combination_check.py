"""How the answer does on the films that its weights and bounds come from, by sex and age band, beside either route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.combination import CombinationModel, RouteAge, combine
from boneage.errors import Refusal
from boneage.reference.calibrate import AGE_BANDS
from boneage.training.combination_fit import RoutePairs

HEAD: Final = (
    "| sex | age, years | films | answer | measurement | regression | in 95 % interval, % | its width |",
    "|---|---|--:|--:|--:|--:|--:|--:|",
)


def check_combination(model: CombinationModel, films: RoutePairs) -> str:
    """Return the mean absolute differences of the answer and of both routes in months, and the coverage, as Markdown.

    Films whose routes contradict each other have no answer and are left out.
    """
    found = np.array([_answer(model, films, place) for place in range(len(films.known))])
    return "\n".join([*HEAD, *_rows(films, found)]) + "\n"


def _answer(model: CombinationModel, films: RoutePairs, place: int) -> tuple[float, float, float]:
    """Return the answer and its interval; ``nan`` where the routes contradict each other."""
    measured, regressed = (RouteAge(float(ages[place]), (0.0, 0.0)) for ages in (films.measured, films.regressed))
    try:
        answer = combine(measured, regressed, model, sex="M" if films.male[place] else "F")
    except Refusal:
        return (float("nan"),) * 3
    return (answer.months, *answer.interval_95)


def _rows(films: RoutePairs, found: NDArray[np.float64]) -> Iterator[str]:
    answered = np.isfinite(found[:, 0])
    everyone = np.ones_like(films.male)
    for words, sex in (("all", everyone), ("boys", films.male), ("girls", ~films.male)):
        for low, high in ((0.0, np.inf), *AGE_BANDS):
            chosen = answered & sex & (films.known >= low) & (films.known < high)
            if not chosen.any():
                continue
            known, (months, start, end) = films.known[chosen], found[chosen].T
            errors = (np.abs(ages - known).mean() for ages in (months, films.measured[chosen], films.regressed[chosen]))
            held = 100 * np.mean((start <= known) & (known <= end))
            band = "all" if np.isinf(high) else f"{low / 12:.0f}–{high // 12:.0f}"
            yield (
                f"| {words} | {band} | {chosen.sum()} | "
                + " | ".join(f"{error:.2f}" for error in errors)
                + f" | {held:.1f} | {np.mean(end - start):.1f} |"
            )
