"""The combination of the two routes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boneage.combination import Z_95, CombinationModel, RouteAge, combine, load_combination
from boneage.errors import Refusal, WeightsError


def route(months: float, sd: float) -> RouteAge:
    return RouteAge(months, (months - Z_95 * sd, months + Z_95 * sd))


def test_weights_are_inverse_variances() -> None:
    answer = combine(route(110, 10), route(100, 5), CombinationModel())
    assert answer.measurement_weight == pytest.approx(0.2)
    assert answer.months == pytest.approx(102)


def test_agreeing_routes_narrow_the_interval() -> None:
    answer = combine(route(100, 8), route(100, 8), CombinationModel())
    half = (answer.interval_95[1] - answer.interval_95[0]) / 2
    assert half == pytest.approx(Z_95 * 8 / 2**0.5)


def test_disagreement_widens_the_interval() -> None:
    close = combine(route(100, 8), route(102, 8), CombinationModel())
    apart = combine(route(90, 8), route(112, 8), CombinationModel())
    width = [a.interval_95[1] - a.interval_95[0] for a in (close, apart)]
    assert width[1] == pytest.approx(width[0] * 22 / (2 * 8**2) ** 0.5)


def test_correlated_errors_gain_less() -> None:
    free = combine(route(100, 8), route(100, 8), CombinationModel())
    tied = combine(route(100, 8), route(100, 8), CombinationModel(error_correlation=0.5))
    assert tied.interval_95[1] > free.interval_95[1]


def test_fitted_sds_outrank_the_intervals() -> None:
    model = CombinationModel(measurement_sd_months=5, regression_sd_months=5)
    assert combine(route(110, 30), route(100, 5), model).months == pytest.approx(105)


def test_contradiction_is_refused_in_words() -> None:
    with pytest.raises(Refusal) as caught:
        combine(route(60, 8), route(140, 8), CombinationModel())
    assert caught.value.code == "routes_disagree"
    assert "60" in caught.value.message
    assert "140" in caught.value.message
    assert caught.value.remedy


def test_wide_intervals_may_lie_further_apart() -> None:
    assert combine(route(60, 30), route(140, 30), CombinationModel()).months == pytest.approx(100)
    with pytest.raises(Refusal):
        combine(route(60, 30), route(140, 30), CombinationModel(disagreement_limit_sds=1))


AGES = st.floats(0, 228)
SDS = st.floats(0.5, 40)


@given(first=AGES, second=AGES, sd1=SDS, sd2=SDS, r=st.floats(0, 0.9))
def test_answer_lies_between_the_routes_and_inside_its_interval(
    first: float, second: float, sd1: float, sd2: float, r: float
) -> None:
    model = CombinationModel(error_correlation=r, disagreement_limit_months=1000)
    answer = combine(route(first, sd1), route(second, sd2), model)
    assert min(first, second) - 1e-9 <= answer.months <= max(first, second) + 1e-9
    low, high = answer.interval_95
    assert 0 <= low <= answer.months <= high <= 240


def test_model_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "combination.json"
    path.write_text(json.dumps({"measurement_sd_months": 11.5, "fitted_on": "films", "comment": "ignored"}))
    assert load_combination(path) == CombinationModel(measurement_sd_months=11.5, fitted_on="films")


NONSENSE = ["[]", "{", '{"interval_scale": -1}', '{"interval_scale": "wide"}', '{"error_correlation": 2}']


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_model_is_a_typed_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "combination.json"
    path.write_text(text)
    with pytest.raises(WeightsError) as caught:
        load_combination(path)
    assert caught.value.code == "combination_invalid"


def test_package_default_loads() -> None:
    assert load_combination().disagreement_limit_months > 0
