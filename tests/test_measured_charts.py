"""Growth charts of single measurements: which there are for a film, and where the child stands on them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from charted_reading import LENGTH_MM, UNRELIABLE, VALUES, charted_reading
from fake_reading import fake_reading, fake_refusal

from boneage.anatomy import TUBULAR_BONES
from boneage.follow_up import ChildVisit
from boneage.measured_charts import chart_tables, charted_measurements, measured_chart, tables_for
from boneage.reference.tables import load_reference
from boneage.result import BoneAge, Result, SexAnswer

LENGTH = "metacarpal_3.joint_length_mm"
RATIO = "metacarpal_3.length_ratio"


def visit(own: float, months: float, **values: float) -> ChildVisit:
    """An earlier visit of the girl."""
    age = BoneAge(months, (months - 10, months + 10), "combined")
    return ChildVisit("then", own, age, "F", values={name.replace("__", "."): value for name, value in values.items()})


def test_every_installed_table_has_curves() -> None:
    assert [table.name for table in chart_tables()] == ["dha_joint_mm", "rsna", "dha_joint_mm_chronological"]
    assert [table.name for table in tables_for(LENGTH, "F")] == ["dha_joint_mm", "dha_joint_mm_chronological"]
    assert [table.name for table in tables_for(RATIO, "F")] == ["rsna"]
    assert tables_for("metacarpal_3.weight_kg", "F") == ()


def test_every_measurement_with_a_curve_can_be_charted_whatever_the_method() -> None:
    names = charted_measurements(charted_reading().result)
    assert set(names) == set(VALUES) | {f"{bone}.joint_length_mm" for bone in TUBULAR_BONES}
    assert "metacarpal_3.fusion" in load_reference("rsna").settings.silent
    without = charted_measurements(charted_reading(spacing=UNRELIABLE).result)
    assert set(without) == set(VALUES)


def test_what_weighs_most_comes_first_and_what_no_table_has_is_left_out() -> None:
    estimates = fake_reading().result.estimates
    result = charted_reading(estimates=estimates, values={**VALUES, "metacarpal_3.weight_kg": 1.0}).result
    names = charted_measurements(result)
    assert names[:2] == (RATIO, "distal_phalanx_1.length_ratio")
    assert "metacarpal_3.weight_kg" not in names
    assert "radius_epiphysis.length_ratio" not in names
    assert charted_measurements(fake_refusal().result) == ()


@pytest.mark.parametrize(("name", "age"), [("dha_joint_mm", 124.0), ("dha_joint_mm_chronological", 118.0)])
def test_a_length_stands_at_the_age_of_the_axis(name: str, age: float) -> None:
    table = load_reference(name)
    chart = measured_chart(charted_reading().result, LENGTH, "F", table)
    assert chart is not None
    assert chart.child is not None
    assert (chart.child.age_months, chart.child.value, chart.unit) == (age, LENGTH_MM, "mm")
    expected = table.expected(LENGTH, age, "F")
    assert expected is not None
    assert chart.expected == expected
    assert chart.z == pytest.approx((LENGTH_MM - expected[0]) / expected[1])


def test_without_the_own_age_the_child_has_no_place_on_its_axis() -> None:
    chart = measured_chart(charted_reading(own=None).result, LENGTH, "F", load_reference("dha_joint_mm_chronological"))
    assert chart is not None
    assert (chart.child, chart.expected, chart.z) == (None, None, None)


def test_a_grown_hand_has_no_place_by_bone_age() -> None:
    grown = BoneAge(190.0, (180.0, 228.0), "combined", "at_or_above", 186.0)
    result = charted_reading(bone_age=grown).result
    earlier = [replace(visit(190.0, 190.0, metacarpal_3__length_ratio=0.5), bone_age=grown)]
    chart = measured_chart(result, RATIO, "F", load_reference("rsna"), earlier=earlier)
    assert chart is not None
    assert (chart.child, chart.expected, chart.z, chart.earlier) == (None, None, None, ())
    by_own_age = measured_chart(result, LENGTH, "F", load_reference("dha_joint_mm_chronological"))
    assert by_own_age is not None
    assert by_own_age.child is not None


def test_outside_the_table_nothing_is_expected() -> None:
    young = charted_reading(bone_age=BoneAge(60.0, (50.0, 70.0), "regression")).result
    chart = measured_chart(young, LENGTH, "F", load_reference("dha_joint_mm"))
    assert chart is not None
    assert chart.child is not None
    assert chart.expected is None


def test_there_is_no_chart_of_what_film_or_table_lack() -> None:
    assert measured_chart(charted_reading().result, LENGTH, "F", load_reference("rsna")) is None
    assert measured_chart(charted_reading(joints=False).result, LENGTH, "F", load_reference("dha_joint_mm")) is None


@pytest.mark.parametrize(("name", "age"), [("dha_joint_mm", 98.0), ("dha_joint_mm_chronological", 94.0)])
def test_earlier_visits_with_the_measurement_are_points(name: str, age: float) -> None:
    before = [visit(94.0, 98.0, metacarpal_3__joint_length_mm=45.0), visit(100.0, 104.0)]
    chart = measured_chart(charted_reading().result, LENGTH, "F", load_reference(name), earlier=before)
    assert chart is not None
    assert [(point.age_months, point.value) for point in chart.earlier] == [(age, 45.0)]


def test_with_two_answers_each_sex_has_its_own_place() -> None:
    whole = charted_reading().result
    ages = {"M": 140.0, "F": 124.0}
    by_sex = {
        sex: SexAnswer(BoneAge(months, (months - 9, months + 9), "regression"), chronological=whole.chronological)
        for sex, months in ages.items()
    }
    source = replace(whole.input, sex=type(whole.input.sex)())
    result: Result = replace(whole, bone_age=None, by_sex=by_sex, chronological=None, input=source)
    assert RATIO in charted_measurements(result)
    for sex, months in ages.items():
        chart = measured_chart(result, RATIO, sex, load_reference("rsna"))  # type: ignore[arg-type]
        assert chart is not None
        assert chart.child is not None
        assert chart.child.age_months == months
