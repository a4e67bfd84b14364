"""The lookup on hands whose law of growth is known."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from reference_films import built_table, films, true_values

from boneage.errors import Refusal, TableError
from boneage.reference.calibrate import evaluate_lookup, film_values
from boneage.reference.intervals import shortest_interval, warp
from boneage.reference.lookup import AgeLookup, information_shares
from boneage.reference.measurement_table import Curve, LookupSettings, MeasurementTable, SexTable, TableMetadata
from boneage.reference.posterior import AgePosterior, PartAge


@pytest.fixture(scope="module")
def lookup():
    return AgeLookup(built_table())


def line_table(
    correlation=None, *, settings: LookupSettings | None = None, count: int = 2, slope: float = 0.1, sd: float = 1.0
) -> MeasurementTable:
    """Straight growth curves, whose posterior is normal with a variance that can be written down."""
    ages = np.arange(0.0, 229, 12)
    mean = np.tile(slope * ages, (count, 1))
    matrix = np.eye(count) if correlation is None else np.asarray(correlation, dtype=float)
    blank = np.full(mean.shape, np.nan)
    cells = SexTable(ages, mean, np.full(mean.shape, sd), blank, blank, ages[:1], matrix[None])
    names = tuple(f"bone_{i}.length_ratio" for i in range(count))
    chosen = settings or LookupSettings(shrinkage=0.0)
    return MeasurementTable(TableMetadata("lines", "1"), names, ("ratio",) * count, {"M": cells}, chosen)


def hand(count, value=12.0):
    return {f"bone_{i}.length_ratio": value for i in range(count)}


@pytest.mark.parametrize("r", [0.0, 0.5, 0.9])
def test_the_interval_is_the_theoretical_one_and_correlation_widens_it(r):
    answer = AgeLookup(line_table([[1, r], [r, 1]])).posterior(hand(2), "M")
    variance = (1 + r) / 2 / 0.1**2  # of the age: correlated mean of two, over the squared slope
    assert answer.months == pytest.approx(120, abs=0.05)
    width = answer.interval_95[1] - answer.interval_95[0]
    assert width == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.03)


def test_one_measurement_that_is_missing_leaves_the_other():
    table = line_table([[1, 0.5], [0.5, 1]])
    both = AgeLookup(table).posterior({"bone_0.length_ratio": 12.0, "bone_1.length_ratio": float("nan")}, "M")
    assert both.months == pytest.approx(120, abs=0.05)
    assert both.interval_95[1] - both.interval_95[0] == pytest.approx(2 * 1.96 * 10, rel=0.03)
    assert [part.measurement for part in both.contributions] == ["bone_0.length_ratio"]


def test_temperature_widens_without_moving():
    hot = LookupSettings(shrinkage=0.0, temperature={"M": Curve(np.array([100.0]), np.array([4.0]))})
    cold = AgeLookup(line_table()).posterior(hand(2), "M")
    warm = AgeLookup(line_table(settings=hot)).posterior(hand(2), "M")
    assert warm.months == pytest.approx(cold.months, abs=0.05)
    ratio = np.ptp(warm.interval_95) / np.ptp(cold.interval_95)
    assert ratio == pytest.approx(2.0, rel=0.03)


def test_the_correction_shifts_grid_mean_and_interval_together():
    shifted = LookupSettings(shrinkage=0.0, correction={"M": Curve(np.array([100.0]), np.array([5.0]))})
    plain, moved = (AgeLookup(line_table(settings=one)).posterior(hand(2), "M") for one in (None, shifted))
    assert moved.months == pytest.approx(plain.months + 5, abs=1e-6)
    assert moved.interval_95[0] == pytest.approx(plain.interval_95[0] + 5, abs=1e-6)
    assert float(moved.ages @ moved.density) == pytest.approx(moved.months)


def test_the_prior_is_flat_unless_that_of_the_population_is_asked_for():
    ages = np.arange(0.0, 229.0)
    population = {"M": Curve(ages, np.exp(-0.5 * ((ages - 100) / 7.07) ** 2))}
    table = line_table(settings=LookupSettings(shrinkage=0.0, population=population))
    flat, drawn = AgeLookup(table), AgeLookup(table, prior="population")
    assert flat.posterior(hand(2), "M").months == pytest.approx(120)
    assert drawn.posterior(hand(2), "M").months == pytest.approx(110, abs=0.3)  # two equal variances meet half way


def test_heavy_tails_widen_a_hand_that_fits_no_age():
    table = line_table(settings=LookupSettings(shrinkage=0.0, degrees_of_freedom=5.0), count=6)
    wild = dict(zip(hand(6), [12.0, 15.0, 9.0, 15.0, 9.0, 12.0], strict=True))
    lookup = AgeLookup(table)
    assert np.ptp(lookup.posterior(wild, "M").interval_95) > 1.5 * np.ptp(lookup.posterior(hand(6), "M").interval_95)


def test_error_is_near_the_best_possible_and_intervals_hold():
    """Compare with the table's own law: the lookup with the true table could do no better."""
    evaluation = evaluate_lookup(films(1200, 7), built_table())
    assert evaluation.overall.failed == 0
    assert evaluation.mad < 6.3
    assert abs(evaluation.overall.bias) < 1.0
    assert 0.93 <= evaluation.coverage <= 0.97
    for group in evaluation.groups:
        if group.band[1] - group.band[0] > 200:  # each sex over all ages
            assert 0.925 <= group.coverage <= 0.975


