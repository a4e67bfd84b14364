"""The combination of the two routes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boneage.combination import CombinationModel, RouteAge, combine, load_combination
from boneage.errors import Refusal, WeightsError

FITTED = CombinationModel(
    ages=(0.0, 100.0, 200.0),
    measurement_weight=(1.0, 0.5, 0.2),
    belt_ages=(0.0, 228.0),
    low={"M": (-24.0, -24.0), "F": (-9.0, -9.0)},
    high={"M": (20.0, 20.0), "F": (8.0, 8.0)},
    agreement_months=20.0,
    disagreement_limit_months=40.0,
)


def route(months: float, half: float = 20.0) -> RouteAge:
    return RouteAge(months, (months - half, months + half))


@pytest.mark.parametrize(("age", "weight"), [(0, 1.0), (50, 0.75), (100, 0.5), (150, 0.35), (220, 0.2)])
def test_the_weight_is_that_of_the_age(age: float, weight: float) -> None:
    answer = combine(route(age + 4), route(age - 4), FITTED, sex="M")
    assert answer.measurement_weight == pytest.approx(weight)
    assert answer.months == pytest.approx(weight * (age + 4) + (1 - weight) * (age - 4))


def test_the_interval_is_that_of_sex_and_age() -> None:
    boy = combine(route(150), route(150), FITTED, sex="M")
    girl = combine(route(150), route(150), FITTED, sex="F")
    assert boy.interval_95 == pytest.approx((130, 174))  # answers up to 20 above the age, and 24 below it, are usual
    assert girl.interval_95 == pytest.approx((142, 159))


def test_where_answers_are_drawn_to_the_middle_the_interval_reaches_further_out() -> None:
    drawn = replace(FITTED, low={"M": (-5.0, -25.0)}, high={"M": (25.0, 5.0)})
    low, high = combine(route(30), route(30), drawn, sex="M").interval_95
    assert 30 - low > high - 30
    low, high = combine(route(190), route(190), drawn, sex="M").interval_95
    assert high - 190 > 190 - low


@pytest.mark.parametrize("months", [180, 200, 215, 227, 235])
def test_an_answer_that_no_age_of_the_belt_explains_still_has_an_interval(months: float) -> None:
    drawn = replace(FITTED, low={"M": (-30.0, -50.0)}, high={"M": (10.0, -17.0)})  # the oldest are read too young
    low, high = combine(route(months), route(months), drawn, sex="M").interval_95
    assert low <= min(months, 228) - 5.5
    assert high >= months


def test_the_oldest_age_of_the_belt_stands_for_all_that_are_older() -> None:
    assert combine(route(210), route(210), FITTED, sex="M").interval_95 == pytest.approx((190, 240))


def test_disagreement_widens_the_interval() -> None:
    answer = combine(route(90), route(110), FITTED, sex="M")
    assert answer.interval_95 == pytest.approx((100 - 20 * 2**0.5, 100 + 24 * 2**0.5), abs=0.5)


def test_a_poor_film_widens_the_interval() -> None:
    answer = combine(route(100), route(100), FITTED, sex="M", widening=1.5)
    assert answer.interval_95 == pytest.approx((70, 136))


def test_unfitted_the_interval_is_the_mean_of_the_routes() -> None:
    answer = combine(route(100, 10), route(100, 30), CombinationModel(), sex="F")
    assert answer.interval_95 == pytest.approx((80, 120))


def test_contradiction_is_refused_in_words() -> None:
    with pytest.raises(Refusal) as caught:
        combine(route(60), route(101), FITTED, sex="M")
    assert caught.value.code == "routes_disagree"
    assert "60" in caught.value.message
    assert "101" in caught.value.message
    assert caught.value.remedy
    assert combine(route(60), route(100), FITTED, sex="M").months > 0


AGES = st.floats(0, 228)


@given(first=AGES, second=AGES, sex=st.sampled_from(["M", "F"]), widening=st.floats(1, 3))
def test_answer_lies_between_the_routes_and_inside_its_interval(
    first: float, second: float, sex: str, widening: float
) -> None:
    model = replace(FITTED, disagreement_limit_months=1000)
    answer = combine(route(first), route(second), model, sex=sex, widening=widening)  # type: ignore[arg-type]
    assert min(first, second) - 1e-9 <= answer.months <= max(first, second) + 1e-9
    low, high = answer.interval_95
    assert 0 <= low <= answer.months <= high <= 240


def test_model_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "combination.json"
    data = {"ages": [0, 9], "measurement_weight": [1, 0], "comment": 1}
    data |= {"belt_ages": [0, 8], "low": {"M": [-1, -2]}, "high": {"M": [3, 4]}}
    path.write_text(json.dumps(data))
    model = load_combination(path)
    assert model == CombinationModel((0, 9), (1, 0), (0, 8), {"M": (-1, -2)}, {"M": (3, 4)})


NONSENSE = [
    "[]",
    "{",
    '{"agreement_months": -1}',
    '{"agreement_months": "wide"}',
    '{"measurement_weight": [0.5, 1.5]}',
    '{"measurement_weight": [0.5]}',
    '{"ages": [9, 0]}',
    '{"belt_ages": [0, 228], "low": {"M": [5, 5]}}',
    '{"belt_ages": [0, 228], "low": {"M": [5, 5]}, "high": {"M": [5, 6]}}',
    '{"belt_ages": [228, 0], "low": {"M": [-5, -5]}, "high": {"M": [5, 6]}}',
    '{"belt_ages": [0], "low": {"M": [-5, -5]}, "high": {"M": [5, 6]}}',
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_model_is_a_typed_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "combination.json"
    path.write_text(text)
    with pytest.raises(WeightsError) as caught:
        load_combination(path)
    assert caught.value.code == "combination_invalid"


def test_the_shipped_model_knows_both_sexes() -> None:
    model = load_combination()
    assert model.disagreement_limit_months > 0
    assert set(model.low) == set(model.high) == {"M", "F"}
