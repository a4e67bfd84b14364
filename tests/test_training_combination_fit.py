"""The fit of the combination on drawn routes whose errors are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from boneage.combination import Z_95, RouteAge, combine
from boneage.errors import UsageError
from boneage.training.combination_fit import RoutePairs, fit_combination, read_pairs


def drawn(*, claimed: float = 10.0, real: float = 10.0, correlation: float = 0.5, count: int = 4000) -> RoutePairs:
    """Two routes that claim one SD and err with another."""
    random = np.random.default_rng(0)
    known = random.uniform(60, 180, count)
    shared, one, two = random.normal(0, real, (3, count))
    root, rest = np.sqrt(correlation), np.sqrt(1 - correlation)
    sd = np.full(count, claimed)
    return RoutePairs(known + root * shared + rest * one, sd, known + root * shared + rest * two, sd, known)


def test_scales_and_correlation_are_recovered() -> None:
    model = fit_combination(drawn(claimed=8.0, real=12.0), fitted_on="drawn")
    assert model.measurement_sd_scale == pytest.approx(1.5, rel=0.05)
    assert model.regression_sd_scale == pytest.approx(1.5, rel=0.05)
    assert model.error_correlation == pytest.approx(0.5, abs=0.05)
    assert model.fitted_on == "drawn"


def nearly_equal(errors: NDArray[np.float64]) -> RoutePairs:
    """Two routes that claim an SD of 10 months and err nearly alike."""
    pairs, aside = drawn(count=len(errors)), np.random.default_rng(3).normal(0, 1, len(errors))
    found = pairs.known + errors
    return RoutePairs(found, pairs.measured_sd, found + aside, pairs.regressed_sd, pairs.known)


def test_the_interval_is_never_narrowed() -> None:
    light = np.random.default_rng(1).uniform(-17, 17, 4000)  # light tails: a normal interval of their SD holds them all
    assert fit_combination(nearly_equal(light), fitted_on="drawn").interval_scale == 1.0


def test_heavy_tails_widen_the_interval_until_it_holds() -> None:
    random = np.random.default_rng(2)
    heavy = np.where(random.random(4000) < 0.9, random.normal(0, 2, 4000), random.choice([-21.0, 21.0], 4000))
    routes = nearly_equal(heavy)
    model = fit_combination(routes, fitted_on="drawn")
    assert model.interval_scale > 1.0
    held = []
    for one, two, sd, known in zip(routes.measured, routes.regressed, routes.measured_sd, routes.known, strict=True):
        both = [RouteAge(age, (age - Z_95 * sd, age + Z_95 * sd)) for age in (one, two)]
        low, high = combine(both[0], both[1], model).interval_95
        held.append(low <= known <= high)
    assert np.mean(held) >= 0.949


def _answer(folder: Path, film: str, months: float) -> None:
    route = {"months": months, "interval_95": [months - 20, months + 20]}
    (folder / f"{film}.json").write_text(json.dumps({"estimates": {"measurement": route, "regression": route}}))


def test_pairs_are_read_from_the_answers_of_labelled_films(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    for number in range(120):
        _answer(answers, str(number), 100.0 + number)
    (answers / "refused.json").write_text(json.dumps({"estimates": {"measurement": None, "regression": None}}))
    labels = tmp_path / "labels.csv"
    labels.write_text("id,bone_age_months\n" + "".join(f"{number},{90 + number}\n" for number in range(110)))
    pairs = read_pairs(answers, labels)
    assert len(pairs.known) == 110
    assert (pairs.measured - pairs.known == 10).all()
    assert pairs.measured_sd == pytest.approx(np.full(110, 20 / Z_95))
    labels.write_text("id,bone_age_months\n1,90\n")
    with pytest.raises(UsageError) as caught:
        read_pairs(answers, labels)
    assert caught.value.code == "too_few_films"