@pytest.mark.parametrize("sex", ["M", "F"])
@pytest.mark.parametrize("age", [80.0, 110.0, 130.0, 170.0])
def test_a_hand_at_the_mean_of_an_age_gets_that_age(lookup, sex, age):
    answer = lookup.posterior(true_values(age, sex), sex)
    assert answer.months == pytest.approx(age, abs=5)
    assert answer.interval_95[0] < age < answer.interval_95[1]
    assert answer.reference == "drawn"


def test_the_order_of_the_measurements_does_not_matter(lookup):
    values = film_values(films(1, 9), built_table().measurements)[0]
    forward = lookup.posterior(values, "M")
    backward = lookup.posterior(dict(reversed(values.items())), "M")
    assert forward.months == backward.months
    assert forward.contributions == backward.contributions


def test_unknown_names_are_ignored(lookup):
    values = true_values(100, "F")
    assert lookup.posterior({**values, "wing.length_ratio": 3.0}, "F").months == lookup.posterior(values, "F").months


@pytest.mark.parametrize("factor", [0.3, 3.0, 30.0])
def test_one_wrong_bone_does_not_move_the_age(lookup, factor):
    values = true_values(110, "M")
    clean = lookup.posterior(values, "M")
    for name in ("metacarpal_3.length_ratio", "carpals.area_ratio", "middle_phalanx_4.epiphysis_width_ratio"):
        wrong = lookup.posterior({**values, name: values[name] * factor}, "M")
        assert abs(wrong.months - clean.months) < 6
        part = next(part for part in wrong.contributions if part.measurement == name)
        assert abs(part.z) > 3  # shown, not hidden
        before = next(part for part in clean.contributions if part.measurement == name)
        assert part.weight < before.weight


def test_weights_are_shares(lookup):
    answer = lookup.posterior(true_values(120, "F"), "F")
    weights = [part.weight for part in answer.contributions]
    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0
    assert weights == sorted(weights, reverse=True)
    assert max(abs(part.z) for part in answer.contributions) < 1
    assert answer.density.sum() == pytest.approx(1) and answer.density.min() >= 0


def test_copies_share_the_information_of_one():
    covariance = np.array([[1, 0.999, 0], [0.999, 1, 0], [0, 0, 1.0]])
    shares = information_shares(np.array([1.0, 1.0, 1.0]), covariance)
    assert shares == pytest.approx([0.25, 0.25, 0.5], abs=0.01)
    assert information_shares(np.zeros(4), np.eye(4)) == pytest.approx([0.25] * 4)


def test_a_missing_centre_speaks_only_where_its_bone_was_seen(lookup):
    """Absent epiphyses make a hand younger; a bone that is wholly missing does not."""
    table = lookup.table
    assert table.settings.anchors["M"]["middle_phalanx_4"] == "middle_phalanx_4.length_ratio"
    values = true_values(60, "M")
    without_centre = {k: v for k, v in values.items() if k != "middle_phalanx_4.epiphysis_width_ratio"}
    without_bone = {k: v for k, v in values.items() if not k.startswith("middle_phalanx_4")}
    full, centre, bone = (lookup.posterior(v, "M").months for v in (values, without_centre, without_bone))
    assert centre < bone - 0.2
    assert abs(bone - full) < 3
    unseen = lookup.posterior(without_centre, "M", unseen=["middle_phalanx_4"]).months
    assert centre < unseen - 0.2
    silent = replace(table, settings=replace(table.settings, presence_weights={}))
    assert AgeLookup(silent).posterior(without_centre, "M").months > centre


