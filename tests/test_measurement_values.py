"""The scale-free values and their registry."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from boneage.measurement.definitions import DEFINITIONS, KINDS, proximal_neighbour
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement, Measurements
from boneage.measurement.values import joint_space, metacarpal_index, scale_free_values, ulnar_variance

NAN = float("nan")


def bone(name: str, start: tuple[float, float], end: tuple[float, float]) -> BoneMeasurement:
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    return BoneMeasurement(
        bone=name,
        endpoints=(start, end),
        length_px=length,
        shaft_length_px=length - 8,
        width_px=10.0,
        epiphysis_width_px=12.0,
        epiphysis_height_px=6.0,
        metaphysis_width_px=15.0,
        gap_px=2.4,
        plate_contrast=0.7,
        shaft_area_px2=500.0,
        epiphysis_area_px2=60.0,
    )


@pytest.fixture
def hand() -> Measurements:
    return Measurements(
        bones=(bone("metacarpal_3", (0, 100), (0, 20)), bone("proximal_phalanx_3", (0, 16), (0, -34))),
        carpals=CarpalMeasurement(area_px2=400.0, centres=3, region_area_px2=1000.0, height_px=40.0),
        hand_scale_px=100.0,
    )


def test_formulas(hand: Measurements) -> None:
    assert scale_free_values(hand) == pytest.approx(
        {
            "metacarpal_3.length_ratio": 0.8,
            "proximal_phalanx_3.length_ratio": 0.5,
            "metacarpal_3.width_ratio": 0.125,
            "proximal_phalanx_3.width_ratio": 0.2,
            "metacarpal_3.epiphysis_width_ratio": 0.8,
            "proximal_phalanx_3.epiphysis_width_ratio": 0.8,
            "metacarpal_3.epiphysis_height_ratio": 0.4,
            "proximal_phalanx_3.epiphysis_height_ratio": 0.4,
            "metacarpal_3.gap_ratio": 0.4,
            "proximal_phalanx_3.gap_ratio": 0.4,
            "metacarpal_3.plate_contrast": 0.7,
            "proximal_phalanx_3.plate_contrast": 0.7,
            "proximal_phalanx_3.joint_space_ratio": 0.04,
            "metacarpal_3.shaft_length_ratio": 0.72,
            "proximal_phalanx_3.shaft_length_ratio": 0.42,
            "metacarpal_3.epiphysis_shape_ratio": 0.5,
            "proximal_phalanx_3.epiphysis_shape_ratio": 0.5,
            "carpals.size_ratio": 0.2,
            "carpals.area_share": 0.4,
            "carpals.centres": 3.0,
            "carpals.height_ratio": 0.4,
        }
    )


def test_enlarging_the_hand_changes_nothing(hand: Measurements) -> None:
    def enlarge(measured: BoneMeasurement) -> BoneMeasurement:
        changed = {
            field.name: getattr(measured, field.name) * (9 if field.name.endswith("px2") else 3)
            for field in dataclasses.fields(measured)
            if field.name.endswith(("_px", "_px2"))
        }
        ends = tuple((3 * x, 3 * y) for x, y in measured.endpoints)
        return dataclasses.replace(measured, endpoints=ends, **changed)

    carpals = CarpalMeasurement(area_px2=3600.0, centres=3, region_area_px2=9000.0, height_px=120.0)
    large = Measurements(tuple(map(enlarge, hand.bones)), carpals, hand_scale_px=300.0)
    assert scale_free_values(large) == pytest.approx(scale_free_values(hand))


def test_what_is_not_measured_is_left_out(hand: Measurements) -> None:
    unknown = dataclasses.replace(
        hand.bones[1],
        epiphysis_width_px=NAN,
        epiphysis_height_px=NAN,
        gap_px=NAN,
        plate_contrast=NAN,
        length_px=NAN,
        shaft_length_px=NAN,
    )
    nothing = CarpalMeasurement(area_px2=0.0, centres=0, region_area_px2=NAN)
    changed = dataclasses.replace(hand, bones=(hand.bones[0], unknown), carpals=nothing)
    values = scale_free_values(changed)
    assert {name for name in values if not name.startswith("metacarpal")} == set()
    assert all(np.isfinite(value) for value in values.values())


def test_without_a_scale_the_other_ratios_remain(hand: Measurements) -> None:
    values = scale_free_values(dataclasses.replace(hand, hand_scale_px=NAN))
    assert "metacarpal_3.length_ratio" not in values
    assert "carpals.size_ratio" not in values
    assert values["metacarpal_3.width_ratio"] == pytest.approx(0.125)
    assert values["carpals.area_share"] == pytest.approx(0.4)


def test_closed_plate_has_gap_zero(hand: Measurements) -> None:
    closed = dataclasses.replace(hand, bones=(dataclasses.replace(hand.bones[0], gap_px=0.0),))
    assert scale_free_values(closed)["metacarpal_3.gap_ratio"] == 0.0


def test_joint_space_is_signed_and_follows_the_bones() -> None:
    first = bone("metacarpal_3", (0, 100), (0, 20))
    assert joint_space(first, bone("proximal_phalanx_3", (0, 16), (0, -30))) == pytest.approx(4)
    assert joint_space(first, bone("proximal_phalanx_3", (0, 23), (0, -30))) == pytest.approx(-3)
    assert joint_space(first, bone("proximal_phalanx_3", (3, 16), (3, -30))) == pytest.approx(4)
    assert np.isnan(joint_space(first, bone("proximal_phalanx_3", (0, 16), (0, 60))))


def test_metacarpal_index_is_the_sum_of_lengths_over_that_of_widths() -> None:
    four = {f"metacarpal_{ray}": bone(f"metacarpal_{ray}", (0, 10 * ray), (0, 100)) for ray in (2, 3, 4, 5)}
    assert metacarpal_index(four) == pytest.approx((80 + 70 + 60 + 50) / 40)
    measured = Measurements(tuple(four.values()), CarpalMeasurement(0.0, 0, NAN))
    assert scale_free_values(measured)["hand.metacarpal_index"] == pytest.approx(6.5)
    del four["metacarpal_4"]
    assert np.isnan(metacarpal_index(four))


def test_ulnar_variance_is_taken_along_the_radius() -> None:
    def forearm(name: str, start: tuple[float, float], end: tuple[float, float]) -> BoneMeasurement:
        return dataclasses.replace(bone(name, start, end), shaft_endpoints=(start, end))

    radius = forearm("radius", (0, 100), (0, 50))
    assert ulnar_variance(forearm("ulna", (-20, 100), (-20, 55)), radius) == pytest.approx(-5)
    assert ulnar_variance(forearm("ulna", (-20, 100), (-23, 47)), radius) == pytest.approx(3)
    pair = (radius, forearm("ulna", (-20, 100), (-20, 55)))
    measured = Measurements(pair, CarpalMeasurement(0.0, 0, NAN), hand_scale_px=100.0)
    assert scale_free_values(measured)["ulna.variance_ratio"] == pytest.approx(-0.05)
    assert "ulna.variance_ratio" not in scale_free_values(dataclasses.replace(measured, bones=pair[1:]))


def test_fusion_and_sesamoid_are_handed_on(hand: Measurements) -> None:
    closed = dataclasses.replace(hand.bones[0], fusion=0.9)
    values = scale_free_values(dataclasses.replace(hand, bones=(closed,), sesamoid_contrast=0.3))
    assert values["metacarpal_3.fusion"] == 0.9
    assert values["sesamoid.contrast"] == 0.3
    assert "sesamoid.contrast" not in scale_free_values(hand)


def test_registry_is_complete_and_ordered(hand: Measurements) -> None:
    assert all(name == f"{entry.bone}.{entry.kind.name}" for name, entry in DEFINITIONS.items())
    assert len(DEFINITIONS) == sum(len(kind.bones) for kind in KINDS)
    assert all(kind.unit and kind.formula and kind.description.endswith(".") for kind in KINDS)
    names = list(scale_free_values(hand))
    assert names == sorted(names, key=list(DEFINITIONS).index)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("metacarpal_3", None),
        ("radius", None),
        ("proximal_phalanx_1", "metacarpal_1"),
        ("distal_phalanx_1", "proximal_phalanx_1"),
        ("middle_phalanx_4", "proximal_phalanx_4"),
        ("distal_phalanx_4", "middle_phalanx_4"),
    ],
)
def test_proximal_neighbours(name: str, expected: str | None) -> None:
    assert proximal_neighbour(name) == expected
