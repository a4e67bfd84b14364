"""Several films of one child: the change of bone age, its error, and when there is none."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex

from boneage.errors import Refusal, UsageError
from boneage.follow_up import (
    DRIFT_SD_PER_YEAR,
    REPEATABILITY_SD,
    REPEATABILITY_SD_95,
    Change,
    ChildVisit,
    change,
    changes,
    in_order,
    read_result,
    visit_of,
)
from boneage.result import BoneAge, Chronological, Model, ReaderCorrection, Reason, Reference, Software


def visit(own: float | None, months: float, **fields: object) -> ChildVisit:
    """A girl's visit."""
    start = ChildVisit("film", own, BoneAge(months, (months - 11, months + 11), "combined"), "F", sha256=f"{own}")
    return replace(start, **fields)  # type: ignore[arg-type]


def refusal_of(one: ChildVisit, other: ChildVisit) -> str:
    with pytest.raises(Refusal) as caught:
        change(one, other)
    return caught.value.code


def test_the_change_for_each_year_and_its_error() -> None:
    found = change(visit(100.0, 96.0), visit(112.0, 114.0))
    assert (found.own_months, found.bone_age_months, found.per_year) == (12.0, 18.0, 1.5)
    sd = math.hypot(REPEATABILITY_SD["combined"] * math.sqrt(2), DRIFT_SD_PER_YEAR)
    assert found.sd_months == pytest.approx(sd)
    assert found.interval_95 == pytest.approx((1.5 - 1.96 * sd / 12, 1.5 + 1.96 * sd / 12), abs=1e-4)
    assert found.warnings == ()


def test_the_error_shrinks_with_the_time_between_and_follows_the_methods() -> None:
    def width(own: float, method: str = "combined") -> float:
        age = BoneAge(120.0, (110.0, 130.0), method)  # type: ignore[arg-type]
        found = change(visit(100.0, 96.0, bone_age=age), visit(100.0 + own, 120.0))
        return found.interval_95[1] - found.interval_95[0]

    assert width(24.0) < width(12.0) < width(6.0)
    assert width(240.0) == pytest.approx(2 * 1.96 * DRIFT_SD_PER_YEAR / 12, rel=0.01)
    measured, combined = REPEATABILITY_SD["measurement"], REPEATABILITY_SD["combined"]
    assert width(12.0, "measurement") == pytest.approx(
        width(12.0)
        * math.hypot(measured, combined, DRIFT_SD_PER_YEAR)
        / math.hypot(combined, combined, DRIFT_SD_PER_YEAR)
    )


def test_a_time_just_too_short_is_not_rounded_up_to_the_least() -> None:
    with pytest.raises(Refusal, match=r"2\.9 months apart, and less than 3"):
        change(visit(100.0, 96.0), visit(102.97, 99.0))


def test_an_age_in_whole_years_tells_no_change() -> None:
    assert refusal_of(visit(96.0, 96.0, age_in_whole_years=True), visit(112.0, 114.0)) == "visit_age_in_whole_years"
    own = Chronological(96.0, in_whole_years=True)
    assert visit_of(replace(fake_reading().result, chronological=own), name="a").age_in_whole_years
    assert not visit_of(fake_reading().result, name="a").age_in_whole_years


def test_the_drift_is_that_of_the_published_figures() -> None:
    with (Path(__file__).parents[1] / "docs" / "devtest" / "results.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if (row["route"], row["metric"]) == ("answer", "bias")]
    bias = {row["group"]: float(row["value"]) for row in rows}
    assert (bias["under 4 y"] - bias["16 y and over"]) / 14 == pytest.approx(DRIFT_SD_PER_YEAR, abs=0.1)


def test_the_order_in_which_they_are_given_does_not_matter() -> None:
    one, other = visit(100.0, 96.0), visit(112.0, 114.0)
    assert change(other, one) == change(one, other)
    assert change(one, other).first is one


def test_a_bone_age_may_go_back() -> None:
    assert change(visit(100.0, 96.0), visit(112.0, 93.0)).per_year == pytest.approx(-0.25)


def test_without_both_ages_there_is_no_rate() -> None:
    assert refusal_of(visit(None, 96.0, name="a"), visit(112.0, 114.0)) == "visit_age_missing"
    assert refusal_of(visit(100.0, 96.0), visit(None, 114.0)) == "visit_age_missing"


@pytest.mark.parametrize(("apart", "refused"), [(0.0, True), (2.9, True), (3.0, False)])
def test_visits_under_three_months_apart_give_no_rate(apart: float, refused: bool) -> None:
    one, other = visit(100.0, 96.0), visit(100.0 + apart, 97.0, sha256="other")
    if refused:
        assert refusal_of(one, other) == "visits_too_close"
    else:
        assert change(one, other).own_months == pytest.approx(apart)


def test_one_film_is_not_two_visits() -> None:
    assert refusal_of(visit(100.0, 96.0, sha256="ab"), visit(112.0, 96.0, sha256="ab")) == "visits_of_one_film"


def test_a_bound_is_no_number() -> None:
    grown = BoneAge(200.0, (180.0, 228.0), "combined", "at_or_above", 186.0)
    assert refusal_of(visit(100.0, 96.0), visit(190.0, 200.0, bone_age=grown)) == "visit_bound"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sex": "M"}, "visits_sex_differs"),
        ({"version": "0.2"}, "visits_version_differs"),
        ({"references": ("rsna-train 2",)}, "visits_reference_differs"),
        ({"calibration": "ab"}, "visits_calibration_differs"),
        ({"networks": ("segmentation ff",)}, "visits_networks_differ"),
        ({"corrected": True}, "visits_corrected"),
        ({"bone_age": BoneAge(114.0, (100.0, 128.0), "regression")}, "visits_method_differs"),
    ],
)
def test_what_makes_two_visits_hard_to_compare_is_said(fields: dict[str, object], code: str) -> None:
    found = change(visit(100.0, 96.0), visit(112.0, 114.0, **fields))
    assert [warning.code for warning in found.warnings] == [code]
    assert found.warnings[0].severity == "warning"