def test_sex_matters_and_both_can_be_asked(lookup):
    values = true_values(120, "F")
    girl, boy = lookup.posterior(values, "F").months, lookup.posterior(values, "M").months
    assert girl == pytest.approx(120, abs=5)
    assert boy > girl + 5  # drawn girls mature 12 % faster


def test_nothing_measured_is_a_refusal(lookup):
    for values in ({}, {"wing.length_ratio": 1.0}, {"carpals.area_ratio": float("nan")}):
        with pytest.raises(Refusal) as caught:
            lookup.posterior(values, "M")
        assert caught.value.code == "no_measurements"


def test_a_sex_that_the_table_lacks_is_a_typed_error():
    with pytest.raises(TableError) as caught:
        AgeLookup(line_table()).posterior(hand(2), "F")
    assert caught.value.code == "reference_sex_missing"


def test_a_matrix_that_is_no_correlation_is_a_typed_error():
    impossible = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    with pytest.raises(TableError) as caught:
        AgeLookup(line_table(impossible, count=3)).posterior(hand(3), "M")
    assert caught.value.code == "table_correlation_matrix"


def test_ages_outside_the_table_stay_at_its_end():
    answer = AgeLookup(line_table()).posterior(hand(2, value=40.0), "M")
    assert 200 < answer.months <= 228
    assert answer.interval_95[1] == pytest.approx(228, abs=0.05)


def test_shortest_interval():
    ages = np.arange(0.0, 101)
    bell = np.exp(-0.5 * ((ages - 50) / 8) ** 2)
    assert shortest_interval(ages, bell) == pytest.approx((50 - 1.96 * 8, 50 + 1.96 * 8), abs=0.3)
    rising = np.exp(ages / 10)
    low, high = shortest_interval(ages, rising)
    assert high == 100 and low == pytest.approx(100 - 10 * np.log(20), abs=0.8)
    certain = np.zeros(101)
    certain[30] = 1
    low, high = shortest_interval(ages, certain)
    assert 29.4 <= low < high <= 30.6


def test_warp_keeps_the_order():
    ages = np.arange(0.0, 100)
    warped = warp(ages, Curve(np.array([20.0, 25.0]), np.array([8.0, -8.0])))
    assert (np.diff(warped) >= 0).all() and warped.min() >= 0


def test_a_hundred_and_forty_measurements_take_milliseconds():
    rng = np.random.default_rng(5)
    loads = rng.normal(0, 0.3, (140, 10))
    covariance = loads @ loads.T + np.diag(rng.uniform(0.5, 1.5, 140))
    scale = np.sqrt(np.diag(covariance))
    lookup = AgeLookup(line_table(covariance / np.outer(scale, scale), count=140))
    values = hand(140)
    lookup.posterior(values, "M")
    best = min(_seconds(lambda: lookup.posterior(values, "M")) for _ in range(5))
    assert best < 0.15  # some 6 ms on an idle core; generous for a busy machine, whose threads wait for each other


def _seconds(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def test_many_gross_errors_on_one_side_do_not_carry_the_age_away():
    table = line_table(count=40, slope=0.1)
    values = hand(40) | {f"bone_{i}.length_ratio": 1.0 + 0.2 * i for i in range(12)}
    answer = AgeLookup(table).posterior(values, "M")
    assert answer.months == pytest.approx(120, abs=6)


def test_bones_out_of_step_are_counted():
    parts = tuple(PartAge(f"bone_{i}", 100.0, (low, low + 20)) for i, low in enumerate((90.0, 80.0, 130.0, 10.0)))
    ages = np.array([100.0])
    answer = AgePosterior(ages, np.ones(1), 100.0, (90.0, 110.0), (), "lines", bone_ages=parts)
    assert answer.out_of_step == 0.5
    assert replace(answer, bone_ages=()).out_of_step == 0.0


def test_a_silent_measurement_says_nothing():
    loud = line_table(count=3)
    quiet = replace(loud, settings=replace(loud.settings, silent=frozenset({"bone_2.length_ratio"})))
    values = hand(2) | {"bone_2.length_ratio": 14.0}
    answer = AgeLookup(quiet).posterior(values, "M")
    assert answer.months == pytest.approx(AgeLookup(loud).posterior(hand(2), "M").months, abs=1e-6)
    assert {part.measurement for part in answer.contributions} == {"bone_0.length_ratio", "bone_1.length_ratio"}
