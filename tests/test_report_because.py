"""The sentence that says why."""

from __future__ import annotations

from boneage.report.because import because, part_weights
from boneage.result import (
    AgeByMeasurement,
    AgeByRegression,
    AgeOfBone,
    BoneAge,
    Contribution,
    Estimates,
    RegionOfRegression,
    SexAnswer,
)

PARTS = (
    Contribution("radius.length_ratio", 1.0, 1.0, 0.0, 0.1),
    Contribution("carpals.area_share", 1.0, 1.0, 0.0, 0.35),
    Contribution("radius.epiphysis_width_ratio", 1.0, 1.0, 0.0, 0.3),
    Contribution("metacarpal_1.gap_ratio", 1.0, 1.0, 0.0, 0.05),
    Contribution("middle_phalanx_2.gap_ratio", 1.0, 1.0, 0.0, 0.2),
)
ALONE = tuple(
    AgeOfBone(bone, months, (months - 30, months + 30))
    for bone, months in (("metacarpal_1", 90.0), ("radius", 120.0), ("carpals", 108.0), ("middle_phalanx_2", 132.0))
)
MEASURED = AgeByMeasurement(118.0, (100.0, 136.0), "rsna", PARTS, bone_ages=ALONE)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def answer(measured: AgeByMeasurement | None, direct: AgeByRegression | None) -> SexAnswer:
    return SexAnswer(BoneAge(118.0, (100.0, 136.0), "combined"), Estimates(measured, direct))


def test_weights_of_a_bone_are_added() -> None:
    weights = part_weights(MEASURED)
    assert list(weights) == ["radius", "carpals", "middle_phalanx_2", "metacarpal_1"]
    assert abs(weights["radius"] - 0.4) < 1e-9


def test_both_routes_and_the_heaviest_bones_are_said() -> None:
    said = because(answer(MEASURED, AgeByRegression(123.0, (100.0, 140.0))))
    assert said == (
        "The direct regression says 10 y 3 mo, the bones say 9 y 10 mo, because "
        "Radius (40 % of the weight) alone says 10 y 0 mo, Carpals (35 % of the weight) alone says 9 y 0 mo, "
        "Middle phalanx 2 (index) (20 % of the weight) alone says 11 y 0 mo."
    )


def test_regions_are_named_by_how_far_they_move_the_answer() -> None:
    months = {"wrist": 6.2, "mcp_2": -3.0, "pip_3": 1.4, "dip_5": -9.0, "mcp_4": 0.2}
    regions = tuple(RegionOfRegression(name, value, CORNERS) for name, value in months.items())
    said = because(answer(None, AgeByRegression(123.0, (100.0, 140.0), regions)))
    assert said.startswith("The direct regression says 10 y 3 mo, because the regression rests most on ")
    assert "DIP 5 (little) −9, Wrist +6, MCP 2 (index) −3 months" in said
    assert "PIP 3" not in said


def test_regions_that_hardly_matter_are_not_named() -> None:
    regions = (RegionOfRegression("wrist", 0.4, CORNERS),)
    said = because(answer(None, AgeByRegression(123.0, (100.0, 140.0), regions)))
    assert said.endswith("hiding any one region hardly moves the regression.")


def test_a_route_without_reasons_is_said_plainly() -> None:
    assert because(answer(None, AgeByRegression(120.0, (100.0, 140.0)))) == "The direct regression says 10 y 0 mo."
    assert because(answer(None, None)) == ""