def test_a_row_of_visits_is_put_in_order_and_each_step_answered() -> None:
    row = [visit(124.0, 130.0), visit(None, 99.0), visit(100.0, 96.0), visit(101.0, 98.0)]
    assert [one.age_months for one in in_order(row)] == [100.0, 101.0, 124.0]
    close, rate = changes(row)
    assert isinstance(close, Reason)
    assert close.code == "visits_too_close"
    assert isinstance(rate, Change)
    assert rate.per_year == pytest.approx(32 / 23)


def test_a_result_as_a_visit() -> None:
    result = replace(
        fake_reading().result,
        software=Software(
            "0.3", (Model("b", "2"), Model("a", "1")), (Reference("of SD scores", "5"), Reference("rsna-train", "1"))
        ),
    )
    found = visit_of(result, name="film.dcm")
    assert (found.name, found.age_months, found.sex, found.sds) == ("film.dcm", 118.0, "F", 0.6)
    assert found.bone_age == result.bone_age
    assert (found.networks, found.references, found.version) == (("a 1", "b 2"), ("rsna-train 1",), "0.3")
    assert not found.corrected
    assert visit_of(replace(result, reader_correction=ReaderCorrection(comment="x")), name="f").corrected
    assert visit_of(fake_reading(own=None).result, name="f").age_months is None


def test_of_two_answers_the_one_of_the_sex_is_taken_and_none_without_it() -> None:
    result = fake_unknown_sex().result
    assert visit_of(result, name="f", sex="M").bone_age.months == 140.0
    with pytest.raises(Refusal) as caught:
        visit_of(result, name="f")
    assert caught.value.code == "visit_sex_unknown"


def test_a_known_sex_is_not_overruled() -> None:
    assert visit_of(fake_reading().result, name="f", sex="M").sex == "F"


@pytest.mark.parametrize("result", [fake_refusal().result, fake_error().result])
def test_a_film_without_an_age_is_no_visit(result: object) -> None:
    with pytest.raises(Refusal) as caught:
        visit_of(result, name="knee.png")  # type: ignore[arg-type]
    assert caught.value.code == "visit_without_age"
    assert "knee.png" in caught.value.message


def test_a_result_is_read_back_from_its_json() -> None:
    result = fake_reading().result
    back = read_result(result.to_json().encode())
    assert visit_of(back, name="f") == visit_of(result, name="f")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[]", b"{}", b'{"schema_version": "9.0"}', b'{"schema_version": "1.0"}', b"7"]
)
def test_what_is_no_result_is_a_typed_error(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_result(data)
    assert caught.value.code == "bad_result_json"


def test_a_damaged_result_is_a_typed_error() -> None:
    data = fake_reading().result.to_dict()
    data["bone_age"] = 7
    with pytest.raises(UsageError):
        read_result(json.dumps(data).encode())


def test_the_repeatability_is_the_documents(project_root: Path) -> None:
    """Measure again with another network, and the numbers here must follow (`REPEATABILITY_SD`)."""
    text = (project_root / "docs" / "measurements.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| all \|.*$", text, re.MULTILINE)
    figures = re.findall(r"([\d.]+) \(([\d.]+)–([\d.]+)\)", row)
    assert list(REPEATABILITY_SD.values()) == [float(sd) for sd, _, _ in figures]
    assert list(REPEATABILITY_SD_95.values()) == [(float(low), float(high)) for _, low, high in figures]
